"""The periodic task that moves meetings on when they are due. Safe to run late or twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common import due_work
from groups.cycle import phases
from groups.schedule.models import Meeting

if TYPE_CHECKING:
    from collections.abc import Iterator


def sweep() -> int:
    """Move each meeting as far as the clock says. Return the number of phase changes."""
    return due_work.sweep(ADVANCE)


def _due() -> Iterator[int]:
    return due_work.keys(Meeting.objects.running().due())


def _advance(meeting_id: int) -> int:
    """Take every due step of a meeting, each in its own transaction."""
    moved = 0
    while phases.advance_by_clock(meeting_id):
        moved += 1
    return moved


ADVANCE = due_work.Work("groups.advance_meeting", _due, _advance)
