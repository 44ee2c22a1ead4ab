"""Views of a member's profile and of its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.contributions import actions_for, sections_for
from accounts.models import User
from accounts.profile import profiles
from accounts.profile.forms import ProfileForm
from common.form_views import posted, show_form
from common.methods import require_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

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


@require_page
def profile_settings(request: MemberRequest) -> HttpResponse:
    fields = ["full_name", "biography", "links", "orcid", "shows_votes"]
    initial = {field: getattr(request.user, field) for field in fields}
    form = ProfileForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        profiles.update_profile(user=request.user, **form.cleaned_data)
        messages.success(request, "Profile saved.")
        return redirect("accounts:profile_settings")
    return show_form(request, "accounts/profile_settings.html", form)
