"""Working through what is owed: asked for in one query, done one by one, in a given time."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from django.db import connection

from groups.schedule.models import Meeting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    # Returns the ids of what is owed now; and gives one, saying how many notices that was.
    Owed = Callable[[], Iterable[int]]
    Give = Callable[[int], int]

logger = logging.getLogger(__name__)

# What a sweep may take, so that the next one, 30 s later, rarely meets it.
SWEEP_SECONDS = 25.0

# How notices name the moment for which they were given: a meeting that is moved has another.
STAMP_SQL = "to_char(meeting.starts_at AT TIME ZONE 'UTC', 'YYYYMMDD\"T\"HH24MI\"Z\"')"


def run(errands: Iterable[tuple[Owed, Give]]) -> int:
    """Give all that is owed; return how many notices that was.

    One that fails is left for the next sweep, and keeps no other waiting.
    """
    until = time.monotonic() + SWEEP_SECONDS
    given = 0
    for owed, give in errands:
        for pk in owed():
            if time.monotonic() > until:
                return given
            try:
                given += give(pk)
            except Exception:
                logger.exception("%s failed for %s", give.__qualname__, pk)
    return given


def ids_of(sql: str, **values: Any) -> list[int]:
    """Return the first column of a query."""
    return [row[0] for row in rows_of(sql, **values)]


def rows_of(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def stamp_of(meeting: Meeting) -> str:
    """Return what STAMP_SQL does."""
    return f"{meeting.starts_at:%Y%m%dT%H%MZ}"


def locked(meeting_id: int) -> Meeting | None:
    """Return a meeting, with its group, unless somebody else is at it. In a transaction."""
    meetings = Meeting.objects.select_related("group").filter(group__closed_at__isnull=True)
    return (
        meetings.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .filter(pk=meeting_id)
        .first()
    )
