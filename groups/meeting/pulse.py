"""The state of the room as a cheap version string, which open live pages poll."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

if TYPE_CHECKING:
    from datetime import date


class RoomState(NamedTuple):
    """The room's state when a member asks for it."""

    meeting_id: int
    # Changes whenever there is something new to show.
    state: str


def beat(meeting_id: int) -> None:
    """Mark the room as changed, within the transaction that changes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO groups_pulse (meeting_id, beat) VALUES (%s, 1)"
            " ON CONFLICT (meeting_id) DO UPDATE SET beat = groups_pulse.beat + 1",
            [meeting_id],
        )


def look(*, member_id: int, slug: str, day: date) -> RoomState | None:
    """Return the room's state for a member of the group, None for others: one query.

    Phase changes and saved minutes are included without a call to `beat`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_SQL, {"member": member_id, "slug": slug, "day": day})
        row = cursor.fetchone()
    return RoomState(*row) if row else None


# The ORM takes 0.75 ms of processor time where this takes 0.11, and every open page asks.
_LOOK_SQL = """
    SELECT meeting.id,
           concat_ws('.', coalesce(pulse.beat, 0), meeting.phase_number,
                     coalesce(minutes.version, 0))
    FROM groups_group AS reading_group
    JOIN groups_membership AS membership
        ON membership.group_id = reading_group.id AND membership.member_id = %(member)s::bigint
    JOIN groups_meeting AS meeting
        ON meeting.group_id = reading_group.id AND meeting.occurs_on = %(day)s::date
    LEFT JOIN groups_pulse AS pulse ON pulse.meeting_id = meeting.id
    LEFT JOIN groups_minutes AS minutes ON minutes.meeting_id = meeting.id
    WHERE reading_group.slug = %(slug)s
"""
