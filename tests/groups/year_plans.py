"""When twelve groups around the world meet, and when things of their meetings are due.

Worked out in another way than the product does it: by counting days off on the calendar, and
with the standard library alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from groups.models import Group

DAY, HOUR, HALF_HOUR = 24 * 60, 60, 30
LENGTH = timedelta(minutes=60)
# The groups' cycle, in hours before the meeting.
NOMINATIONS, OPENS, CLOSES = 13 * 24, 9 * 24, 7 * 24


@dataclass(frozen=True)
class Club:
    """When a group meets, as its organiser would say it."""

    zone: str
    weekday: int
    times: tuple[str, ...]
    # Every so many weeks; or the so-manieth of the month.
    weeks: int = 1
    nth: int | None = None


# Some of the times come twice or never when the clocks change: Sundays at half past two in
# Sydney, at a quarter past on Lord Howe (where they change by half an hour), Fridays after
# midnight in Cairo, Saturdays before it in Santiago.
CLUBS = (
    Club("Europe/Berlin", 3, ("18:00",)),
    Club("Europe/London", 6, ("01:30",)),
    Club("America/New_York", 1, ("09:00", "20:00")),
    Club("America/Los_Angeles", 6, ("02:30",), weeks=2),
    Club("America/Santiago", 5, ("23:30",)),
    Club("Australia/Sydney", 6, ("02:30",)),
    Club("Pacific/Auckland", 2, ("19:00",), nth=-1),
    Club("Australia/Lord_Howe", 6, ("01:45", "02:15"), weeks=2),
    Club("Asia/Kolkata", 0, ("20:15",), weeks=2),
    Club("Asia/Tokyo", 4, ("08:00", "16:00", "23:45")),
    Club("Africa/Cairo", 4, ("00:30",)),
    Club("Africa/Casablanca", 6, ("02:30",), nth=2),
)


@dataclass
class Beginning:
    """When a meeting was to begin, and between which moments that was the plan."""

    at: datetime
    # What a clock on the wall was to show, also where it passes over that.
    wall: datetime
    zone: str
    valid_from: datetime
    valid_until: datetime | None = None

    @classmethod
    def on(cls, day: date, clock: str, zone: str, valid_from: datetime) -> Beginning:
        wall = datetime.combine(day, time.fromisoformat(clock))
        return cls(instant(day, clock, zone), wall, zone, valid_from)


@dataclass
class Expected:
    """A meeting as it should be: worked out from its club, and what organisers did to it."""

    club: Club
    group: Group
    day: date
    beginnings: list[Beginning]
    off: str = ""
    is_touched: bool = False

    @property
    def starts_at(self) -> datetime:
        return self.beginnings[-1].at


@dataclass
class Figures:
    """What was counted."""

    groups: int = 0
    meetings: int = 0
    moments: int = 0
    sweeps: int = 0
    transitions: int = 0
    reminders: int = 0
    occurrences: int = 0
    moved: int = 0
    off: int = 0
    faults: list[str] = field(default_factory=list)

    def check(self, is_so: bool, what: str) -> None:
        if not is_so:
            self.faults.append(what)


def days_of(club: Club, first: date, last: date) -> list[date]:
    """Return the days of a rule, by counting them off on the calendar."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    days = [day for day in days if day.weekday() == club.weekday]
    if club.nth is None:
        return days[:: club.weeks]
    if club.nth == -1:
        return [day for day in days if (day + timedelta(days=7)).month != day.month]
    return [day for day in days if (day.day - 1) // 7 == club.nth - 1]


def instant(day: date, at: str, zone: str) -> datetime:
    """Return when a wall time is; of one that comes twice the first."""
    there = datetime.combine(day, time.fromisoformat(at))
    offsets = [ZoneInfo(zone).utcoffset(there.replace(fold=fold)) or timedelta() for fold in (0, 1)]
    # Before the change in either case: RFC 5545, 3.3.5.
    return (there - offsets[0]).replace(tzinfo=UTC)


def phase_moments(plan: Beginning) -> dict[str, datetime]:
    """Return the moment at which each phase is due: hours are those of a clock on the wall."""
    moments = {"live": plan.at, "held": plan.at + LENGTH}
    for phase, hours in (("nominating", NOMINATIONS), ("voting", OPENS), ("ready", CLOSES)):
        wall = plan.wall - timedelta(hours=hours)
        moments[phase] = instant(wall.date(), f"{wall:%H:%M}", plan.zone)
    return moments


def reminder_moments(at: datetime) -> list[datetime]:
    return [at - timedelta(minutes=lead) for lead in (DAY, HOUR, HALF_HOUR)]
