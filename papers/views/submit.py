"""Submitting a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect

from common import rate_limits
from common.form_views import posted, show_form
from common.methods import require_page
from common.refusals import refusal_on
from papers import submitting
from papers.forms import SubmitForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import MemberRequest


@require_page
def submit(request: MemberRequest) -> HttpResponse:
    form = SubmitForm(posted(request), initial={"text": request.GET.get("text", "")[:500]})
    if form.is_valid():
        rate_limits.spend(request, rate_limits.SUBMIT)
        with refusal_on(form, "text"):
            submitted = submitting.submit(text=form.cleaned_data["text"], member=request.user)
            if submitted.created:
                messages.success(request, "Thank you. The paper is on today’s list.")
            else:
                messages.info(request, "This paper is already here.")
            return redirect(submitted.paper)
    return show_form(request, "papers/submit_form.html", form)
