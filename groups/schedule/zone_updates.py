"""Recomputing meetings after updates of the time zone database, several times a year."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from groups.membership.models import LogEntry
from groups.schedule.models import Meeting
from groups.scheduling import words

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

_BATCH = 500


def recompute_moments() -> int:
    """Recompute the moments of every upcoming meeting, and return how many changed.

    When a government changes its clocks, a meeting keeps its wall time but not its instant.
    """
    ids = Meeting.objects.upcoming().order_by("pk").values_list("pk", flat=True)
    waiting = list(ids)
    changed = 0
    for start in range(0, len(waiting), _BATCH):
        changed += _recompute(waiting[start : start + _BATCH])
    if changed:
        logger.warning("%s meetings are at another moment: a zone's rules changed", changed)
    return changed


@transaction.atomic
def _recompute(meeting_ids: Iterable[int]) -> int:
    upcoming = Meeting.objects.upcoming().filter(pk__in=meeting_ids).order_by("pk")
    locked = upcoming.select_for_update(no_key=True, of=("self",), skip_locked=True)
    changed = []
    for meeting in locked.select_related("group__cycle"):
        before = [getattr(meeting, name) for name in Meeting.MOMENTS]
        starts_at = meeting.starts_at
        meeting.set_moments(meeting.group.cycle)
        if [getattr(meeting, name) for name in Meeting.MOMENTS] != before:
            changed.append((meeting, starts_at != meeting.starts_at))
    moved = [meeting for meeting, is_moved in changed if is_moved]
    for meeting in moved:
        meeting.changed_at = timezone.now()
        _log(meeting)
    fields = [*Meeting.MOMENTS, "changed_at"]
    Meeting.objects.bulk_update([meeting for meeting, _ in changed], fields)
    return len(moved)


def _log(meeting: Meeting) -> None:
    wall = words.wall(meeting.day, meeting.time, meeting.zone, year=0)
    LogEntry.note(
        group=meeting.group_id,
        kind="clocks",
        words=(
            f"Clocks {words.in_place(meeting.zone)} follow new rules: {wall} is now a different "
            "moment."
        ),
        meeting=meeting,
    )
