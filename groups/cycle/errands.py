"""What reminders and nudges share."""

from __future__ import annotations

from typing import Any

from django.db import connection

from groups.schedule.models import Meeting

# How notices name the moment for which they were given: a meeting that is moved has another.
STAMP_SQL = "to_char(meeting.starts_at AT TIME ZONE 'UTC', 'YYYYMMDD\"T\"HH24MI\"Z\"')"


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
