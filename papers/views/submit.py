"""Submitting a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render

from common import rate_limits
from common.methods import require_page
from papers import submitting
from papers.forms import SubmitForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import MemberRequest


@require_page
def submit(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        form = SubmitForm(initial={"text": request.GET.get("text", "")[:500]})
        return _form_page(request, form)
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    rate_limits.spend(request, rate_limits.SUBMIT)
    try:
        submitted = submitting.submit(text=form.cleaned_data["text"], member=request.user)
    except submitting.SubmissionError as refusal:
        form.add_error("text", str(refusal))
        return _form_page(request, form, status=422)
    if submitted.created:
        messages.success(request, "Thank you. The paper is on today’s list.")
    else:
        messages.info(request, "This paper is already here.")
    return redirect(submitted.paper)


def _form_page(request: MemberRequest, form: SubmitForm, *, status: int = 200) -> HttpResponse:
    return render(request, "papers/submit_form.html", {"form": form}, status=status)
