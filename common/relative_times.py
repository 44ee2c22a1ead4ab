"""Relative times: "3 hours ago" for a week, then the date."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.formats import date_format

from common.words import counted

if TYPE_CHECKING:
    from datetime import date, datetime

_MINUTE, _HOUR, _DAY, _WEEK = 60, 3600, 86_400, 604_800


def told_time(at: datetime, *, age: int, year: int) -> str:
    """Format a moment `age` seconds ago, in the reader's time zone and current year."""
    return _ago(age // _MINUTE) if age < _WEEK else short_date(at.date(), year)


# A page may show a thousand times, from the same few thousand for all readers.
@lru_cache(maxsize=16_384)
def _ago(minutes: int) -> str:
    for seconds, unit in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        count = minutes * _MINUTE // seconds
        if count > 0:
            return f"{counted(count, unit)} ago"
    return "just now"


@lru_cache(maxsize=4096)
def short_date(at: date, year: int) -> str:
    """Return the date without the year when it is this one: "Nov 20", "Nov 20, 2024"."""
    return date_format(at, "M j" if at.year == year else "M j, Y")
