"""The page that a suspended member sees at sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect

from accounts.suspensions import suspensions
from accounts.suspensions.forms import AppealForm
from common.form_views import posted, show_form
from common.methods import require_page
from common.refusals import refusal_on

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_page
@login_not_required
def suspended(request: HttpRequest) -> HttpResponse:
    """Show the end and reason of a suspension to the member, who has proved their identity."""
    if request.user.is_authenticated:
        return redirect("/")
    member = suspensions.remembered(request)
    if member is None:
        return redirect("account_login")
    form = AppealForm(posted(request))
    if form.is_bound and form.is_valid():
        with refusal_on(form):
            suspensions.appeal(member=member, text=form.cleaned_data["text"])
            return redirect("accounts:suspended")
    notice = suspensions.notice_for(member)
    return show_form(request, "accounts/suspended.html", form, member=member, notice=notice)
