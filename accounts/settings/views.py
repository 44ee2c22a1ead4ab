"""Views for appearance, time zone and the security overview."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts.profile import profiles
from accounts.settings import appearance as appearances
from accounts.settings import page
from accounts.settings.forms import AppearanceForm, TimeZoneForm
from accounts.sign_in import sessions
from common import redirects
from common.form_views import posted, show_form
from common.methods import require_page

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.http import MemberRequest


@require_POST
@login_not_required
def appearance(request: HttpRequest) -> HttpResponse:
    form = AppearanceForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Choose system, light or dark.", status=HTTPStatus.BAD_REQUEST)
    theme = form.cleaned_data["theme"]
    if request.user.is_authenticated:
        appearances.choose_theme(user=request.user, theme=theme)
    response = redirect(redirects.local_next(request, otherwise="/"))
    appearances.remember_theme(response, theme)
    return response


@require_safe
def settings_home(request: MemberRequest) -> HttpResponse:
    return redirect("accounts:profile_settings")


@require_page
def appearance_settings(request: MemberRequest) -> HttpResponse:
    form = AppearanceForm(posted(request), initial={"theme": request.user.appearance})
    if request.method == "POST" and form.is_valid():
        theme = form.cleaned_data["theme"]
        appearances.choose_theme(user=request.user, theme=theme)
        messages.success(request, "Saved.")
        response = redirect("accounts:appearance_settings")
        appearances.remember_theme(response, theme)
        return response
    return show_form(request, "accounts/appearance_settings.html", form)


@require_page
def time_zone_settings(request: MemberRequest) -> HttpResponse:
    form = TimeZoneForm(posted(request), initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        profiles.choose_time_zone(user=request.user, **form.cleaned_data)
        messages.success(request, "Time zone saved.")
        return redirect("accounts:time_zone_settings")
    return show_form(request, "accounts/time_zone_settings.html", form, now=timezone.now())


@require_safe
@sensitive_variables()
def security(request: MemberRequest) -> HttpResponse:
    overview = page.security_of(request.user)
    return render(request, "accounts/security.html", {"security": overview})


@require_POST
def session_end(request: MemberRequest, pk: int) -> HttpResponse:
    if not sessions.end_session(user=request.user, pk=pk):
        raise Http404("That session has already ended.")
    messages.success(request, "That browser was signed out.")
    return redirect("usersessions_list")
