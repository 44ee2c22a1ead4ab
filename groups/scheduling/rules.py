"""Recurrence rules: the days and wall times of a group's meetings.

Days are computed on the calendar and never on instants, so that clock changes cannot shift a
meeting. `python-dateutil` computes recurrences; this module validates them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol

from dateutil import rrule

from common.refusals import Refused
from common.time_zones import is_time_zone
from common.words import listed
from groups.scheduling import words

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEKLY, MONTHLY = "weekly", "monthly"
# The last of the month, as in iCalendar.
LAST = -1
NTHS = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}

YEARS = range(1990, 2200)
MAX_YEARS = 3
MAX_MEETINGS = 200
MAX_TIMES = 4
MAX_INTERVAL = 12
SHORTEST, LONGEST = 5, 720  # minutes

_INTERVALS = {1: "", 2: "second ", 3: "third ", 4: "fourth "}


class RuleError(Refused):
    """The rule is invalid. The message is fit to show."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The days and times of a group's meetings, from one day to another.

    With several times, meetings take them in turn. `check` validates it.
    """

    frequency: str
    # Monday is 0.
    weekday: int
    times: tuple[time, ...]
    zone: str
    starts_on: date
    ends_on: date
    interval: int = 1
    # Which weekday of the month, 1 to 4 or LAST, for a monthly rule.
    nth: int | None = None
    duration_minutes: int = 60

    @property
    def first_on(self) -> date:
        """Return the first day of the rule, from which intervals and turns are counted."""
        day = self.starts_on + timedelta(days=(self.weekday - self.starts_on.weekday()) % 7)
        if self.frequency == WEEKLY:
            return day
        while not _is_nth(day, self.nth):
            day += timedelta(days=7)
        return day


class Holder(Protocol):
    """An object with the fields of a rule: a row, or an entry of a file."""

    @property
    def frequency(self) -> str: ...
    @property
    def interval(self) -> int: ...
    @property
    def weekday(self) -> int: ...
    @property
    def nth(self) -> int | None: ...
    @property
    def times(self) -> Sequence[time]: ...
    @property
    def zone(self) -> str: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...
    @property
    def duration_minutes(self) -> int: ...


def rule_of(schedule: Holder) -> Rule:
    """Return the rule that a schedule holds, unchecked."""
    return Rule(
        frequency=schedule.frequency,
        interval=schedule.interval,
        weekday=schedule.weekday,
        nth=schedule.nth,
        times=tuple(schedule.times),
        zone=schedule.zone,
        starts_on=schedule.starts_on,
        ends_on=schedule.ends_on,
        duration_minutes=schedule.duration_minutes,
    )


@dataclass(frozen=True)
class Occurrence:
    """A day of the rule, with its time."""

    day: date
    time: time
    # From 0, among all days of the rule, including those without a meeting, so that skipping a week
    # does not change the times of others.
    index: int


def make_rule(
    *,
    frequency: str,
    weekday: int,
    times: tuple[time, ...],
    zone: str,
    starts_on: date,
    ends_on: date | None,
    interval: int = 1,
    nth: int | None = None,
    duration_minutes: int = 60,
) -> Rule:
    """Return a valid rule, or raise RuleError."""
    if ends_on is None:
        raise RuleError("Enter when the term ends.")
    rule = Rule(
        frequency=frequency,
        weekday=weekday,
        times=times,
        zone=zone,
        starts_on=starts_on,
        ends_on=ends_on,
        interval=interval,
        nth=nth if frequency == MONTHLY else None,
        duration_minutes=duration_minutes,
    )
    check(rule)
    return rule


def check(rule: Rule) -> None:
    """Raise RuleError if a rule is invalid."""
    _check_recurrence(rule)
    _check_times(rule)
    _check_term(rule)


def _check_recurrence(rule: Rule) -> None:
    if rule.frequency not in (WEEKLY, MONTHLY):
        raise RuleError("Choose weeks or months.")
    if not 0 <= rule.weekday <= 6:
        raise RuleError("Choose a day of the week.")
    if not 1 <= rule.interval <= MAX_INTERVAL:
        unit = "weeks" if rule.frequency == WEEKLY else "months"
        raise RuleError(f"Meetings may be 1 to {MAX_INTERVAL} {unit} apart.")
    if rule.frequency == MONTHLY and rule.nth not in NTHS:
        raise RuleError("Choose which weekday of the month: first to fourth, or last.")
    if rule.frequency == WEEKLY and rule.nth is not None:
        raise RuleError("A weekly schedule has no weekday of the month.")


def _check_times(rule: Rule) -> None:
    if not 1 <= len(rule.times) <= MAX_TIMES:
        raise RuleError(f"Enter one time, or up to {MAX_TIMES} to take in turn.")
    if any(each.second or each.microsecond or each.tzinfo for each in rule.times):
        raise RuleError("Enter times as hours and minutes.")
    if not SHORTEST <= rule.duration_minutes <= LONGEST:
        raise RuleError(f"A meeting lasts {SHORTEST} to {LONGEST} minutes.")
    if not is_time_zone(rule.zone):
        raise RuleError(f"“{rule.zone[:60]}” is not a time zone. Choose one from the list.")


def _check_term(rule: Rule) -> None:
    if rule.starts_on.year not in YEARS:
        raise RuleError("Choose another year.")
    if rule.ends_on < rule.starts_on:
        raise RuleError("The term ends before it starts.")
    if rule.ends_on > _years_after(rule.starts_on, MAX_YEARS):
        raise RuleError(f"A term lasts {MAX_YEARS} years at most. It can be extended later.")
    count = len(_days(rule))
    if count == 0:
        raise RuleError("No meeting falls between these dates.")
    if count > MAX_MEETINGS:
        raise RuleError(f"That would be more than {MAX_MEETINGS} meetings.")


def occurrences(rule: Rule) -> list[Occurrence]:
    """Return every day of the rule, in order."""
    turns = len(rule.times)
    return [
        Occurrence(day=day, time=rule.times[index % turns], index=index)
        for index, day in enumerate(_days(rule))
    ]


def _days(rule: Rule) -> list[date]:
    weekday = rrule.weekday(rule.weekday)
    recurring = rrule.rrule(
        rrule.WEEKLY if rule.frequency == WEEKLY else rrule.MONTHLY,
        interval=rule.interval,
        byweekday=weekday if rule.nth is None else weekday(rule.nth),
        dtstart=datetime.combine(rule.first_on, time()),
        until=datetime.combine(rule.ends_on, time()),
    )
    return [each.date() for each in recurring]


def describe(rule: Rule) -> str:
    """Return a rule in words: "Every second Thursday at 18:00 in Berlin"."""
    weekday = words.WEEKDAYS[rule.weekday]
    if rule.frequency == WEEKLY:
        days = _every(rule.interval, weekday)
    else:
        days = f"The {NTHS.get(rule.nth or 0, '')} {weekday} of {_months(rule.interval)},"
    at = listed([words.clock(each) for each in rule.times])
    turns = "" if len(rule.times) == 1 else ", in turn"
    return f"{days} at {at} {words.in_place(rule.zone)}{turns}"


def _every(interval: int, weekday: str) -> str:
    if interval in _INTERVALS:
        return f"Every {_INTERVALS[interval]}{weekday}"
    return f"{weekday} every {interval} weeks"


def _months(interval: int) -> str:
    if interval == 1:
        return "each month"
    if interval in _INTERVALS:
        return f"every {_INTERVALS[interval]}month"
    return f"every {interval} months"


def _is_nth(day: date, nth: int | None) -> bool:
    if nth == LAST:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == nth


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # February 29
        return day.replace(year=day.year + years, day=28)
