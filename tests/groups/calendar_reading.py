"""Calendars read back by others' libraries, to be compared with the rows they were made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from groups.calendar import feeds
from groups.models import Meeting
from groups.scheduling import wall_times
from groups.scheduling.rules import occurrences as occurrences_of
from groups.scheduling.rules import rule_of
from tests.groups.builders import make_meeting, make_schedule

if TYPE_CHECKING:
    from icalendar import Event

    from groups.models import Group, Schedule

FROM, UNTIL = datetime(1980, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Seen:
    """One occurrence, as a reader of the calendar puts it on the wall."""

    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool


def read(content: bytes) -> Calendar:
    """Read what a feed sent, as a program that knows nothing of us."""
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    return calendar


def occurrences(content: bytes) -> list[Any]:
    found: list[Any] = recurring_ical_events.of(read(content)).between(FROM, UNTIL)
    return sorted(found, key=lambda event: event["DTSTART"].dt.astimezone(UTC))


def seen(content: bytes) -> list[Seen]:
    """Return every occurrence that the calendar has, in UTC."""
    return sorted(
        Seen(
            starts_at=event["DTSTART"].dt.astimezone(UTC),
            ends_at=event["DTEND"].dt.astimezone(UTC),
            is_cancelled=event.get("STATUS") == "CANCELLED",
        )
        for event in occurrences(content)
    )


def told_by_rows(group: Group) -> list[Seen]:
    """Return what the calendar should have: every meeting of the group but skipped ones."""
    meetings = Meeting.objects.filter(group=group).exclude(phase="skipped")
    return sorted(
        Seen(
            starts_at=each.starts_at.astimezone(UTC),
            ends_at=each.ends_at.astimezone(UTC),
            is_cancelled=each.phase == "cancelled",
        )
        for each in meetings
    )


def events(content: bytes, *, uid: str = "") -> list[Event]:
    return [each for each in read(content).events if str(each["UID"]).startswith(uid)]


def feed_of(group: Group) -> bytes:
    return feeds.group_feed(group).write()


def on(day: str, at: str = "18:00", zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=ZoneInfo(zone))


def plan(group: Group, **fields: Any) -> tuple[Schedule, list[Meeting]]:
    """Make a rule with a meeting on each of its days."""
    schedule = make_schedule(group, **fields)
    rule = rule_of(schedule)
    meetings = []
    for each in occurrences_of(rule):
        fields = {
            "time": each.time,
            "zone": rule.zone,
            "starts_at": wall_times.to_instant(each.day, each.time, rule.zone),
            "duration_minutes": rule.duration_minutes,
        }
        meetings.append(make_meeting(group, day=each.day, schedule=schedule, **fields))
    return schedule, meetings


def times(*clocks: str) -> list[time]:
    return [time.fromisoformat(each) for each in clocks]
