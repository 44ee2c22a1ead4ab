"""Conversion of wall-clock times to instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dateutil import tz

if TYPE_CHECKING:
    from datetime import date, time


class Clock(Enum):
    """How often a wall time occurs on its day."""

    ONCE = "once"
    # Skipped when the clocks go forward.
    NEVER = "never"
    # Repeated when the clocks go back.
    TWICE = "twice"


def clock_of(day: date, at: time, zone: str) -> Clock:
    """Return whether a wall time occurs never, once or twice."""
    wall = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    if not tz.datetime_exists(wall):
        return Clock.NEVER
    return Clock.TWICE if tz.datetime_ambiguous(wall) else Clock.ONCE


def to_instant(day: date, at: time, zone: str) -> datetime:
    """Return the instant, in UTC, of a wall time in a zone.

    For a time that occurs twice it is the first; one that never occurs uses the offset before the
    change, and so is later by the gap. RFC 5545 (3.3.5) says so, and calendars do it.
    """
    wall = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    return wall.replace(fold=0).astimezone(UTC)


def hours_before(day: date, at: time, zone: str, hours: int) -> datetime:
    """Return the instant a number of wall-clock hours before a wall time.

    A week before 18:00 is 18:00, even if the clocks change between.
    """
    wall = datetime.combine(day, at) - timedelta(hours=hours)
    return to_instant(wall.date(), wall.time(), zone)
