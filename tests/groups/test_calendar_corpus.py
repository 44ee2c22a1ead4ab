"""Calendars of other programs: their recurrences as our rules give the same occurrences."""

from __future__ import annotations

import re
import zoneinfo
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import recurring_ical_events
from icalendar import Calendar, vRecur

from groups.scheduling import rules, wall_times
from groups.scheduling.rules import Rule
from tests.data import data_folder
from tests.groups.builders import make_group, make_meeting
from tests.groups.calendar_reading import feed_of, plan, seen

pytestmark = pytest.mark.django_db

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
OURS = {"FREQ", "INTERVAL", "UNTIL", "COUNT", "BYDAY", "WKST"}
ZONES = zoneinfo.available_timezones()
LONGEST = timedelta(days=400)


@dataclass
class Case:
    """A recurrence of somebody else's that a group of ours could have."""

    name: str
    rule: Rule
    # Everything under the event's UID.
    parts: list[Any]


def rule_from(parts, start, minutes):
    """Return a recurrence as our rule, or None when we have no such one."""
    if not set(parts) <= OURS or len(parts.get("BYDAY", [])) > 1:
        return None
    weekday, nth = start.weekday(), None
    match = re.fullmatch(r"([+-]?\d*)(\w\w)", str(parts["BYDAY"][0])) if "BYDAY" in parts else None
    if match:
        nth = int(match[1]) if match[1] else None
        weekday = WEEKDAYS.index(match[2])
    frequency = str(parts["FREQ"][0]).lower()
    if (frequency, nth is None) not in {("weekly", True), ("monthly", False)}:
        return None
    rule = Rule(
        frequency=frequency, weekday=weekday, nth=nth, interval=int(parts.get("INTERVAL", [1])[0]),
        times=(start.time().replace(tzinfo=None),), zone=zone_of(start),
        starts_on=start.date(), ends_on=(start + LONGEST).date(), duration_minutes=minutes,
    )  # fmt: skip
    return ended(rule, parts) if fits(rule, start) else None


def zone_of(start):
    """Return the zone's name; "" for one that only the file knows."""
    if start.tzinfo in {None, UTC}:
        return "UTC"
    return getattr(start.tzinfo, "key", "")


def fits(rule, start):
    known = rule.zone in ZONES and rule.nth in {None, 1, 2, 3, 4, -1} and rule.interval <= 12
    return known and rule.first_on == start.date() and 5 <= rule.duration_minutes <= 720


def ended(rule, parts):
    until = parts.get("UNTIL", [None])[0]
    ends_on = rule.ends_on
    if until is not None:
        if isinstance(until, datetime) and until.tzinfo:
            until = until.astimezone(zoneinfo.ZoneInfo(rule.zone)).replace(tzinfo=None)
        if not isinstance(until, datetime):
            until = datetime.combine(until, time.max)
        if until.time() < rule.times[0]:
            until -= timedelta(days=1)
        ends_on = min(ends_on, until.date())
    rule = Rule(**vars(rule) | {"ends_on": ends_on})
    if "COUNT" in parts:
        days = rules.occurrences(rule)[: int(parts["COUNT"][0])]
        rule = Rule(**vars(rule) | {"ends_on": days[-1].day})
    return rule if rule.ends_on >= rule.starts_on else None


def cases_in(path):
    try:
        calendars = Calendar.from_ical(path.read_bytes(), multiple=True)
    except Exception:  # noqa: BLE001 - the set holds broken files on purpose
        return
    for calendar in calendars:
        named = defaultdict(list)
        for event in getattr(calendar, "events", []):
            named[event.get("UID")].append(event)
        for parts in named.values():
            rules_among = [each for each in parts if "RRULE" in each]
            if len(rules_among) == 1 and (case := case_of(path, rules_among[0], parts)):
                yield case


def case_of(path, event, parts):
    start, end = event.get("DTSTART"), event.get("DTEND")
    start, end = getattr(start, "dt", None), getattr(end, "dt", None)
    if not isinstance(start, datetime) or not isinstance(end, datetime) or not start.tzinfo:
        return None
    if "RDATE" in event or isinstance(event["RRULE"], list):
        return None
    turns = [each["RECURRENCE-ID"] for each in parts if "RECURRENCE-ID" in each]
    rule = rule_from(event["RRULE"], start, round((end - start).total_seconds() / 60))
    is_plain = all("RANGE" not in turn.params for turn in turns)
    return Case(path.name, rule, parts) if rule and is_plain else None


def read_by_others(case):
    """Return what the library finds in the file, until our rule ends."""
    calendar = Calendar()
    for part in case.parts:
        calendar.add_component(part)
    first = datetime.combine(case.rule.starts_on, time(), tzinfo=UTC) - timedelta(days=400)
    last = datetime.combine(case.rule.ends_on, time(), tzinfo=UTC) + timedelta(days=400)
    end = wall_times.to_instant(case.rule.ends_on, time(23, 59, 59), case.rule.zone)
    found = recurring_ical_events.of(calendar).between(first, last)
    for event in found:
        turn = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else event["DTSTART"].dt
        if turn <= end:
            yield event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC)


def hold(case):
    """Make a group with the file's rule, its exceptions and its moved occurrences."""
    group = make_group()
    _, meetings = plan(group, **vars(case.rule) | {"times": list(case.rule.times)})
    by_turn = {each.starts_at: each for each in meetings}
    master, *changed = sorted(case.parts, key=lambda each: "RECURRENCE-ID" in each)
    for exceptions in as_list(master.get("EXDATE")):
        for leaf in exceptions.dts:
            gone = by_turn.get(leaf.dt.astimezone(UTC)) if isinstance(leaf.dt, datetime) else None
            if gone:
                gone.phase = "skipped"
                gone.save()
    for part in changed:
        move(group, by_turn.get(part["RECURRENCE-ID"].dt.astimezone(UTC)), part)
    return group


def move(group, meeting, part):
    start = part["DTSTART"].dt.astimezone(zoneinfo.ZoneInfo("UTC"))
    end = part["DTEND"].dt.astimezone(UTC)
    if meeting is None:
        # An occurrence that the rule has not: a meeting of its own.
        meeting = make_meeting(group, day=start.date(), time=start.time(), zone="UTC")
    meeting.day, meeting.time, meeting.zone = start.date(), start.time(), "UTC"
    meeting.starts_at, meeting.ends_at = start, end
    meeting.duration_minutes = round((end - start).total_seconds() / 60)
    meeting.phase = "planned"
    meeting.save()


def as_list(value):
    return value if isinstance(value, list) else [value] if value is not None else []


def test_recurrences_of_other_programs_are_the_same_in_our_feed():
    folder, tried, differing = data_folder("icalendar"), 0, {}
    for path in sorted(folder.rglob("*.ics")):
        for case in cases_in(path):
            tried += 1
            told = sorted(read_by_others(case))
            ours = [(each.starts_at, each.ends_at) for each in seen(feed_of(hold(case)))]
            if ours != told:
                differing[case.name] = (len(ours), len(told))
    assert not differing
    assert tried


def libical_cases():
    """Yield the recurrences that libical tests itself with, and the days it expects."""
    text = (data_folder("icalendar") / "libical_recurrence" / "icalrecur_test.txt").read_text()
    for block in text.split("\n\n"):
        found = [line.partition(":") for line in block.splitlines() if ":" in line]
        lines = {name: value for name, _, value in found if not name.startswith("#")}
        if set(lines) != {"RRULE", "DTSTART", "INSTANCES"} or "T" not in lines["DTSTART"]:
            continue
        try:
            parts = vRecur.from_ical(lines["RRULE"])
        except ValueError:
            continue
        instances = lines["INSTANCES"].rstrip(",").split(",")
        yield parts, at(lines["DTSTART"]), [at(each).date() for each in instances]


def at(text):
    return datetime.fromisoformat(text.rstrip("Z"))


def test_the_dates_that_libical_expects_are_those_of_our_rules():
    tried = 0
    for parts, start, expected in libical_cases():
        rule = rule_from(parts, start, 60)
        if rule is not None:
            tried += 1
            days = [each.day for each in rules.occurrences(rule)]
            assert days == [day for day in expected if day <= rule.ends_on], parts
    assert tried
