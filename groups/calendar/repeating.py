"""A rule split into repeating events, one for each of its times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from groups.scheduling import rules, wall_times

if TYPE_CHECKING:
    from groups.calendar.events import CalendarMeeting, CalendarSchedule

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True)
class Repeat:
    """The occurrences of a rule with k times that share one time: every k-th."""

    schedule: CalendarSchedule
    slot: int
    days: tuple[date, ...]

    @property
    def time(self) -> time:
        return self.schedule.rule.times[self.slot]

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.schedule.rule.duration_minutes)

    def start_on(self, day: date) -> datetime:
        return datetime.combine(day, self.time, tzinfo=ZoneInfo(self.schedule.rule.zone))

    def says(self, meeting: CalendarMeeting) -> bool:
        """Return whether a meeting is at the time that the rule says."""
        return (
            meeting.day == meeting.occurs_on
            and meeting.time == self.time
            and meeting.zone == self.schedule.rule.zone
            and meeting.duration == self.duration
        )

    def recurrence(self) -> dict[str, Any]:
        """Return the parts of RRULE. UNTIL is in UTC, because the start has a time zone."""
        rule = self.schedule.rule
        weekday = _WEEKDAYS[rule.weekday]
        return {
            "FREQ": rule.frequency.upper(),
            "INTERVAL": rule.interval * len(rule.times),
            "UNTIL": wall_times.to_instant(rule.ends_on, _END_OF_DAY, rule.zone),
            "BYDAY": weekday if rule.nth is None else f"{rule.nth}{weekday}",
        }


def repeats_of(schedule: CalendarSchedule) -> list[Repeat]:
    """Return the repeating events; none for a time that has no occurrence."""
    days = [occurrence.day for occurrence in rules.occurrences(schedule.rule)]
    turns = len(schedule.rule.times)
    parts = [tuple(days[slot::turns]) for slot in range(turns)]
    return [Repeat(schedule, slot, part) for slot, part in enumerate(parts) if part]
