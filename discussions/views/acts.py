"""What was done, in the open, and what its subject says against it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms import AppealForm
from accounts.suspending import AppealRefusedError
from common.methods import require_page
from discussions.models import Act
from discussions.moderating import act_log, appeals, moderation
from discussions.views import paging

if TYPE_CHECKING:
    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest


@require_safe
@login_not_required
def moderation_log(request: HtmxRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    if kind and kind not in Act.Kind.values:
        raise Http404("The log has no such part.")
    url = reverse("discussions:moderation_log")
    before = paging.start_of(request)
    page = act_log.entries(request.user, kind=kind, before=before)
    query = {"kind": kind} if kind else {}
    context = {
        "page": page,
        "before": before,
        "kind": kind,
        "kinds": Act.Kind.choices,
        "newest_url": f"{url}?{urlencode(query)}" if query else url,
        "older_url": f"{url}?{urlencode(query | {'before': page.older})}" if page.older else "",
    }
    return render(request, "discussions/moderation_log.html", context)


@require_safe
@login_not_required
def act_page(request: HtmxRequest, pk: int) -> HttpResponse:
    return _page(request, act_log.get_entry(request.user, pk), AppealForm())


@require_page
def act_appeal(request: MemberRequest, pk: int) -> HttpResponse:
    entry = act_log.get_entry(request.user, pk)
    if entry.act.member_id != request.user.pk:
        raise PermissionDenied("Only the member concerned appeals.")
    form = AppealForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return _page(request, entry, form)
    try:
        appeals.appeal_act(act=entry.act, member=request.user, text=form.cleaned_data["text"])
    except AppealRefusedError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, entry, form)
    messages.success(request, "Your appeal is with the moderators.")
    return redirect(entry.act)


def _page(request: HtmxRequest, entry: act_log.Entry, form: AppealForm) -> HttpResponse:
    reader = request.user
    act = entry.act
    # That somebody reported them in vain, nobody is told.
    is_concerned = act.member_id == reader.pk and act.kind != Act.Kind.DISMISS
    context = {
        "entry": entry,
        "act": act,
        "form": form,
        "is_concerned": reader.is_authenticated and is_concerned,
        "is_moderator": reader.is_authenticated and reader.is_moderator,
        "may_appeal": reader.is_authenticated and appeals.may_appeal(act=act, member=reader),
        "may_be_undone": act.kind in moderation.UNDOING and entry.undone_by is None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "discussions/act_page.html", context, status=status)
