"""Wall times and instants: what a clock on the wall says, and when that is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dateutil import tz

if TYPE_CHECKING:
    from datetime import date, time


class Clock(Enum):
    """How often a wall time comes on its day."""

    ONCE = "once"
    # The clocks are put forward over it.
    NEVER = "never"
    # The clocks are put back over it.
    TWICE = "twice"


def clock_of(day: date, at: time, zone: str) -> Clock:
    """Return whether a wall time comes, and whether it comes once."""
    wall = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    if not tz.datetime_exists(wall):
        return Clock.NEVER
    return Clock.TWICE if tz.datetime_ambiguous(wall) else Clock.ONCE


def to_instant(day: date, at: time, zone: str) -> datetime:
    """Return the moment, in UTC, at which a clock in the zone shows a time.

    Of a time that comes twice it is the first; one that never comes is counted with the offset
    before the change, and so is as much later. RFC 5545 (3.3.5) says so, and calendars do.
    """
    wall = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    return wall.replace(fold=0).astimezone(UTC)


def hours_before(day: date, at: time, zone: str, hours: int) -> datetime:
    """Return the moment so many hours of the wall clock before a wall time.

    A week before 18:00 is 18:00, also when the clocks change between.
    """
    wall = datetime.combine(day, at) - timedelta(hours=hours)
    return to_instant(wall.date(), wall.time(), zone)
