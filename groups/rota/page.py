"""The panels of seats and of the rota."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from groups.rota import load
from groups.rota.models import Seat, SeatKind, Swap
from groups.schedule.models import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from groups.access import Visit
    from groups.membership.models import Group
    from groups.rota.load import Suggestion
    from groups.schedule.models import Meeting


@dataclass(frozen=True)
class SeatLine:
    """One seat at one meeting, taken or not."""

    visit: Visit
    meeting: Meeting
    kind: SeatKind
    seat: Seat | None

    @property
    def dom_id(self) -> str:
        return f"seat-{self.meeting.occurs_on:%Y%m%d}-{self.kind.pk}"

    @property
    def url(self) -> str:
        return reverse("groups:seat_set", args=self._place)

    @property
    def swap_url(self) -> str:
        return reverse("groups:seat_swap", args=self._place)

    @property
    def is_mine(self) -> bool:
        return self.seat is not None and self.seat.member_id == self.visit.reader.pk

    @property
    def is_coming(self) -> bool:
        """Return whether the meeting will take place and has not begun."""
        is_open = self.meeting.is_upcoming and not self.meeting.has_begun
        return is_open and not self.visit.group.is_closed

    @property
    def may_take(self) -> bool:
        return self.seat is None and self.is_coming and self.visit.is_full

    @property
    def may_leave(self) -> bool:
        """Return whether the reader may give it up: until the meeting is over."""
        is_open = self.meeting.is_upcoming and self.meeting.ends_at > timezone.now()
        return self.is_mine and is_open and not self.visit.group.is_closed

    @property
    def may_set(self) -> bool:
        """Return whether the reader may assign it: also in the past."""
        return self.visit.is_running and not self.visit.group.is_closed and not self.meeting.is_off

    @property
    def may_ask(self) -> bool:
        """Return whether the reader may ask to swap it."""
        return self.seat is not None and self.is_coming and self.visit.is_full

    @property
    def _place(self) -> list[object]:
        return [self.visit.group.slug, self.meeting.occurs_on, self.kind.pk]


@dataclass(frozen=True)
class SeatsPanel:
    """All seats of one meeting."""

    visit: Visit
    meeting: Meeting
    lines: list[SeatLine]
    suggestion: Suggestion | None = None

    @property
    def presenter(self) -> SeatLine | None:
        return next((line for line in self.lines if line.kind.is_presenter), None)

    @property
    def is_voting(self) -> bool:
        """Return whether the vote may still bring a presenter."""
        return self.meeting.phase in {Phase.NOMINATING, Phase.VOTING}


@dataclass(frozen=True)
class RotaPanel:
    """The next meetings with their presenters."""

    visit: Visit
    rows: list[SeatsPanel]
    # Swaps that wait for the reader's answer.
    swap_count: int = 0

    @property
    def url(self) -> str:
        return reverse("groups:rota_page", args=[self.visit.group.slug])


@dataclass(frozen=True)
class SwapLine:
    """A swap, from the point of view of a participant."""

    swap: Swap
    reader_id: int

    @property
    def url(self) -> str:
        return reverse("groups:swap_answer", args=[self.swap.group.slug, self.swap.pk])

    @property
    def may_accept(self) -> bool:
        swap = self.swap
        return (swap.member_id == self.reader_id and swap.accepted_at is None) or (
            swap.other_member_id == self.reader_id and swap.other_accepted_at is None
        )

    @property
    def is_asker(self) -> bool:
        return self.swap.asked_by_id == self.reader_id

    @property
    def asked_at(self) -> datetime:
        return self.swap.asked_at


def seats_panel(visit: Visit, meeting: Meeting) -> SeatsPanel:
    """Return the seats of a meeting, and whose turn it is if nobody presents.

    Up to four queries. Retired seats are shown if somebody had them.
    """
    [panel] = seats_of(visit, [meeting], suggests=visit.is_full)
    return panel


def rota_panel(visit: Visit, meetings: Sequence[Meeting]) -> RotaPanel:
    """Return the presenters of the next meetings. Up to five queries for any number."""
    rows = seats_of(visit, meetings, suggests=visit.is_full)
    return RotaPanel(visit, rows, swap_count=_swaps_waiting(visit))


def seats_of(
    visit: Visit, meetings: Sequence[Meeting], *, suggests: bool = True
) -> list[SeatsPanel]:
    """Return the seats of several meetings: up to four queries for any number."""
    kinds = list(visit.group.seat_kinds.filter(retired_at__isnull=True))
    taken = _taken(meetings)
    panels = [
        SeatsPanel(visit, meeting, _lines(visit, meeting, kinds, taken.get(meeting.pk, [])))
        for meeting in meetings
    ]
    vacant = [
        panel.meeting
        for panel in panels
        if panel.presenter is not None and panel.presenter.is_coming and not panel.presenter.seat
    ]
    suggested = load.suggest_all(visit.group, vacant) if suggests else {}
    return [
        SeatsPanel(visit, panel.meeting, panel.lines, suggested.get(panel.meeting.pk))
        for panel in panels
    ]


def coming_seats(group: Group) -> QuerySet[Seat]:
    """Return the seats that may still change hands, by meeting."""
    seats = Seat.objects.filter(meeting__in=group.meetings.not_begun())
    seats = seats.select_related("meeting", "kind", "member")
    return seats.order_by("meeting__starts_at", "meeting_id", "kind__position", "pk")


def swap_lines(visit: Visit) -> list[SwapLine]:
    """Return the reader's open swaps at upcoming meetings. One query."""
    reader_id = visit.reader.pk
    if reader_id is None:
        return []
    seats = [
        f"{name}__{part}" for name in ("seat", "other_seat") for part in ("kind", "meeting__group")
    ]
    open_swaps = _open_swaps(visit).select_related(
        "group", "member", "other_member", "asked_by", *seats
    )
    return [SwapLine(swap, reader_id) for swap in open_swaps.order_by("asked_at", "pk")]


def _open_swaps(visit: Visit) -> QuerySet[Swap]:
    reader = visit.reader.pk
    mine = Q(member=reader) | Q(other_member=reader) | Q(asked_by=reader)
    return Swap.objects.filter(
        mine,
        group=visit.group,
        ended_at__isnull=True,
        seat__meeting__in=visit.group.meetings.not_begun(),
        other_seat__meeting__in=visit.group.meetings.not_begun(),
    )


def _swaps_waiting(visit: Visit) -> int:
    reader = visit.reader.pk
    if not visit.is_full or reader is None:
        return 0
    unanswered = Q(member=reader, accepted_at__isnull=True) | Q(
        other_member=reader, other_accepted_at__isnull=True
    )
    return _open_swaps(visit).filter(unanswered).count()


def _taken(meetings: Sequence[Meeting]) -> dict[int, list[Seat]]:
    seats = Seat.objects.filter(meeting__in=[meeting.pk for meeting in meetings])
    taken: dict[int, list[Seat]] = {}
    for seat in seats.select_related("member", "kind").order_by("kind__position", "kind_id"):
        taken.setdefault(seat.meeting_id, []).append(seat)
    return taken


def _lines(
    visit: Visit, meeting: Meeting, kinds: list[SeatKind], seats: list[Seat]
) -> list[SeatLine]:
    """Return a line for each current seat, and for retired seats that were taken."""
    by_kind = {seat.kind_id: seat for seat in seats}
    # Past meetings show only the seats that were taken.
    offered = [
        kind for kind in kinds if meeting.is_upcoming or kind.is_presenter or kind.pk in by_kind
    ]
    known = {kind.pk for kind in offered}
    retired = [seat.kind for seat in seats if seat.kind_id not in known]
    return [SeatLine(visit, meeting, kind, by_kind.get(kind.pk)) for kind in [*offered, *retired]]
