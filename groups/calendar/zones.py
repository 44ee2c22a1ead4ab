"""VTIMEZONE components with every change of the clocks in the given years.

icalendar 7.3 makes VTIMEZONE too, but dates a forward change by the skipped hour, and misses a
zone's shorter seasons (Morocco's Ramadan).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class Observance(NamedTuple):
    """The UTC offset and name of a zone between two changes of the clocks."""

    offset: timedelta
    name: str
    is_summer: bool


def describe(zone: str, *, first_year: int, last_year: int) -> Timezone:
    """Return a zone's VTIMEZONE from the start of one year to the end of another."""
    timezone = Timezone()
    timezone.add("TZID", zone)
    seasons: dict[tuple[timedelta, Observance], list[datetime]] = {}
    for onset, before, observance in _seasons(zone, first_year, last_year):
        seasons.setdefault((before, observance), []).append(onset)
    for (before, observance), onsets in seasons.items():
        season = TimezoneDaylight() if observance.is_summer else TimezoneStandard()
        season.add("DTSTART", onsets[0])
        season.add("TZOFFSETFROM", before)
        season.add("TZOFFSETTO", observance.offset)
        season.add("TZNAME", observance.name)
        if onsets[1:]:
            season.add("RDATE", onsets[1:])
        timezone.add_component(season)
    return timezone


@lru_cache(maxsize=256)
def _seasons(
    zone: str, first_year: int, last_year: int
) -> tuple[tuple[datetime, timedelta, Observance], ...]:
    """Return each season's start by the clock before it, the offset before it, and the season."""
    # A day early, so that January 1 has begun in every zone.
    begin = datetime(first_year, 1, 1, tzinfo=UTC) - _DAY
    current = _observed(zone, begin)
    found = [((begin + current.offset).replace(tzinfo=None), current.offset, current)]
    for moment in _changes(zone, begin, datetime(last_year + 1, 1, 2, tzinfo=UTC)):
        before, current = current, _observed(zone, moment)
        onset = (moment + before.offset).replace(tzinfo=None)
        found.append((onset, before.offset, current))
    return tuple(found)


def _changes(zone: str, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield every moment at which the clocks change. No season is shorter than a day."""
    day = begin
    while day < end:
        following = day + _DAY
        if _observed(zone, day) != _observed(zone, following):
            yield _first_moment_of_the_new(zone, day, following)
        day = following


def _first_moment_of_the_new(zone: str, old: datetime, new: datetime) -> datetime:
    before = _observed(zone, old)
    while new - old > _SECOND:
        middle = old + (new - old) // 2
        middle = middle.replace(microsecond=0)
        if _observed(zone, middle) == before:
            old = middle
        else:
            new = middle
    return new


def _observed(zone: str, moment: datetime) -> Observance:
    local = moment.astimezone(ZoneInfo(zone))
    return Observance(local.utcoffset() or timedelta(), local.tzname() or zone, bool(local.dst()))
