"""VTIMEZONE: what a calendar reads out of it is what the zone's clocks say."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Timezone

from groups.calendar import zones
from groups.scheduling import wall_times

NAMES = sorted(zoneinfo.available_timezones())
HOURS = st.integers(min_value=0, max_value=3 * 365 * 24 * 4)


def offset_by(described: Any, moment: datetime) -> timedelta:
    """Say what a clock is from UTC by the rules alone, as RFC 5545 (3.6.5) has it read."""
    onsets = []
    for season in described.subcomponents:
        dates = [season["DTSTART"].dt]
        found = season.get("RDATE", [])
        for leaf in found if isinstance(found, list) else [found]:
            dates += [each.dt for each in leaf.dts]
        for each in dates:
            at = each.replace(tzinfo=UTC) - season["TZOFFSETFROM"].td
            onsets.append((at, season["TZOFFSETTO"].td))
    return max(onset for onset in onsets if onset[0] <= moment)[1]


def described(zone: str) -> Any:
    written = zones.describe(zone, first_year=2025, last_year=2027).to_ical()
    return Timezone.from_ical(written)


@settings(max_examples=300)
@given(zone=st.sampled_from(NAMES), quarter=HOURS)
def test_the_rules_say_what_the_clocks_say(zone, quarter):
    moment = datetime(2025, 1, 1, tzinfo=UTC) + quarter * timedelta(minutes=15)

    local = moment.astimezone(zoneinfo.ZoneInfo(zone))

    assert offset_by(described(zone), moment) == local.utcoffset()


@pytest.mark.parametrize(
    ("zone", "wall"),
    [
        # The clocks go forward at 2:00, and back at 3:00: by the clock as it was before.
        ("Europe/Berlin", b"DTSTART:20250330T020000"),
        ("Europe/Berlin", b"DTSTART:20251026T030000"),
        ("Australia/Lord_Howe", b"DTSTART:20251005T020000"),
        # A season of five weeks.
        ("Africa/Casablanca", b"DTSTART:20250223T030000"),
        ("Africa/Casablanca", b"DTSTART:20250406T020000"),
    ],
)
def test_a_change_is_dated_by_the_clock_before_it(zone, wall):
    assert wall in zones.describe(zone, first_year=2025, last_year=2027).to_ical()


def test_a_zone_without_changes_has_one_season():
    assert len(described("Asia/Kolkata").subcomponents) == 1


def test_january_first_is_covered_wherever_the_zone_is():
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin"):
        moment = wall_times.to_instant(datetime(2025, 1, 1).date(), datetime.min.time(), zone)
        assert offset_by(described(zone), moment) is not None
