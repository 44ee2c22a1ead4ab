"""On which days arXiv announces papers, and when those were submitted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ARXIV_ZONE = ZoneInfo("America/New_York")
# Submissions before it are announced the same evening; the feed of that mailing carries
# the date of the next day.
DEADLINE = time(14)
# The holidays of the United States that arXiv keeps, as `holidays` names them; it adds
# "(observed)" to a day off in place of a weekend's.
KEPT_HOLIDAYS = (
    "New Year's Day",
    "Martin Luther King Jr. Day",
    "Juneteenth National Independence Day",
    "Independence Day",
    "Labor Day",
    "Thanksgiving Day",
    "Christmas Day",
)
# arXiv names them anew every year, around Christmas above all. A day that is wrongly
# taken for a working one costs a few requests, and is recorded as empty in the end.
EXTRA_HOLIDAYS = {date(2026, 12, 29), date(2026, 12, 31)}

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
    return day in EXTRA_HOLIDAYS or day in _kept_holidays(day.year)


@cache
def _kept_holidays(year: int) -> frozenset[date]:
    # Here, because it takes a second and 46 MB: only workers that import from arXiv pay.
    from holidays import country_holidays  # noqa: PLC0415

    found = country_holidays("US", years=year)
    return frozenset(
        day
        for day in found
        if any(name.removesuffix(" (observed)") in KEPT_HOLIDAYS for name in found.get_list(day))
    )


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
