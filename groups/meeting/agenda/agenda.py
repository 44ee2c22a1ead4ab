"""A meeting's agenda: its points and the current one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common.refusals import Refused
from groups import access
from groups.meeting import pulse
from groups.meeting.agenda.models import AgendaItem
from groups.membership.models import LogEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from groups.schedule.models import Meeting

# More points than a meeting of twelve hours gets through.
MAX_POINTS = 40
MAX_MINUTES = 600
MAX_TEXT = 300


@dataclass(frozen=True)
class PlannedPoint:
    """A point as submitted by an organiser; `pk` is that of an existing point."""

    text: str
    minutes: int
    pk: int | None = None


@transaction.atomic
def set_agenda(*, meeting: Meeting, by: User, points: Sequence[PlannedPoint]) -> list[AgendaItem]:
    """Replace the agenda with these points, in this order.

    A point that stays keeps its start, so that the agenda can change during the meeting.
    """
    if len(points) > MAX_POINTS:
        raise Refused(f"An agenda can have up to {MAX_POINTS} items.")
    _lock(meeting)
    known = {item.pk: item for item in AgendaItem.objects.filter(meeting=meeting)}
    kept = [known.pop(point.pk, None) if point.pk else None for point in points]
    AgendaItem.objects.filter(pk__in=known).delete()
    for position, (point, known_item) in enumerate(zip(points, kept, strict=True), start=1):
        item = known_item or AgendaItem(meeting=meeting)
        item.position, item.text, item.minutes = position, point.text, point.minutes
        item.save()
    LogEntry.note(
        group=meeting.group_id, kind="agenda", words="The agenda was changed.",
        actor=by, meeting=meeting,
    )  # fmt: skip
    pulse.beat(meeting.pk)
    return list(AgendaItem.objects.filter(meeting=meeting))


@transaction.atomic
def start_point(*, meeting: Meeting, pk: int) -> None:
    """Start a point and end the current one. The current point stays unchanged."""
    meeting = _lock(meeting)
    if meeting.is_off:
        raise Refused("There is no meeting on this day, so no item can be started.")
    point = AgendaItem.objects.filter(meeting=meeting, pk=pk).first()
    if point is None:
        raise Refused("This item is no longer on the agenda.")
    if point.started_at and not point.ended_at:
        return
    _end_running(meeting)
    AgendaItem.objects.filter(pk=pk).update(started_at=timezone.now(), ended_at=None)
    pulse.beat(meeting.pk)


@transaction.atomic
def end_point(*, meeting: Meeting, pk: int) -> None:
    """End a point. A point that is not current stays unchanged."""
    _lock(meeting)
    if _end_running(meeting, pk=pk):
        pulse.beat(meeting.pk)


def _end_running(meeting: Meeting, **which: int) -> int:
    running = AgendaItem.objects.filter(
        meeting=meeting, started_at__isnull=False, ended_at__isnull=True, **which
    )
    return running.update(ended_at=timezone.now())


def _lock(meeting: Meeting) -> Meeting:
    return access.lock_meeting(meeting.pk)
