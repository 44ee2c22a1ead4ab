"""The list of nominations for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404

from groups.ballots.models import Candidate, Nomination, Second
from groups.schedule.models import MeetingPaper, Phase

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from groups.access import Visit
    from groups.membership.models import Group


@dataclass(frozen=True)
class PoolRow:
    """A nomination and the reader's options."""

    nomination: Nomination
    # Whether the reader seconds it, nominated it, may second it, and may withdraw it.
    is_seconded: bool
    is_own: bool
    may_second: bool
    may_withdraw: bool
    # The day on which the group last read the paper, if any.
    read_on: date | None
    # The scheduled day of the meeting whose open ballot it is on.
    on_ballot_for: date | None

    @property
    def age(self) -> str:
        return age_of(self.nomination)


def age_of(nomination: Nomination) -> str:
    """Return how often a nomination was carried over, in words; "" for a new one."""
    times = {0: "", 1: "Carried over once", 2: "Carried over twice"}
    return times.get(nomination.rounds, f"Carried over {nomination.rounds} times")


def may_withdraw(visit: Visit, nomination: Nomination) -> bool:
    """Return whether the reader may withdraw it: their own, or any as an organiser."""
    is_own = nomination.nominated_by_id == visit.reader.pk
    return visit.is_running or (visit.is_full and is_own)


def standing(visit: Visit, limit: int, *, start: int = 0) -> list[PoolRow]:
    """Return open nominations, most seconds first and then the earliest: one query."""
    found = _with_marks(visit, Nomination.objects.filter(group=visit.group).standing())
    return [row_of(visit, each) for each in found[start : start + limit]]


def get_nomination(visit: Visit, pk: int) -> Nomination:
    """Return a nomination of the group, with the data of a row. Raise Http404."""
    found = _with_marks(visit, Nomination.objects.filter(group=visit.group, pk=pk)).first()
    if found is None:
        raise Http404("The group has no such nomination.")
    return found


def row_of(visit: Visit, nomination: Nomination) -> PoolRow:
    """Return the row of a nomination that was fetched by this module."""
    is_own = nomination.nominated_by_id == visit.reader.pk and visit.is_member
    is_running = not visit.group.is_closed
    is_standing = nomination.state == Nomination.State.STANDING
    return PoolRow(
        nomination=nomination,
        is_seconded=nomination.is_seconded,  # type: ignore[attr-defined]
        is_own=is_own,
        may_second=visit.is_full and not is_own and is_running and is_standing,
        may_withdraw=may_withdraw(visit, nomination) and is_running and is_standing,
        read_on=nomination.read_on,  # type: ignore[attr-defined]
        on_ballot_for=nomination.on_ballot_for,  # type: ignore[attr-defined]
    )


def _with_marks(visit: Visit, nominations: QuerySet[Nomination]) -> QuerySet[Nomination]:
    seconds = Second.objects.filter(nomination=OuterRef("pk"), member=visit.reader.pk)
    open_ballots = Candidate.objects.filter(
        nomination=OuterRef("pk"),
        withdrawn_at=None,
        ballot__closed_at=None,
        # The ballot of a cancelled meeting stays open.
        ballot__meeting__phase=Phase.VOTING,
    )
    return nominations.select_related("paper", "nominated_by").annotate(
        is_seconded=Exists(seconds),
        read_on=last_read(visit.group),
        on_ballot_for=Subquery(open_ballots.values("ballot__meeting__occurs_on")[:1]),
    )


def last_read(group: Group) -> Subquery:
    """Return a subquery for the day on which the group last read the outer row's paper."""
    readings = MeetingPaper.objects.filter(
        paper=OuterRef("paper"), meeting__group=group, meeting__phase=Phase.HELD
    )
    return Subquery(readings.order_by("-meeting__starts_at").values("meeting__day")[:1])
