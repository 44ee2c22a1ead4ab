"""A group's calendar, read back by others' libraries: every occurrence is a meeting's row."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from groups.models import Meeting
from groups.scheduling import wall_times
from tests.builders import make_paper, make_user
from tests.groups.builders import make_group, make_meeting, make_rsvp
from tests.groups.calendar_reading import (
    events,
    feed_of,
    occurrences,
    on,
    plan,
    read,
    seen,
    times,
    told_by_rows,
)

pytestmark = [pytest.mark.django_db, pytest.mark.dated]

# On three hemispheres' clock changes, half hours and quarters, and none at all.
ZONES = [
    "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Santiago",
    "America/Sao_Paulo", "Africa/Casablanca", "Africa/Cairo", "Asia/Kolkata", "Asia/Kathmandu",
    "Asia/Tehran", "Asia/Tokyo", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Kiritimati", "Atlantic/Azores", "America/Scoresbysund", "UTC",
    "Etc/GMT+5", "Asia/Gaza", "America/Havana", "Antarctica/Troll",
]  # fmt: skip
A_YEAR = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
A_TERM = {"starts_on": date(2026, 11, 26), "ends_on": date(2027, 2, 25)}


def change(meeting, **fields):
    """Change a meeting as an organiser does: its moments follow its wall time."""
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.sequence += 1
    meeting.changed_at = timezone.now()
    meeting.starts_at = wall_times.to_instant(meeting.day, meeting.time, meeting.zone)
    meeting.ends_at = meeting.starts_at + meeting.duration
    meeting.save()


@pytest.mark.parametrize("zone", ZONES)
def test_every_occurrence_of_a_year_is_a_row_and_every_row_an_occurrence(group, zone):
    plan(group, zone=zone, **A_YEAR)

    assert seen(feed_of(group)) == told_by_rows(group)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("clock", ["00:30", "01:30", "02:15", "02:30"])
def test_a_clock_change_at_the_hour_of_a_meeting_is_read_as_we_mean_it(group, zone, clock):
    """Clocks change on Sundays nearly everywhere."""
    plan(group, zone=zone, weekday=6, times=times(clock), duration_minutes=90, **A_YEAR)

    assert seen(feed_of(group)) == told_by_rows(group)


@pytest.mark.parametrize("clocks", [["09:00", "18:00"], ["01:30", "09:30", "17:30"], ["08:00"] * 4])
@pytest.mark.parametrize("interval", [1, 2])
def test_alternating_times_are_one_series_each(group, clocks, interval):
    schedule, _ = plan(group, times=times(*clocks), interval=interval, **A_TERM)
    content = feed_of(group)

    uids = {str(each["UID"]) for each in events(content)}
    assert len(uids) == min(len(clocks), Meeting.objects.filter(schedule=schedule).count())
    assert seen(content) == told_by_rows(group)


@pytest.mark.parametrize("nth", [1, 2, 3, 4, -1])
@pytest.mark.parametrize("clocks", [["18:00"], ["08:00", "20:00"]])
def test_a_monthly_rule_is_read_as_we_mean_it(group, nth, clocks):
    plan(group, frequency="monthly", nth=nth, interval=2, times=times(*clocks), **A_YEAR)

    assert seen(feed_of(group)) == told_by_rows(group)


def test_a_plain_term_is_one_event_without_exceptions(group):
    schedule, meetings = plan(group, **A_TERM)

    [event] = events(feed_of(group))

    assert event["UID"] == f"schedule-{schedule.pk}-0@localhost"
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20270225T225959Z;INTERVAL=1;BYDAY=TH"
    assert event["DTSTART"].to_ical() == b"20261126T180000"
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert len(meetings) == 14


def test_a_skipped_week_is_an_exception_date_and_no_occurrence(group):
    _, meetings = plan(group, **A_TERM)
    change(meetings[4], phase="skipped")
    content = feed_of(group)

    [event] = events(content)
    assert event["EXDATE"].to_ical() == b"20261224T180000"
    assert seen(content) == told_by_rows(group)
    assert len(seen(content)) == 13


def test_a_meeting_that_was_taken_away_is_an_exception_date(group):
    _, meetings = plan(group, **A_TERM)
    meetings[2].delete()

    assert seen(feed_of(group)) == told_by_rows(group)


@pytest.mark.parametrize(
    "moved",
    [
        {"day": date(2026, 12, 11)},
        {"time": time(20)},
        {"zone": "America/New_York"},
        {"duration_minutes": 90},
        # Onto a day that the rule has as well.
        {"day": date(2026, 12, 17), "time": time(9)},
    ],
)
def test_a_moved_meeting_keeps_its_name_in_the_series(group, moved):
    schedule, meetings = plan(group, **A_TERM)
    change(meetings[2], **moved)
    content = feed_of(group)

    _, exception = events(content)
    assert exception["UID"] == f"schedule-{schedule.pk}-0@localhost"
    assert exception["RECURRENCE-ID"].dt == on("2026-12-10")
    assert exception["SEQUENCE"] == 1
    assert seen(content) == told_by_rows(group)


def test_a_cancelled_meeting_stays_and_says_so(group):
    _, meetings = plan(group, **A_TERM)
    change(meetings[2], phase="cancelled", off_reason="Nobody could come")
    content = feed_of(group)

    _, exception = events(content)
    assert (exception["STATUS"], exception["SUMMARY"]) == ("CANCELLED", "Cancelled: Readers")
    assert seen(content) == told_by_rows(group)


def test_a_chosen_paper_names_the_meeting(group):
    _, meetings = plan(group, **A_TERM)
    paper = make_paper("2611.00042", title="Attention again")
    meetings[0].readings.create(paper=paper)

    _, exception = events(feed_of(group))

    assert exception["SUMMARY"] == "Readers: Attention again"
    assert "https://arxiv.org/abs/2611.00042" in exception["DESCRIPTION"]
    assert exception["URL"] == "http://localhost:8000/groups/readers/meetings/2026-11-26"


def test_a_meeting_outside_every_rule_is_an_event_of_its_own(group):
    plan(group, **A_TERM)
    guest = make_meeting(group, day=date(2026, 12, 5), title="A talk")
    content = feed_of(group)

    [event] = events(content, uid="meeting-")
    assert (event["UID"], event["SUMMARY"]) == (f"meeting-{guest.pk}@localhost", "Readers: A talk")
    assert seen(content) == told_by_rows(group)


def test_a_rule_changed_midway_is_two_series_and_nothing_twice(group):
    plan(group, starts_on=date(2026, 9, 3), ends_on=date(2026, 12, 31))
    plan(group, starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 30), weekday=1,
         times=times("08:00", "20:00"), zone="America/Los_Angeles")  # fmt: skip
    content = feed_of(group)

    assert len(events(content)) == 3
    assert seen(content) == told_by_rows(group)


def test_a_meeting_on_a_day_that_its_rule_has_not_is_still_told(group):
    schedule, _ = plan(group, **A_TERM)
    make_meeting(group, day=date(2026, 12, 2), schedule=schedule)

    assert seen(feed_of(group)) == told_by_rows(group)


def test_an_edit_keeps_every_uid(group):
    schedule, meetings = plan(group, times=times("09:00", "18:00"), **A_TERM)
    before = {str(each["UID"]) for each in events(feed_of(group))}

    schedule.times, schedule.sequence = times("10:00", "18:00"), 1
    schedule.save()
    change(meetings[3], day=date(2026, 12, 19))

    content = feed_of(group)
    assert {str(each["UID"]) for each in events(content)} == before
    assert seen(content) == told_by_rows(group)


def test_a_calendar_names_itself_and_says_when_to_come_back(group):
    plan(group, **A_TERM)
    content = feed_of(group)
    calendar = read(content)

    assert (calendar["NAME"], calendar["X-WR-CALNAME"]) == ("Readers", "Readers")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in content
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in content
    assert "METHOD" not in calendar


def test_nothing_of_a_public_calendar_says_how_to_join(group):
    type(group).objects.update(join_url="https://meet.example/secret", place="Room 5")
    group.refresh_from_db()
    _, meetings = plan(group, **A_TERM)
    change(meetings[0], join_url="https://meet.example/other", place="Attic", title="A talk")

    content = feed_of(group)

    assert b"meet.example" not in content
    assert b"Room 5" not in content
    assert b"Attic" not in content


def test_the_same_meetings_are_the_same_bytes(group):
    _, meetings = plan(group, times=times("09:00", "18:00"), **A_TERM)
    change(meetings[0], phase="skipped")

    assert feed_of(group) == feed_of(group)


def test_a_group_without_meetings_has_an_empty_calendar(group):
    assert events(feed_of(group)) == []
    assert read(feed_of(group))["NAME"] == "Readers"


def test_events_stay_as_long_as_they_are(group):
    """A meeting over a clock change lasts its minutes, not those of the wall."""
    make_meeting(group, day=date(2026, 10, 25), time=time(1, 30), duration_minutes=120,
                 starts_at=datetime(2026, 10, 24, 23, 30, tzinfo=UTC))  # fmt: skip

    [event] = occurrences(feed_of(group))

    length = event["DTEND"].dt.astimezone(UTC) - event["DTSTART"].dt.astimezone(UTC)
    assert length == timedelta(hours=2)


def test_a_summary_of_the_group_is_told_with_the_series():
    group = make_group("talkers", summary="We read; slowly, and\nwith tea.")
    plan(group, **A_TERM)

    [event] = events(feed_of(group))

    assert event["DESCRIPTION"] == "We read; slowly, and\nwith tea."


def test_a_public_calendar_knows_nobodys_answers(group):
    _, meetings = plan(group, **A_TERM)
    make_rsvp(meetings[0], make_user(), answer="no")

    assert seen(feed_of(group)) == told_by_rows(group)
