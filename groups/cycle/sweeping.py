"""Moving every meeting whose time has come. Asked again and again, late, or by two at once."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from groups.cycle import phases
from groups.schedule.models import Meeting

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

SWEEP_BATCH = 100
# What a sweep may take, so that the next one, 30 s later, rarely meets it.
SWEEP_SECONDS = 25.0


def sweep() -> int:
    """Move each meeting as far as the clock says. Return how many changes of phase it was.

    A meeting that somebody else moves just now is passed over, and one that fails is left for
    the next sweep: neither keeps another waiting.
    """
    until = time.monotonic() + SWEEP_SECONDS
    moved, last = 0, 0
    while ids := list(_due().filter(pk__gt=last).values_list("pk", flat=True)[:SWEEP_BATCH]):
        for meeting_id in ids:
            if time.monotonic() > until:
                return moved
            moved += _move(meeting_id)
        last = ids[-1]
    return moved


def _due() -> QuerySet[Meeting]:
    return Meeting.objects.due().filter(group__closed_at__isnull=True).order_by("pk")


def _move(meeting_id: int) -> int:
    """Take every step of a meeting that is due, each in a transaction of its own."""
    moved = 0
    try:
        while phases.advance_by_clock(meeting_id):
            moved += 1
    except Exception:
        logger.exception("Meeting %s could not be moved on", meeting_id)
    return moved
