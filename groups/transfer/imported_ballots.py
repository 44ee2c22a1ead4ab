"""Importing closed ballots: rules, candidates, counts, and slips without members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groups.ballots.models import Ballot, Candidate, Slip
from groups.transfer.meeting_entries import BALLOT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groups.ballots.models import Nomination
    from groups.schedule.models import Meeting
    from groups.transfer.schema import MeetingEntry


def make(
    pairs: Sequence[tuple[Meeting, MeetingEntry]], nominations: Mapping[int, Nomination]
) -> None:
    """Create the ballots whose candidates all exist; a partial ballot would be wrong."""
    winners: dict[Ballot, int | None] = {}
    candidates, slips = [], []
    for meeting, entry in pairs:
        said = entry.ballot
        if said is None or any(each.nomination not in nominations for each in said.candidates):
            continue
        fields = {name: getattr(said, name) for name in BALLOT_FIELDS}
        ballot = Ballot(meeting=meeting, closed_at=said.closed_at, count=said.count, **fields)
        winners[ballot] = said.winner
        candidates += [
            Candidate(
                ballot=ballot,
                nomination=nominations[each.nomination],
                number=each.number,
                withdrawn_at=said.closed_at if each.is_withdrawn else None,
            )
            for each in said.candidates
        ]
        slips += [
            Slip(ballot=ballot, key=each.key, choices=each.choices, cast_at=said.closed_at)
            for each in said.slips or []
        ]
    Ballot.objects.bulk_create(winners)
    Candidate.objects.bulk_create(candidates)
    Slip.objects.bulk_create(slips, batch_size=2_000)
    by_number = {(each.ballot_id, each.number): each for each in candidates}
    for ballot, number in winners.items():
        ballot.winner = by_number.get((ballot.pk, number or 0))
    Ballot.objects.bulk_update(winners, ["winner"])
