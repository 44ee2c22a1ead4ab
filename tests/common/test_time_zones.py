"""The list of time zones that is offered, and what else names a zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from common import time_zones

WINTER, SUMMER = datetime(2026, 11, 29, 12, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_every_label_says_the_offset_at_the_moment_asked_for():
    zones = {zone.name: zone for zone in time_zones.listed(WINTER)}

    assert zones["Europe/Berlin"].label(WINTER) == "Europe/Berlin (UTC+01:00), Germany"
    assert zones["Europe/Berlin"].label(SUMMER) == "Europe/Berlin (UTC+02:00), Germany"
    assert zones["America/New_York"].label(WINTER).startswith("America/New_York (UTC-05:00)")
    assert zones["Asia/Kathmandu"].label(WINTER).startswith("Asia/Kathmandu (UTC+05:45)")


def test_the_list_begins_with_utc_and_is_in_order():
    names = [zone.name for zone in time_zones.listed(WINTER)]

    assert names[0] == "UTC"
    assert names[1:] == sorted(names[1:])


def test_no_country_has_two_zones_with_the_same_clocks():
    clocks = [
        (zone.country, *(ZoneInfo(zone.name).utcoffset(datetime(2027, month, 15))
         for month in range(1, 13)))
        for zone in time_zones.listed(WINTER)
    ]  # fmt: skip

    assert len(clocks) == len(set(clocks)) < 330


@pytest.mark.parametrize(
    "name",
    ["Europe/Berlin", "Europe/Amsterdam", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo"],
)
def test_what_people_look_for_is_in_the_list(name):
    assert name in {zone.name for zone in time_zones.listed(WINTER)}


@pytest.mark.parametrize("name", ["Asia/Calcutta", "America/Detroit", "US/Eastern", "Etc/UTC"])
def test_near_doubles_are_not(name):
    assert name not in {zone.name for zone in time_zones.listed(WINTER)}
    assert time_zones.is_time_zone(name)


def test_every_zone_and_every_label_is_found():
    for name in time_zones.names():
        assert time_zones.find(name) == name
    for zone in time_zones.listed(WINTER):
        assert time_zones.find(zone.label(SUMMER)) == zone.name


def test_an_alias_is_another_name_for_the_same_clock():
    for name in time_zones.names():
        found = time_zones.canonical(name)
        assert ZoneInfo(found).utcoffset(datetime(2027, 1, 15)) == (
            ZoneInfo(name).utcoffset(datetime(2027, 1, 15))
        )
        assert time_zones.canonical(found) == found
