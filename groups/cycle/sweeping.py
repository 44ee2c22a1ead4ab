"""Moving every meeting whose time has come. Asked again and again, late, or by two at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common import due_work
from groups.cycle import phases
from groups.schedule.models import Meeting

if TYPE_CHECKING:
    from collections.abc import Iterator


def sweep() -> int:
    """Move each meeting as far as the clock says. Return how many changes of phase it was."""
    return due_work.sweep(ADVANCE)


def _due() -> Iterator[int]:
    return due_work.keys(Meeting.objects.running().due())


def _advance(meeting_id: int) -> int:
    """Take every step of a meeting that is due, each in a transaction of its own."""
    moved = 0
    while phases.advance_by_clock(meeting_id):
        moved += 1
    return moved


ADVANCE = due_work.Work("groups.advance_meeting", _due, _advance)
