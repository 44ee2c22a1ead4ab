"""When things of a meeting are due, counted from its wall time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from groups.cycle.models import Cycle
from groups.schedule.models import Meeting, Phase
from groups.scheduling import wall_times

if TYPE_CHECKING:
    from datetime import datetime

FIELDS = [
    "starts_at",
    "ends_at",
    "nominations_open_at",
    "ballot_opens_at",
    "ballot_closes_at",
    "written_until",
    "due_at",
]


def set_moments(meeting: Meeting, cycle: Cycle) -> None:
    """Compute every moment of a meeting from its wall time and its group's cycle.

    Changes the instance only: whoever calls it saves FIELDS.
    """
    wall = (meeting.day, meeting.time, meeting.zone)
    meeting.starts_at = wall_times.to_instant(*wall)
    meeting.ends_at = meeting.starts_at + meeting.duration
    has_ballot = meeting.choice == Cycle.Choice.BALLOT
    for field, hours in (
        ("nominations_open_at", cycle.nominations_open_hours),
        ("ballot_opens_at", cycle.ballot_opens_hours),
        ("ballot_closes_at", cycle.ballot_closes_hours),
    ):
        setattr(meeting, field, wall_times.hours_before(*wall, hours) if has_ballot else None)
    days = timedelta(days=cycle.written_days)
    meeting.written_until = meeting.ends_at + days if days else None
    meeting.due_at = due_at(meeting)


def due_at(meeting: Meeting) -> datetime | None:
    """Return when the clock moves the meeting to its next phase; None when it does not.

    What an organiser picks for needs no nominations: it is ready from the start.
    """
    next_at = {
        Phase.PLANNED: meeting.nominations_open_at or meeting.starts_at,
        Phase.NOMINATING: meeting.ballot_opens_at or meeting.starts_at,
        Phase.VOTING: meeting.ballot_closes_at or meeting.starts_at,
        Phase.READY: meeting.starts_at,
        Phase.LIVE: meeting.ends_at,
    }
    return next_at.get(Phase(meeting.phase))
