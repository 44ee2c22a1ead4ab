from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.sources import FEEDS
from papers.sources.arxiv import ARXIV_ANNOUNCEMENTS
from papers.sources.arxiv_days import (
    ARXIV_ZONE,
    is_announcement_day,
    is_arxiv_holiday,
    submission_window,
)
from papers.sources.huggingface import HUGGINGFACE_DAILY

pytestmark = pytest.mark.dated

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def eastern(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ARXIV_ZONE)


@pytest.mark.parametrize(
    "day",
    [(1, 1), (1, 19), (6, 19), (7, 3), (9, 7), (11, 26), (12, 25), (12, 29), (12, 31)],
)
def test_arxiv_keeps_the_holidays_that_it_named_for_2026(day):
    assert is_arxiv_holiday(date(2026, *day))


def test_an_ordinary_weekday_is_no_holiday():
    assert not is_arxiv_holiday(date(2026, 11, 24))


@pytest.mark.parametrize(
    ("announced", "since", "until"),
    [
        (date(2026, 11, 17), (2026, 11, 13), (2026, 11, 16)),  # Tuesday: over the weekend
        (date(2026, 11, 18), (2026, 11, 16), (2026, 11, 17)),
        (date(2026, 11, 20), (2026, 11, 18), (2026, 11, 19)),
        (date(2026, 11, 23), (2026, 11, 19), (2026, 11, 20)),  # Monday
        (date(2026, 11, 30), (2026, 11, 25), (2026, 11, 27)),  # after Thanksgiving
    ],
)
def test_a_day_announces_what_came_between_two_deadlines(announced, since, until):
    assert submission_window(announced) == (eastern(*since, 14), eastern(*until, 14))


def test_the_deadline_moves_with_summer_time():
    _, until = submission_window(date(2026, 7, 9))

    assert until.astimezone(UTC) == datetime(2026, 7, 8, 18, tzinfo=UTC)


def test_no_feed_comes_the_morning_after_a_holiday():
    assert is_announcement_day(date(2026, 11, 26))
    assert not is_announcement_day(date(2026, 11, 27))


@pytest.mark.parametrize("day", [date(2021, 12, 31), date(2027, 12, 31)])
def test_new_year_s_day_on_a_saturday_is_kept_in_the_year_before(day):
    assert is_arxiv_holiday(day)


@given(DAYS)
def test_the_windows_of_announcement_days_leave_no_gap(day):
    if not is_announcement_day(day):
        return
    following = day + timedelta(days=1)
    while not is_announcement_day(following):
        following += timedelta(days=1)

    assert submission_window(following)[0] == submission_window(day)[1]


@given(st.sampled_from(list(FEEDS.values())), DAYS)
def test_a_day_is_asked_for_before_it_is_closed(feed, day):
    asked = feed.day(day)

    assert asked.opens_at <= asked.first_asked_at <= asked.closes_at


def test_arxiv_is_still_at_yesterday_when_utc_is_not():
    late = datetime(2026, 11, 20, 3, tzinfo=UTC)

    assert ARXIV_ANNOUNCEMENTS.current_day(late) == date(2026, 11, 19)
    assert HUGGINGFACE_DAILY.current_day(late) == date(2026, 11, 20)


def test_a_weekend_is_asked_for_once_it_is_over():
    saturday = HUGGINGFACE_DAILY.day(date(2026, 11, 21))

    assert not saturday.should_bring_papers
    assert saturday.first_asked_at == saturday.closes_at
