"""The pages on which papers are proposed for reading."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common import rate_limits
from common.methods import require_page
from groups import access
from groups.choosing import nominations, pool
from groups.forms.choosing import NominationForm, PaperNominationForm
from papers.lists.forms import page_number
from papers.models import Paper

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest
    from groups.access import Visit
    from groups.models import Nomination

PER_PAGE = 50
NOMINATE = rate_limits.RateLimit("nominate", per_minute=4, burst=10)

_OWN_OR_ORGANISER = "Only whoever nominated a paper, or an organiser, withdraws it."


@require_safe
@login_not_required
def nomination_list(request: HtmxRequest, slug: str) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    page = page_number(request)
    rows = pool.standing(visit, PER_PAGE + 1, start=(page - 1) * PER_PAGE)
    context = {
        "visit": visit,
        "rows": rows[:PER_PAGE],
        "page": page,
        "has_next": len(rows) > PER_PAGE,
        "may_nominate": visit.is_full and not visit.group.is_closed,
        "most": nominations.MAX_STANDING,
        "rounds_kept": visit.group.cycle.rounds_kept,
    }
    return render(request, "groups/nomination_list.html", context)


@require_page
def nomination_create(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_full_member(request.user, slug)
    access.require_running(visit)
    if request.method != "POST":
        form = NominationForm(initial={"paper": request.GET.get("paper", "")[:500]})
        return _form_page(request, visit, form)
    form = NominationForm(request.POST)
    if not form.is_valid():
        return _form_page(request, visit, form, status=422)
    rate_limits.spend(request, NOMINATE)
    typed = form.cleaned_data
    try:
        paper = nominations.find_paper(typed.pop("paper"))
        nominations.nominate(group=visit.group, paper=paper, member=request.user, **typed)
    except nominations.NominationRefusedError as refusal:
        form.add_error("paper", str(refusal))
        return _form_page(request, visit, form, refusal, status=422)
    messages.success(request, "Nominated. It stands on the next ballot that has room for it.")
    return redirect("groups:nomination_list", slug)


def _form_page(
    request: MemberRequest,
    visit: Visit,
    form: NominationForm,
    refusal: nominations.NominationRefusedError | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"visit": visit, "form": form}
    if isinstance(refusal, nominations.UnknownPaperError):
        context["unknown"] = form.data["paper"]
    if isinstance(refusal, nominations.AlreadyNominatedError):
        found = pool.get_nomination(visit, refusal.nomination.pk)
        context["existing"] = pool.row_of(visit, found)
    return render(request, "groups/nomination_form.html", context, status=status)


@require_page
def nomination_second(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Second a nomination (`second=yes`), or take that back (`second=none`).

    A member who comes by GET is asked to press.
    """
    visit = access.get_visit_as_full_member(request.user, slug)
    access.require_running(visit)
    nomination = pool.get_nomination(visit, pk)
    wanted = request.POST.get("second")
    if wanted not in {"yes", "none"}:
        return _ask_to_second(request, visit, nomination)
    rate_limits.spend(request, rate_limits.VOTE)
    try:
        if wanted == "yes":
            nominations.second(nomination_id=pk, member=request.user)
        else:
            nominations.take_back_second(nomination_id=pk, member=request.user)
    except nominations.NominationRefusedError as refusal:
        return _ask_to_second(request, visit, nomination, refusal=str(refusal))
    if request.htmx:
        row = pool.row_of(visit, pool.get_nomination(visit, pk))
        return render(request, "groups/_second.html", {"visit": visit, "row": row})
    return redirect(f"{reverse('groups:nomination_list', args=[slug])}#nomination-{pk}")


def _ask_to_second(
    request: MemberRequest, visit: Visit, nomination: Nomination, *, refusal: str = ""
) -> HttpResponse:
    status = HTTPStatus.OK if request.method != "POST" else HTTPStatus.UNPROCESSABLE_ENTITY
    row = pool.row_of(visit, nomination)
    context = {"visit": visit, "row": row, "refusal": refusal}
    if request.htmx:
        return render(request, "groups/_second.html", context, status=status)
    return render(request, "groups/nomination_second.html", context, status=status)


@require_page
def nomination_withdraw(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Ask first, then withdraw."""
    visit = access.get_visit_as_full_member(request.user, slug)
    nomination = pool.get_nomination(visit, pk)
    if not pool.may_withdraw(visit, nomination):
        raise PermissionDenied(_OWN_OR_ORGANISER)
    access.require_running(visit)
    if request.method != "POST":
        context = {"visit": visit, "row": pool.row_of(visit, nomination)}
        return render(request, "groups/nomination_withdraw.html", context)
    try:
        nominations.withdraw(nomination_id=pk, by=request.user)
    except nominations.NominationRefusedError as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, "Withdrawn. It can be nominated anew.")
    return redirect("groups:nomination_list", slug)


@require_page
def paper_nominate(request: MemberRequest, external_id: str) -> HttpResponse:
    """Nominate a paper from its page, for one of the member's groups."""
    paper = get_object_or_404(Paper, external_id=external_id)
    if request.method != "POST":
        start = request.GET.get("group", "")[:40]
        form = PaperNominationForm(member=request.user, paper=paper, start=start)
        return _paper_page(request, paper, form)
    form = PaperNominationForm(request.POST, member=request.user, paper=paper)
    if not form.is_valid():
        return _paper_page(request, paper, form, status=422)
    rate_limits.spend(request, NOMINATE)
    typed = form.cleaned_data
    try:
        nominations.nominate(paper=paper, member=request.user, **typed)
    except nominations.NominationRefusedError as refusal:
        form.add_error("group", str(refusal))
        return _paper_page(request, paper, form, status=422)
    messages.success(request, f"Nominated for {typed['group'].name}.")
    return redirect("groups:nomination_list", typed["group"].slug)


def _paper_page(
    request: MemberRequest, paper: Paper, form: PaperNominationForm, *, status: int = 200
) -> HttpResponse:
    context = {"paper": paper, "form": form}
    return render(request, "groups/paper_nominate.html", context, status=status)
