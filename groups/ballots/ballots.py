"""The vote for a meeting's paper: opening, casting and closing.

Voters take a share lock on the ballot's row, so that they do not wait for each other; closing takes
an exclusive one. So every confirmed slip is counted, and any later slip is refused.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from common.refusals import Refused
from common.words import counted
from groups.ballots import counting, electorate, nominations
from groups.ballots.models import Ballot, Candidate, Nomination, Slip
from groups.cycle.models import Cycle
from groups.membership.models import Membership
from groups.schedule.models import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from groups.membership.models import Group
    from groups.schedule.models import Meeting

State = Nomination.State
CLOSED = "This ballot is closed."


class BallotClosedError(Refused):
    """The ballot takes no votes any more."""


@dataclass(frozen=True)
class BallotResult:
    outcome: Ballot.Outcome
    # With its nomination and the nomination's paper loaded.
    winner: Candidate | None = None
    count: counting.Count | None = None
    # Members who offered to attend if one of theirs won, and one did; in order of voting.
    coming: list[int] = field(default_factory=list)


@transaction.atomic
def open_ballot(*, meeting: Meeting) -> Ballot:
    """Open a meeting's ballot under the group's current rules.

    The candidates are the open nominations that are on no other open ballot: those with the most
    seconds, then the earliest, numbered in order of nomination. Without candidates the ballot opens
    all the same, and closes without a choice. An open ballot is returned as it is.
    """
    existing = Ballot.objects.select_for_update().filter(meeting=meeting).first()
    if existing is not None:
        if existing.is_open:
            return existing
        raise Refused("The ballot for this meeting is closed.")
    cycle = Cycle.objects.get(group=meeting.group_id)
    ballot = Ballot.objects.create(
        meeting=meeting,
        method=cycle.method,
        electorate=cycle.electorate,
        electorate_meetings=cycle.electorate_meetings,
        hides_results=cycle.hides_results,
        quorum=cycle.quorum,
        max_approvals=cycle.max_approvals,
        opened_at=timezone.now(),
    )
    chosen = _nominations_for(ballot, most=cycle.max_candidates)
    Candidate.objects.bulk_create(
        Candidate(ballot=ballot, nomination=nomination, number=number)
        for number, nomination in enumerate(chosen, start=1)
    )
    return ballot


def _nominations_for(ballot: Ballot, *, most: int) -> list[Nomination]:
    standing = Nomination.objects.filter(group=ballot.meeting.group_id, state=State.STANDING)
    # Lock first, in a fixed order, and read afterwards: when two ballots of the group open at once
    # they take turns, and the second sees which nominations the first took.
    list(standing.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    # The ballot of a cancelled meeting stays open, but blocks no nomination.
    elsewhere = Candidate.objects.filter(
        ballot__closed_at__isnull=True,
        ballot__meeting__group=ballot.meeting.group_id,
        ballot__meeting__phase=Phase.VOTING,
    )
    free = standing.standing().filter(paper__withdrawn_at__isnull=True)
    chosen = free.exclude(pk__in=elsewhere.values("nomination"))[:most]
    return sorted(chosen, key=lambda each: (each.created_at, each.pk))


@transaction.atomic
def cast(*, ballot_id: int, member: User, choices: Sequence[int], will_come: bool = False) -> Slip:
    """Save a member's vote, replacing an earlier one.

    Raise BallotClosedError once the ballot is closed or past its deadline, and Refused for a vote
    that its rules do not allow.
    """
    ballot = _open_ballot_in_share(ballot_id)
    # After the ballot's lock, which a removal takes exclusively: see drop_slips.
    memberships = Membership.objects.filter(group=ballot.meeting.group_id, member=member)
    refusal = electorate.why_not(ballot=ballot, membership=memberships.first())
    if refusal:
        raise Refused(refusal)
    _require_valid(ballot, choices)
    fresh = [
        Slip(
            ballot=ballot,
            member=member,
            choices=list(choices),
            will_come=will_come,
            key=uuid.uuid4(),
            cast_at=timezone.now(),
        )
    ]
    # One statement. The key stays that of the first slip.
    Slip.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["ballot", "member"],
        update_fields=["choices", "will_come", "cast_at"],
    )
    return fresh[0]


@transaction.atomic
def withdraw_slip(*, ballot_id: int, member: User) -> bool:
    """Delete a vote while the ballot is open. Return whether there was one."""
    ballot = _open_ballot_in_share(ballot_id)
    gone, _ = Slip.objects.filter(ballot=ballot, member=member).delete()
    return bool(gone)


def _open_ballot_in_share(ballot_id: int) -> Ballot:
    """Return the ballot with its meeting, share-locked to stay open until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM groups_ballot WHERE meeting_id = %s AND closed_at IS NULL FOR SHARE",
            [ballot_id],
        )
        if not cursor.rowcount:
            raise BallotClosedError(CLOSED)
    ballot = Ballot.objects.select_related("meeting").get(pk=ballot_id)
    deadline = ballot.meeting.ballot_closes_at
    is_late = deadline is not None and timezone.now() >= deadline
    if ballot.meeting.phase != Phase.VOTING or is_late:
        raise BallotClosedError(CLOSED)
    return ballot


def _require_valid(ballot: Ballot, choices: Sequence[int]) -> None:
    if not choices:
        raise Refused("Choose at least one paper.")
    if len(set(choices)) != len(choices):
        raise Refused("A paper is on your ballot twice.")
    if not ballot.is_ranked and 0 < ballot.max_approvals < len(choices):
        raise Refused(f"Approve of {counted(ballot.max_approvals, 'paper')} at most.")
    candidates = Candidate.objects.filter(ballot=ballot).select_related("nomination__paper")
    found = {each.number: each for each in candidates}
    for number in choices:
        if number not in found:
            raise Refused("A paper you chose is not on this ballot.")
        if found[number].withdrawn_at is not None:
            title = found[number].nomination.paper.title_text
            raise Refused(f"“{title}” was withdrawn from this ballot. Choose from the others.")


@transaction.atomic
def close_ballot(*, meeting: Meeting) -> BallotResult:
    """Close a meeting's ballot: count slips, record the winner, carry over the others.

    This marks the winning nomination as chosen; the caller sets the meeting's paper, the
    presenter's seat and the attendees' answers (`picking.set_paper`). A ballot without a choice
    costs no nomination a round. A ballot that is closed already returns its earlier result.
    """
    ballot = Ballot.objects.select_for_update().filter(meeting=meeting).first()
    if ballot is None:
        return BallotResult(outcome=Ballot.Outcome.NO_CANDIDATES)
    if not ballot.is_open:
        return _result_of(ballot)
    candidates = _locked_candidates(ballot)
    slips = list(Slip.objects.filter(ballot=ballot).order_by("key"))
    count = counting.count(
        ballot.method,
        [slip.choices for slip in slips],
        candidates=[each.number for each in candidates],
        withdrawn=[each.number for each in candidates if each.withdrawn_at],
    )
    outcome = outcome_of(count, quorum=ballot.quorum)
    winner = None
    if outcome == Ballot.Outcome.CHOSEN:
        winner = next(each for each in candidates if each.number == count.winner)
    ballot.closed_at, ballot.outcome = timezone.now(), outcome
    ballot.winner, ballot.count = winner, count.as_json()
    ballot.save(update_fields=["closed_at", "outcome", "winner", "count"])
    if winner is not None:
        _carry_over(meeting.group, candidates, winner)
    coming = _coming(slips, winner)
    return BallotResult(outcome=outcome, winner=winner, count=count, coming=coming)


def outcome_of(count: counting.Count, *, quorum: int) -> Ballot.Outcome:
    """Return the outcome of a count under a quorum, to which blank slips count too."""
    if not count.candidates:
        return Ballot.Outcome.NO_CANDIDATES
    if count.slips < quorum:
        return Ballot.Outcome.NO_QUORUM
    return Ballot.Outcome.NO_VOTES if count.winner is None else Ballot.Outcome.CHOSEN


def _locked_candidates(ballot: Ballot) -> list[Candidate]:
    """Return the candidates with papers, locked so that none can be withdrawn meanwhile."""
    ids = Candidate.objects.filter(ballot=ballot).values("nomination")
    locked = Nomination.objects.filter(pk__in=ids).order_by("pk")
    list(locked.select_for_update(no_key=True).values_list("pk", flat=True))
    candidates = Candidate.objects.filter(ballot=ballot).order_by("number")
    return list(candidates.select_related("nomination__paper", "nomination__nominated_by"))


def _carry_over(group: Group, candidates: list[Candidate], winner: Candidate) -> None:
    Nomination.objects.filter(pk=winner.nomination_id).update(
        state=State.CHOSEN, ended_at=timezone.now()
    )
    cycle = Cycle.objects.get(group=group)
    lost = [each.nomination for each in candidates if each is not winner]
    retired = nominations.carry_over(group=group, lost=lost, rounds_kept=cycle.rounds_kept)
    _strike_elsewhere([winner.nomination_id, *(each.pk for each in retired)])


def _strike_elsewhere(nomination_ids: list[int]) -> None:
    """Remove closed nominations from other open ballots, which restored meetings may have.

    The nominations are locked, as they are for a withdrawal.
    """
    candidacies = Candidate.objects.filter(
        nomination__in=nomination_ids, ballot__closed_at__isnull=True, withdrawn_at__isnull=True
    )
    candidacies.update(withdrawn_at=timezone.now())


def _coming(slips: list[Slip], winner: Candidate | None) -> list[int]:
    if winner is None:
        return []
    return [
        slip.member_id
        for slip in sorted(slips, key=lambda slip: (slip.cast_at, slip.pk))
        if slip.member_id is not None and slip.will_come and winner.number in slip.choices
    ]


def _result_of(ballot: Ballot) -> BallotResult:
    """Return the result of an earlier closing."""
    winners = Candidate.objects.select_related("nomination__paper", "nomination__nominated_by")
    winner = winners.filter(pk=ballot.winner_id).first() if ballot.winner_id else None
    return BallotResult(
        outcome=Ballot.Outcome(ballot.outcome),
        winner=winner,
        count=counting.Count.from_json(ballot.count) if ballot.count else None,
        coming=_coming(list(Slip.objects.filter(ballot=ballot)), winner),
    )


@transaction.atomic
def drop_slips(*, group: Group, member_id: int) -> int:
    """Delete a leaving member's slips from the group's open ballots; return their number.

    Call it in the transaction that ends the membership, before or after deleting the row: the
    ballots stay locked until the commit, so that the member cannot vote in between.
    """
    ballots = Ballot.objects.filter(meeting__group=group, closed_at__isnull=True)
    locked = ballots.order_by("pk").select_for_update(of=("self",))
    ids = list(locked.values_list("pk", flat=True))
    gone, _ = Slip.objects.filter(ballot__in=ids, member=member_id).delete()
    return gone
