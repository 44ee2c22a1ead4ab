from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from common.templatetags.relative_times import ago

pytestmark = pytest.mark.dated

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "Nov 13"),
        (timedelta(days=365), "Nov 20, 2025"),
    ],
)
def test_a_time_is_told_from_now_for_a_week_and_by_its_day_later(age, words):
    assert ago(NOW - age) == words


def test_a_day_is_that_of_the_readers_zone():
    with timezone.override("Pacific/Auckland"):
        assert ago(datetime(2026, 11, 1, 23, 0, tzinfo=UTC)) == "Nov 2"
