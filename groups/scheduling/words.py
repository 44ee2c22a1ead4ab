"""Days, times and zones in words: the same on pages, in notices and in the log.

Clocks have 24 hours. The year is shown unless it equals `year`, the current one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from common.words import counted
from groups.scheduling import wall_times

if TYPE_CHECKING:
    from datetime import date, datetime, time, tzinfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_MINUTE, _HOUR = 60, 3600


def place_of(zone: str) -> str:
    """Return the common name of a zone: "Buenos Aires" for America/Argentina/Buenos_Aires."""
    return zone.rpartition("/")[2].replace("_", " ")


def in_place(zone: str) -> str:
    """Return a zone as it follows a time: "in Berlin", but "UTC"."""
    place = place_of(zone)
    is_place = "/" in zone and not zone.startswith("Etc/")
    return f"in {place}" if is_place else place


def clock(at: datetime | time) -> str:
    return f"{at:%H:%M}"


def long_day(day: date, *, year: int) -> str:
    """Return "Thursday, November 26", with the year if it is not `year`."""
    return f"{WEEKDAYS[day.weekday()]}, {plain_day(day, year=year)}"


def plain_day(day: date, *, year: int) -> str:
    """Return "November 26", with the year if it is not `year`."""
    words = f"{MONTHS[day.month - 1]} {day.day}"
    return words if day.year == year else f"{words}, {day.year}"


def short_day(day: date, *, year: int) -> str:
    """Return "Thu, Nov 26", with the year if it is not `year`."""
    words = f"{WEEKDAYS[day.weekday()][:3]}, {MONTHS[day.month - 1][:3]} {day.day}"
    return words if day.year == year else f"{words}, {day.year}"


def dated(day: date) -> str:
    """Return a day with its year: "March 28, 2027"."""
    return plain_day(day, year=0)


def wall(day: date, at: time, zone: str, *, year: int) -> str:
    """Return "Thursday, November 26, 18:00 in Berlin"."""
    return f"{long_day(day, year=year)}, {clock(at)} {in_place(zone)}"


def distance(starts_at: datetime, ends_at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Return how far off a meeting is, in the reader's zone: "in 20 minutes", "tomorrow", "now".

    Days are those of the reader's calendar. Return "" for more than a week ago.
    """
    if starts_at <= now < ends_at:
        return "now"
    days = (starts_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if now >= ends_at:
        return _since(-days)
    seconds = (starts_at - now).total_seconds()
    if seconds < _HOUR:
        return f"in {counted(max(1, round(seconds / _MINUTE)), 'minute')}"
    if seconds < 6 * _HOUR or days == 0:
        return f"in {counted(round(seconds / _HOUR), 'hour')}"
    if days == 1:
        return "tomorrow"
    return f"in {days} days" if days < 14 else f"in {days // 7} weeks"


def _since(days: int) -> str:
    if days <= 0:
        return "earlier today"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < 8 else ""


def clock_note(day: date, at: time, zone: str) -> str:
    """Return a note on how a clock change affects a wall time; "" if none does."""
    kind = wall_times.clock_of(day, at, zone)
    if kind is wall_times.Clock.ONCE:
        return ""
    clocks = f"On {dated(day)} clocks {in_place(zone)}"
    if kind is wall_times.Clock.TWICE:
        return f"{clocks} go back, and {clock(at)} happens twice: the meeting is at the first."
    starts = wall_times.to_instant(day, at, zone).astimezone(ZoneInfo(zone))
    days_later = starts.date() - day
    then = clock(starts) if days_later < timedelta(days=1) else f"{clock(starts)} the day after"
    return f"{clocks} go forward, and {clock(at)} does not exist: the meeting starts at {then}."
