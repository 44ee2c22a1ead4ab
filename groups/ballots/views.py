"""Views of the ballot, its file, nominations, and an organiser's pick."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common import rate_limits
from common.form_views import ask, posted, show_form, show_page
from common.methods import require_page
from common.refusals import Refused, refusal_on
from groups import access, limits
from groups.ballots import ballot_file as files
from groups.ballots import ballots, nominations, picking, pool
from groups.ballots.forms import NominationForm, PaperNominationForm, PickForm, VoteForm
from groups.ballots.models import Ballot, Candidate
from groups.ballots.page import ballot_panel
from papers.lists.forms import page_number
from papers.models import Paper

if TYPE_CHECKING:
    from datetime import date

    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest
    from groups.access import Visit
    from groups.ballots.models import Nomination
    from groups.schedule.models import Meeting
    from papers.sources import Ref


# The number of nominations offered to the organiser.
SHOWN_TO_PICK = 30


CAST = rate_limits.RateLimit("ballot", per_minute=20, burst=20)


@require_page
@login_not_required
def ballot_page(request: HtmxRequest, slug: str, day: date) -> HttpResponse:
    """Show a ballot or its result; on POST, vote (`act=cast`) or delete the vote (`act=none`)."""
    if request.method == "POST" and not request.user.is_authenticated:
        # Before any lookup: the same for an address that does not exist.
        return redirect_to_login(request.path)
    visit = access.get_visit(request.user, slug)
    meeting = access.get_meeting(visit, day)
    if request.method == "POST":
        return _vote(cast("MemberRequest", request), slug, meeting)
    if meeting.occurs_on != day:
        return redirect("groups:ballot_page", slug, meeting.occurs_on)
    return _page(request, visit, meeting)


def _vote(request: MemberRequest, slug: str, meeting: Meeting) -> HttpResponse:
    visit = access.get_visit_as_full_member(request.user, slug)
    access.require_running(visit)
    rate_limits.spend(request, CAST)
    ballot = Ballot.objects.filter(meeting=meeting).first()
    if ballot is None:
        return _page(request, visit, meeting, is_refused=True)
    numbers = Candidate.objects.filter(ballot=ballot).values_list("number", flat=True)
    form = VoteForm(request.POST, numbers=list(numbers), is_ranked=ballot.is_ranked)
    try:
        said = _cast_or_withdraw(request, ballot, form)
    except Refused as refusal:
        form.error = str(refusal)
        return _page(request, visit, meeting, form=form, is_refused=True)
    if request.htmx:
        return _page(request, visit, meeting, notice=said)
    messages.success(request, said)
    return redirect("groups:ballot_page", slug, meeting.occurs_on)


def _cast_or_withdraw(request: MemberRequest, ballot: Ballot, form: VoteForm) -> str:
    if request.POST.get("act") == "none":
        ballots.withdraw_slip(ballot_id=ballot.pk, member=request.user)
        return "Your ballot was withdrawn. You can vote again until the ballot closes."
    if form.error:
        raise Refused(form.error)
    ballots.cast(
        ballot_id=ballot.pk,
        member=request.user,
        choices=form.choices,
        will_come=form.will_come,
    )
    return "Your vote is recorded."


def _page(
    request: HtmxRequest,
    visit: Visit,
    meeting: Meeting,
    *,
    form: VoteForm | None = None,
    notice: str = "",
    is_refused: bool = False,
) -> HttpResponse:
    """Render the page; for htmx, which replaces only the ballot, the partial."""
    panel = ballot_panel(visit, meeting, form=form, notice=notice)
    context = {"visit": visit, "meeting": meeting, "ballot": panel}
    is_part = panel is not None and request.htmx.target == f"ballot-{meeting.pk}"
    template = "groups/_ballot_panel.html" if is_part else "groups/ballot_page.html"
    return show_page(request, template, context, is_refused=is_refused)


@require_page
def ballot_pick(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Let an organiser pick a meeting's paper."""
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    form = PickForm(posted(request))
    if request.method == "POST":
        rate_limits.spend(request, limits.RUN)
    if form.is_valid():
        said = form.cleaned_data
        with refusal_on(form, "paper"):
            if said["nomination"]:
                paper = pool.get_nomination(visit, said["nomination"]).paper
            else:
                paper = nominations.find_paper(said["paper"])
            picking.pick(meeting=meeting, paper=paper, by=request.user, reason=said["reason"])
            messages.success(request, "The paper is set, and members are notified.")
            return redirect(meeting)
    panel = ballot_panel(visit, meeting)
    rows = pool.standing(visit, SHOWN_TO_PICK)
    context = {"visit": visit, "meeting": meeting, "rows": rows, "ballot": panel}
    return show_form(request, "groups/ballot_pick.html", form, **context)


@require_safe
@login_not_required
def ballot_file(request: HtmxRequest, slug: str, day: date) -> HttpResponse:
    """Send the file of a closed ballot to anybody who may see the group."""
    visit = access.get_visit(request.user, slug)
    meeting = access.get_meeting(visit, day)
    ballot = Ballot.objects.filter(meeting=meeting, closed_at__isnull=False).first()
    if ballot is None:
        raise Http404("There is no closed ballot for this meeting.")
    ballot.meeting = meeting
    text = json.dumps(files.file_of(ballot), ensure_ascii=False, indent=1)
    name = f"ballot-{visit.group.slug}-{meeting.occurs_on}.json"
    return HttpResponse(
        text,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


PER_PAGE = 50


NOMINATE = rate_limits.RateLimit("nominate", per_minute=4, burst=10)


_OWN_OR_ORGANISER = "Only the member who nominated a paper, or an organiser, can withdraw it."


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
    initial = {"paper": request.GET.get("paper", "")[:500]}
    form = NominationForm(posted(request), initial=initial)
    context: dict[str, Any] = {"visit": visit}
    if form.is_valid():
        rate_limits.spend(request, NOMINATE)
        typed = dict(form.cleaned_data)
        with refusal_on(form, "paper"):
            try:
                paper = nominations.find_paper(typed.pop("paper"))
                nominations.nominate(group=visit.group, paper=paper, member=request.user, **typed)
            except nominations.UnknownPaperError:
                context["unknown"] = form.data["paper"]
                raise
            except nominations.AlreadyNominatedError as refusal:
                found = pool.get_nomination(visit, refusal.nomination.pk)
                context["existing"] = pool.row_of(visit, found)
                raise
            words = "Nominated. It goes on the next ballot with room for it."
            messages.success(request, words)
            return redirect("groups:nomination_list", slug)
    return show_form(request, "groups/nomination_form.html", form, **context)


@require_page
def nomination_second(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Second a nomination (`second=yes`), or remove the second (`second=none`).

    A GET by a member shows a button.
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
            nominations.remove_second(nomination_id=pk, member=request.user)
    except Refused as refusal:
        return _ask_to_second(request, visit, nomination, refusal=str(refusal))
    if request.htmx:
        row = pool.row_of(visit, pool.get_nomination(visit, pk))
        return render(request, "groups/_second.html", {"visit": visit, "row": row})
    return redirect(f"{reverse('groups:nomination_list', args=[slug])}#nomination-{pk}")


def _ask_to_second(
    request: MemberRequest, visit: Visit, nomination: Nomination, *, refusal: str = ""
) -> HttpResponse:
    template = "groups/_second.html" if request.htmx else "groups/nomination_second.html"
    row = pool.row_of(visit, nomination)
    return ask(request, template, visit=visit, row=row, refusal=refusal)


@require_page
def nomination_withdraw(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for confirmation, then withdraw."""
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
    except Refused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, "Withdrawn. It can be nominated again.")
    return redirect("groups:nomination_list", slug)


@require_page
def paper_nominate(request: MemberRequest, ref: Ref) -> HttpResponse:
    """Nominate a paper from its page, for one of the member's groups."""
    paper = get_object_or_404(Paper.objects.at(ref))
    start = request.GET.get("group", "")[:40]
    form = PaperNominationForm(posted(request), member=request.user, paper=paper, start=start)
    if form.is_valid():
        rate_limits.spend(request, NOMINATE)
        typed = form.cleaned_data
        with refusal_on(form, "group"):
            nominations.nominate(paper=paper, member=request.user, **typed)
            messages.success(request, f"Nominated for {typed['group'].name}.")
            return redirect("groups:nomination_list", typed["group"].slug)
    return show_form(request, "groups/paper_nominate.html", form, paper=paper)
