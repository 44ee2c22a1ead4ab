"""The vote for a meeting's paper: its page, its file, and what an organiser picks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common import rate_limits
from common.methods import require_page
from groups import access, limits
from groups.choosing import ballot_file as files
from groups.choosing import ballots, nominations, picking, pool
from groups.choosing.presenting import ballot_panel
from groups.forms.choosing import PickForm, VoteForm
from groups.models import Ballot, Candidate

if TYPE_CHECKING:
    from datetime import date

    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest
    from groups.access import Visit
    from groups.models import Meeting

# Of the nominations, those that an organiser is likely to pick.
SHOWN_TO_PICK = 30
CAST = rate_limits.RateLimit("ballot", per_minute=20, burst=20)


@require_page
@login_not_required
def ballot_page(request: HtmxRequest, slug: str, day: date) -> HttpResponse:
    """Show a ballot or its result; by POST, vote (`act=cast`) or take it back (`act=none`)."""
    if request.method == "POST" and not request.user.is_authenticated:
        # Before anything is looked up: the same for an address that is none.
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
        return _page(request, visit, meeting, status=422)
    numbers = Candidate.objects.filter(ballot=ballot).values_list("number", flat=True)
    form = VoteForm(request.POST, numbers=list(numbers), is_ranked=ballot.is_ranked)
    try:
        said = _cast_or_take_back(request, ballot, form)
    except ballots.BallotRefusedError as refusal:
        form.error = str(refusal)
        return _page(request, visit, meeting, form=form, status=422)
    if request.htmx:
        return _page(request, visit, meeting, notice=said)
    messages.success(request, said)
    return redirect("groups:ballot_page", slug, meeting.occurs_on)


def _cast_or_take_back(request: MemberRequest, ballot: Ballot, form: VoteForm) -> str:
    if request.POST.get("act") == "none":
        ballots.take_back(ballot_id=ballot.pk, member=request.user)
        return "Your ballot is taken back. You can vote again until the ballot closes."
    if form.error:
        raise ballots.BallotRefusedError(form.error)
    ballots.cast(
        ballot_id=ballot.pk,
        member=request.user,
        choices=form.choices,
        will_come=form.will_come,
    )
    return "Your ballot is in."


def _page(
    request: HtmxRequest,
    visit: Visit,
    meeting: Meeting,
    *,
    form: VoteForm | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the page; to htmx, which replaces the ballot alone, the ballot."""
    panel = ballot_panel(visit, meeting, form=form, notice=notice)
    context = {"visit": visit, "meeting": meeting, "ballot": panel}
    is_part = panel is not None and request.htmx.target == f"ballot-{meeting.pk}"
    template = "groups/_ballot_panel.html" if is_part else "groups/ballot_page.html"
    return render(request, template, context, status=status)


@require_page
def ballot_pick(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Let an organiser say what a meeting reads."""
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    form = PickForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        rate_limits.spend(request, limits.RUN)
        if form.is_valid() and _pick(request, visit, meeting, form):
            messages.success(request, "The paper is set, and the members are told.")
            return redirect(meeting)
    panel = ballot_panel(visit, meeting)
    rows = pool.standing(visit, SHOWN_TO_PICK)
    context = {"visit": visit, "meeting": meeting, "form": form, "rows": rows, "ballot": panel}
    return render(request, "groups/ballot_pick.html", context, status=status)


def _pick(request: MemberRequest, visit: Visit, meeting: Meeting, form: PickForm) -> bool:
    said = form.cleaned_data
    try:
        if said["nomination"]:
            paper = pool.get_nomination(visit, said["nomination"]).paper
        else:
            paper = nominations.find_paper(said["paper"])
        picking.pick(meeting=meeting, paper=paper, by=request.user, reason=said["reason"])
    except (nominations.NominationRefusedError, ballots.BallotRefusedError) as refusal:
        form.add_error("paper", str(refusal))
        return False
    return True


@require_safe
@login_not_required
def ballot_file(request: HtmxRequest, slug: str, day: date) -> HttpResponse:
    """Give a closed ballot to whoever may see the group."""
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
