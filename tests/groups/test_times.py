"""What the template tags say, and that it is the moment meant."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from groups.scheduling import wall_times
from groups.scheduling.words import distance

pytestmark = pytest.mark.dated

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MEMBER, VISITOR = SimpleNamespace(is_authenticated=True), SimpleNamespace(is_authenticated=False)


def shown(tag, *, user=MEMBER, reader="Europe/London", now=NOW, **context):
    with time_machine.travel(now, tick=False), timezone.override(ZoneInfo(reader)):
        template = Template("{% load groups %}{% " + tag + " %}")
        return template.render(Context({"user": user} | context))


def text_of(html):
    return re.sub(r"<[^>]+>", "", html)


def meeting_at(day=date(2026, 11, 26), at=time(18), zone="Europe/Berlin", *, is_off=False):
    starts_at = wall_times.to_instant(day, at, zone)
    ends_at = starts_at + timedelta(hours=1)
    return SimpleNamespace(starts_at=starts_at, ends_at=ends_at, zone=zone, is_off=is_off)


def when(meeting=None, **options):
    return text_of(shown("meeting_when meeting", meeting=meeting or meeting_at(), **options))


def test_a_member_reads_their_own_time_first_and_the_groups_beside_it():
    assert when() == "Thursday, November 26, 17:00 your time · 18:00 in Berlin · in 4 days"


def test_a_visitor_reads_the_groups_time_alone():
    assert when(user=VISITOR) == "Thursday, November 26, 18:00 in Berlin · in 4 days"


def test_a_time_that_is_the_same_for_both_is_said_once():
    assert when(reader="Europe/Paris") == "Thursday, November 26, 18:00 in Berlin · in 4 days"


def test_another_day_in_the_groups_zone_is_named():
    words = when(meeting_at(zone="Asia/Tokyo", at=time(3)), reader="America/New_York")

    assert words.startswith("Wednesday, November 25, 13:00 your time")
    assert "Thursday, November 26, 03:00 in Tokyo" in words


def test_another_year_is_named():
    assert when(meeting_at(date(2027, 1, 7))).startswith("Thursday, January 7, 2027, 17:00")


def test_a_meeting_that_is_off_is_no_distance_away():
    assert when(meeting_at(is_off=True)).endswith("18:00 in Berlin")


def test_the_moment_stands_in_the_page_for_machines():
    html = shown("meeting_when meeting", meeting=meeting_at())

    assert '<time datetime="2026-11-26T17:00:00Z">' in html


def test_a_list_has_the_short_form():
    words = text_of(shown("meeting_when_short meeting", meeting=meeting_at()))

    assert words == "Thu, Nov 26, 17:00 your time · 18:00 in Berlin"


def test_a_deadline_within_days_is_named_by_its_weekday():
    at = datetime(2026, 11, 24, 17, tzinfo=UTC)
    words = text_of(shown('moment_when at "Europe/Berlin"', at=at))

    assert words == "Tuesday, 17:00 your time · 18:00 in Berlin"


def test_a_deadline_further_off_is_named_by_its_date():
    at = datetime(2026, 12, 8, 17, tzinfo=UTC)
    words = text_of(shown('moment_when at "Europe/Berlin"', at=at))

    assert words == "Tuesday, December 8, 17:00 your time · 18:00 in Berlin"


def far(starts, *, now=NOW, zone="UTC"):
    return distance(starts, starts + timedelta(hours=1), now=now, zone=ZoneInfo(zone))


def test_distances_are_said_as_people_say_them():
    assert far(NOW + timedelta(minutes=20)) == "in 20 minutes"
    assert far(NOW + timedelta(seconds=20)) == "in 1 minute"
    assert far(NOW + timedelta(hours=5)) == "in 5 hours"
    assert far(NOW + timedelta(days=1)) == "tomorrow"
    assert far(NOW + timedelta(days=21)) == "in 3 weeks"


def test_a_meeting_is_now_until_it_ends():
    assert far(NOW - timedelta(minutes=59)) == "now"
    assert far(NOW - timedelta(minutes=60)) == "earlier today"
    assert far(NOW - timedelta(days=1)) == "yesterday"


def test_tomorrow_is_the_readers():
    late = datetime(2026, 11, 22, 22, tzinfo=UTC)

    assert far(late + timedelta(hours=10), now=late) == "tomorrow"
    assert far(late + timedelta(hours=10), now=late, zone="Asia/Tokyo") == "in 10 hours"


ZONES = ["Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "UTC"]


@given(
    minutes=st.integers(0, 3 * 365 * 24 * 60),
    zone=st.sampled_from(ZONES),
    reader=st.sampled_from(ZONES),
)
def test_what_is_shown_first_is_the_instant(minutes, zone, reader):
    at = NOW + timedelta(minutes=minutes)
    html = shown("moment_when at zone", at=at, zone=zone, reader=reader, now=NOW - timedelta(40))
    said = re.search(r'datetime="([^"]+)">\w+, (\w+ \d+)(?:, (\d{4}))?, ([\d:]+)<', html)

    machine, day, year, clock = said.groups()
    read = datetime.strptime(f"{day} {year or 2026} {clock}", "%B %d %Y %H:%M")
    assert read == at.astimezone(ZoneInfo(reader)).replace(tzinfo=None)
    assert datetime.fromisoformat(machine) == at
