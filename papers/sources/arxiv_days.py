"""On which days arXiv announces papers, and when those were submitted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ARXIV_ZONE = ZoneInfo("America/New_York")
# Submissions before it are announced the same evening; the feed of that mailing carries
# the date of the next day.
DEADLINE = time(14)

_DAY = timedelta(days=1)


def is_announcement_day(day: date) -> bool:
    """Whether arXiv's feed of this date announces papers: the evening before had a mailing."""
    return day.weekday() < 5 and not is_arxiv_holiday(_weekday_before(day))


def submission_window(day: date) -> tuple[datetime, datetime]:
    """Between which moments the papers announced on the day were submitted."""
    last = _working_day_before(day)
    first = _working_day_before(last)
    return _deadline(first), _deadline(last)


def is_arxiv_holiday(day: date) -> bool:
    """Whether there is no deadline, and no mailing in the evening, though it is a weekday."""
    return (day.month, day.day) in _EXTRA_HOLIDAYS.get(day.year, ()) or day in _holidays(day.year)


# arXiv names them anew every year, around Christmas above all. A day that is wrongly
# taken for a working one costs a few requests, and is recorded as empty in the end.
_EXTRA_HOLIDAYS = {2026: frozenset({(12, 29), (12, 31)})}


def _holidays(year: int) -> frozenset[date]:
    """The holidays of the United States that arXiv keeps, where they are observed."""
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 12, 25)]
    return frozenset(
        {
            *map(_observed, fixed),
            _weekday_of_month(year, 1, weekday=0, number=3),
            _weekday_of_month(year, 9, weekday=0, number=1),
            _weekday_of_month(year, 11, weekday=3, number=4),
        }
    )


def _observed(holiday: date) -> date:
    match holiday.weekday():
        case 5:
            return holiday - _DAY
        case 6:
            return holiday + _DAY
        case _:
            return holiday


def _weekday_of_month(year: int, month: int, *, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _weekday_before(day: date) -> date:
    day -= _DAY
    while day.weekday() >= 5:
        day -= _DAY
    return day


def _working_day_before(day: date) -> date:
    day = _weekday_before(day)
    while is_arxiv_holiday(day):
        day = _weekday_before(day)
    return day


def _deadline(day: date) -> datetime:
    return datetime.combine(day, DEADLINE, ARXIV_ZONE)
