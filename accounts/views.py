"""A member's own pages. What allauth shows is in sign_in_urls.py and entrance.py."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from allauth.account.internal.stagekit import unstash_login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts import appearance as appearances
from accounts import profiles, queries, redirects, sessions, sign_ups, suspending
from accounts.contributions import actions_for, sections_for
from accounts.forms import AppealForm, AppearanceForm, ProfileForm, TimeZoneForm
from accounts.models import User
from common.form_views import posted, show_form
from common.methods import require_page
from common.refusals import refusal_on

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.http import MemberRequest


@require_safe
@login_not_required
def profile_page(request: HttpRequest, username: str) -> HttpResponse:
    member = get_object_or_404(User.objects.present().looking_like(username))
    if member.username != username:
        return redirect(member)
    context = {
        "member": member,
        "sections": sections_for(member, request.user),
        "actions": actions_for(member, request.user),
    }
    return render(request, "accounts/profile_page.html", context)


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


@require_POST
@login_not_required
def sign_up_again(request: HttpRequest) -> HttpResponse:
    """Start over after a mistyped address.

    The same for an address that has an account and for one that has none.
    """
    login = unstash_login(request, peek=True)
    if login and login.signup and login.user:
        sign_ups.withdraw_sign_up(user=login.user)
    next_url = redirects.local_next(request, otherwise="")
    logout(request)
    query = f"?{urlencode({'next': next_url})}" if next_url else ""
    return redirect(f"{reverse('account_signup')}{query}")


@require_page
@login_not_required
def suspended(request: HttpRequest) -> HttpResponse:
    """Say until when and why, to whoever proved that the suspended account is theirs."""
    if request.user.is_authenticated:
        return redirect("/")
    member = suspending.remembered(request)
    if member is None:
        return redirect("account_login")
    form = AppealForm(posted(request))
    if form.is_valid():
        with refusal_on(form):
            suspending.appeal(member=member, text=form.cleaned_data["text"])
            return redirect("accounts:suspended")
    context = {"member": member, "notice": suspending.notice_for(member)}
    return show_form(request, "accounts/suspended.html", form, **context)


@require_safe
def settings_home(request: MemberRequest) -> HttpResponse:
    return redirect("accounts:profile_settings")


@require_page
def profile_settings(request: MemberRequest) -> HttpResponse:
    fields = ["full_name", "biography", "links", "orcid"]
    initial = {field: getattr(request.user, field) for field in fields}
    form = ProfileForm(posted(request), initial=initial)
    if form.is_valid():
        profiles.update_profile(user=request.user, **form.cleaned_data)
        return _saved(request, "Your profile is saved.", "accounts:profile_settings")
    return show_form(request, "accounts/profile_settings.html", form)


@require_page
def appearance_settings(request: MemberRequest) -> HttpResponse:
    form = AppearanceForm(posted(request), initial={"theme": request.user.appearance})
    if form.is_valid():
        theme = form.cleaned_data["theme"]
        appearances.choose_theme(user=request.user, theme=theme)
        response = _saved(request, "Saved.", "accounts:appearance_settings")
        appearances.remember_theme(response, theme)
        return response
    return show_form(request, "accounts/appearance_settings.html", form)


@require_page
def time_zone_settings(request: MemberRequest) -> HttpResponse:
    form = TimeZoneForm(posted(request), initial={"time_zone": request.user.time_zone})
    if form.is_valid():
        profiles.choose_time_zone(user=request.user, **form.cleaned_data)
        return _saved(request, "Your time zone is saved.", "accounts:time_zone_settings")
    return show_form(request, "accounts/time_zone_settings.html", form, now=timezone.now())


@require_safe
@sensitive_variables()
def security(request: MemberRequest) -> HttpResponse:
    overview = queries.security_of(request.user)
    return render(request, "accounts/security.html", {"security": overview})


@require_POST
def session_end(request: MemberRequest, pk: int) -> HttpResponse:
    if not sessions.end_session(user=request.user, pk=pk):
        raise Http404("That sign-in is over already.")
    return _saved(request, "That browser is signed out.", "usersessions_list")


def _saved(request: MemberRequest, message: str, url_name: str) -> HttpResponse:
    messages.success(request, message)
    return redirect(url_name)
