"""The effects of beginning a phase, carried out in the same transaction.

The caller holds a lock on the meeting's row. Events include the number of the change, so that a
cancelled and restored meeting that goes through a phase again notifies again.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from common.words import counted
from groups.attendance import answers
from groups.ballots import ballots, picking
from groups.ballots.models import Ballot
from groups.cycle import recaps, steps
from groups.cycle.models import Cycle
from groups.notices import notices, wording
from groups.notices.models import Notice
from groups.rota import seats
from groups.rota.models import Seat, SeatKind
from groups.schedule.models import Phase

if TYPE_CHECKING:
    from accounts.models import User
    from groups.ballots.ballots import BallotResult
    from groups.cycle.steps import Step
    from groups.schedule.models import Meeting


def carry_out(meeting: Meeting, step: Step) -> None:
    """Carry out the effects of a step, and notify the members concerned."""
    match step.to:
        case Phase.NOMINATING:
            _open_nominations(meeting)
        case Phase.VOTING:
            _open_ballot(meeting)
        case Phase.READY if step.source == Phase.VOTING:
            _close_ballot(meeting)
        case Phase.READY:
            _go_without(meeting)
        case Phase.HELD:
            recaps.give(meeting)


def _open_nominations(meeting: Meeting) -> None:
    until = meeting.ballot_opens_at
    if until is None or until <= timezone.now():
        # The worker was down: the ballot opens at once, with its own notice.
        return
    notices.give(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.NOMINATIONS,
        subject_id=meeting.pk,
        number=meeting.phase_number,
        words=(
            f"{meeting.group.name}: nominate papers for {wording.day(meeting)}, until "
            f"{wording.moment(until, meeting.zone)}."
        ),
        url=reverse("groups:nomination_list", args=[meeting.group.slug]),
    )


def _open_ballot(meeting: Meeting) -> None:
    ballot = ballots.open_ballot(meeting=meeting)
    number = ballot.candidates.count()
    if not number:
        _tell_organisers_of_empty(meeting)
        return
    until = meeting.ballot_closes_at or meeting.starts_at
    papers = counted(number, "paper")
    notices.give(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.BALLOT,
        subject_id=meeting.pk,
        number=meeting.phase_number,
        words=(
            f"{meeting.group.name}: vote for the paper of {wording.day(meeting)}. {papers} to "
            f"choose from, until {wording.moment(until, meeting.zone)}."
        ),
        url=reverse("groups:ballot_page", args=[meeting.group.slug, meeting.occurs_on]),
    )


def _close_ballot(meeting: Meeting) -> None:
    result = ballots.close_ballot(meeting=meeting)
    if result.winner is None:
        _tell_organisers_of_nothing_chosen(meeting, result)
        return
    nomination = result.winner.nomination
    picking.set_paper(meeting=meeting, paper=nomination.paper)
    presenter = nomination.nominated_by if nomination.would_present else None
    if presenter is not None and not _seat_presenter(meeting, presenter):
        presenter = None
    answers.promise(meeting=meeting, member_ids=result.coming)
    presents = f" {presenter.display_name} presents it." if presenter else ""
    notices.give(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.CHOSEN,
        subject_id=meeting.pk,
        number=meeting.phase_number,
        words=(
            f"{meeting.group.name} reads {wording.quoted(nomination.paper.title_text)} "
            f"on {wording.when(meeting)}.{presents}"
        ),
        url=meeting.get_absolute_url(),
    )


def _seat_presenter(meeting: Meeting, member: User) -> bool:
    """Give a nominator who offered to present the presenter's seat, if it is free."""
    kind = SeatKind.objects.filter(
        group=meeting.group_id, is_presenter=True, retired_at__isnull=True
    ).first()
    if kind is None or Seat.objects.filter(meeting=meeting, kind=kind).exists():
        return False
    # They may have left or become a guest; the meeting may have begun.
    with suppress(Refused):
        seats.give_seat(meeting=meeting, member=member, kind=kind)
        return True
    return False


def _go_without(meeting: Meeting) -> None:
    if meeting.choice != Cycle.Choice.BALLOT or steps.is_settled(meeting):
        return
    notices.tell_organisers(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.WITHOUT,
        subject_id=meeting.pk,
        number=meeting.phase_number,
        words=(
            f"{meeting.group.name}: there is no ballot for {wording.when(meeting)}. Pick a paper."
        ),
        url=_pick_url(meeting),
    )


def _tell_organisers_of_empty(meeting: Meeting) -> None:
    notices.tell_organisers(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.EMPTY,
        subject_id=meeting.pk,
        words=(
            f"{meeting.group.name}: nothing was nominated for {wording.when(meeting)}, so there "
            "is nothing to vote on. Close the ballot and pick a paper."
        ),
        url=meeting.get_absolute_url(),
    )


_WHY_NOTHING = {
    Ballot.Outcome.NO_CANDIDATES: "nothing was nominated",
    Ballot.Outcome.NO_QUORUM: "too few members voted",
    Ballot.Outcome.NO_VOTES: "no paper got a vote",
}


def _tell_organisers_of_nothing_chosen(meeting: Meeting, result: BallotResult) -> None:
    why = _WHY_NOTHING.get(result.outcome, "nothing was chosen")
    notices.tell_organisers(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.NOTHING,
        subject_id=meeting.pk,
        number=meeting.phase_number,
        words=(
            f"{meeting.group.name}: the ballot for {wording.when(meeting)} chose no paper: "
            f"{why}. Pick one; the nominations stay for the next ballot."
        ),
        url=_pick_url(meeting),
    )


def _pick_url(meeting: Meeting) -> str:
    return reverse("groups:ballot_pick", args=[meeting.group.slug, meeting.occurs_on])
