"""Rules of recurrence: their days, their times, and what makes no rule."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups.scheduling import rules, wall_times, words
from groups.scheduling.rules import RuleError, describe, make_rule, occurrences
from groups.scheduling.wall_times import Clock
from tests.data import data_folder

ZONES = sorted(available_timezones())[:: max(1, len(available_timezones()) // 400)]


def rule(**fields):
    fields = {
        "frequency": "weekly",
        "weekday": 3,
        "times": (time(18),),
        "zone": "Europe/Berlin",
        "starts_on": date(2026, 11, 26),
        "ends_on": date(2027, 11, 25),
    } | fields
    return make_rule(**fields)


def days(**fields):
    return [each.day for each in occurrences(rule(**fields))]


def test_a_weekly_rule_names_every_week_to_its_last_day():
    found = days(ends_on=date(2026, 12, 17))

    assert found == [date(2026, 11, 26), date(2026, 12, 3), date(2026, 12, 10), date(2026, 12, 17)]


def test_a_rule_begins_on_the_first_day_that_fits():
    assert days(starts_on=date(2026, 11, 27), interval=2)[:2] == [
        date(2026, 12, 3),
        date(2026, 12, 17),
    ]


def test_a_monthly_rule_names_the_weekday_of_each_month():
    found = days(frequency="monthly", nth=1, weekday=0, ends_on=date(2027, 2, 1))

    assert found == [date(2026, 12, 7), date(2027, 1, 4), date(2027, 2, 1)]


def test_the_last_of_a_month_may_be_the_fourth_or_the_fifth():
    found = days(frequency="monthly", nth=-1, ends_on=date(2027, 1, 31))

    assert found == [date(2026, 11, 26), date(2026, 12, 31), date(2027, 1, 28)]


def test_times_are_taken_in_turn():
    found = occurrences(rule(times=(time(9), time(18)), ends_on=date(2026, 12, 10)))

    assert [(each.index, each.time) for each in found] == [
        (0, time(9)),
        (1, time(18)),
        (2, time(9)),
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Every Thursday at 18:00 in Berlin"),
        ({"interval": 2}, "Every second Thursday at 18:00 in Berlin"),
        ({"interval": 6}, "Thursday every 6 weeks at 18:00 in Berlin"),
        (
            {"frequency": "monthly", "nth": 1, "weekday": 0, "times": (time(9), time(18))},
            "The first Monday of each month, at 09:00 and 18:00 in Berlin, in turn",
        ),
        (
            {"frequency": "monthly", "nth": -1, "interval": 2, "zone": "UTC"},
            "The last Thursday of every second month, at 18:00 UTC",
        ),
    ],
)
def test_a_rule_is_said_in_words(fields, said):
    assert describe(rule(**fields)) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ends_on": None}, "Enter when the term ends."),
        ({"zone": "Atlantis"}, "“Atlantis” is not a time zone. Choose one from the list."),
        ({"ends_on": date(2026, 11, 25)}, "The term ends before it starts."),
        ({"ends_on": date(2030, 1, 1)}, "A term lasts 3 years at most. It can be extended later."),
        (
            {"starts_on": date(2026, 11, 27), "ends_on": date(2026, 12, 2)},
            "No meeting falls between these dates.",
        ),
        ({"interval": 0}, "Meetings may be 1 to 12 weeks apart."),
        ({"interval": 13, "frequency": "monthly", "nth": 1},
         "Meetings may be 1 to 12 months apart."),
        ({"times": ()}, "Enter one time, or up to 4 to take in turn."),
        ({"times": (time(9),) * 5}, "Enter one time, or up to 4 to take in turn."),
        ({"times": (time(9, 0, 1),)}, "Enter times as hours and minutes."),
        ({"weekday": 7}, "Choose a day of the week."),
        ({"frequency": "daily"}, "Choose weeks or months."),
        (
            {"frequency": "monthly"},
            "Choose which weekday of the month: first to fourth, or last.",
        ),
        ({"duration_minutes": 0}, "A meeting lasts 5 to 720 minutes."),
        (
            {"starts_on": date(9999, 1, 1), "ends_on": date(9999, 2, 1)},
            "Choose another year.",
        ),
    ],
)  # fmt: skip
def test_what_makes_no_rule_is_refused_with_the_reason(fields, said):
    with pytest.raises(RuleError) as refusal:
        rule(**fields)

    assert str(refusal.value) == said


def test_a_term_from_a_leap_day_may_last_three_years():
    assert days(starts_on=date(2028, 2, 29), ends_on=date(2031, 2, 28))


def test_more_than_two_hundred_meetings_make_no_rule(monkeypatch):
    # Three years of weeks are 157: the bound is for when a term may be longer.
    monkeypatch.setattr(rules, "MAX_MEETINGS", 50)

    with pytest.raises(RuleError, match="more than 50 meetings"):
        rule()


@given(
    zone=st.sampled_from(ZONES),
    at=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    weekday=st.integers(0, 6),
)
@settings(max_examples=400)
def test_the_wall_time_stays_the_same_for_three_years(zone, at, weekday):
    term = rule(zone=zone, times=(at,), weekday=weekday, ends_on=date(2029, 11, 25))
    instants = []
    for each in occurrences(term):
        instant = wall_times.to_instant(each.day, each.time, zone)
        shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        wall = datetime.combine(each.day, at)
        assert each.day.weekday() == weekday
        if wall_times.clock_of(each.day, at, zone) is Clock.NEVER:
            assert shown > wall
        else:
            assert shown == wall
        instants.append(instant)
    assert len(set(instants)) == len(instants) == len(occurrences(term))
    assert instants == sorted(instants)


@given(
    skipped=st.integers(0, 20),
    turns=st.integers(1, 4),
    frequency=st.sampled_from(["weekly", "monthly"]),
)
def test_a_later_end_changes_no_day_that_was_named(skipped, turns, frequency):
    times = tuple(time(8 + each) for each in range(turns))
    nth = 2 if frequency == "monthly" else None
    term = rule(frequency=frequency, nth=nth, times=times)
    longer = replace(term, ends_on=term.ends_on + timedelta(weeks=skipped))

    assert occurrences(longer)[: len(occurrences(term))] == occurrences(term)


def test_a_time_that_never_comes_is_counted_with_the_offset_before():
    day = date(2027, 3, 28)

    assert wall_times.clock_of(day, time(2, 30), "Europe/Berlin") is Clock.NEVER
    assert wall_times.to_instant(day, time(2, 30), "Europe/Berlin") == datetime(
        2027, 3, 28, 1, 30, tzinfo=UTC
    )
    assert words.clock_note(day, time(2, 30), "Europe/Berlin") == (
        "On March 28, 2027 clocks in Berlin go forward, and 02:30 does not exist: the meeting "
        "starts at 03:30."
    )


def test_of_a_time_that_comes_twice_it_is_the_first():
    day = date(2027, 10, 31)

    assert wall_times.clock_of(day, time(2, 30), "Europe/Berlin") is Clock.TWICE
    assert wall_times.to_instant(day, time(2, 30), "Europe/Berlin") == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )
    assert "02:30 happens twice: the meeting is at the first." in words.clock_note(
        day, time(2, 30), "Europe/Berlin"
    )


def test_a_day_that_a_zone_leaves_out_is_held_the_day_after():
    # Samoa went from December 29 to December 31, 2011.
    note = words.clock_note(date(2011, 12, 30), time(18), "Pacific/Apia")

    assert note.endswith("the meeting starts at 18:00 the day after.")


def test_a_weekly_evening_in_paris_moves_in_utc_and_not_on_the_wall():
    # Measured in production elsewhere: 18:00 UTC until March 29, then 17:00.
    before = wall_times.to_instant(date(2026, 3, 26), time(19), "Europe/Paris")
    after = wall_times.to_instant(date(2026, 4, 2), time(19), "Europe/Paris")

    assert (before.hour, after.hour) == (18, 17)


def test_hours_before_are_of_the_wall_clock():
    week_before = wall_times.hours_before(date(2026, 4, 2), time(19), "Europe/Paris", 7 * 24)

    assert week_before == datetime(2026, 3, 26, 18, tzinfo=UTC)


# The recurrences of libical that are of our kind -------------------------------------------------

_SPOKEN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}
_DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def _cases():
    """Give each rule that has a day of the week and no more, its start and its days."""
    text = (data_folder("icalendar") / "libical_recurrence" / "icalrecur_test.txt").read_text()
    for block in re.split(r"\n\s*\n", text):
        lines = dict(
            line.split(":", 1) for line in block.splitlines() if re.match("[A-Z-]+:", line)
        )
        parts = dict(each.split("=") for each in lines.get("RRULE", "").split(";") if each)
        weekly = parts.get("FREQ") == "WEEKLY"
        if set(parts) <= _SPOKEN and (weekly or parts.get("FREQ") == "MONTHLY"):
            start, *_ = found = [_day(each) for each in lines["INSTANCES"].split(",")]
            if start == _day(lines["DTSTART"]) and "START-AT" not in lines:
                yield parts, start, found


def _day(text):
    return datetime.strptime(text[:8], "%Y%m%d").date()


def _rules(parts, start, last):
    """Say it in ours, one rule for each day of the week; nothing for what we do not speak."""
    weekly = parts["FREQ"] == "WEEKLY"
    named = parts.get("BYDAY", _DAYS[start.weekday()] if weekly else "").rstrip(",").split(",")
    interval = int(parts.get("INTERVAL", 1))
    if not all(named) or (len(named) > 1 and interval > 1):
        return []
    try:
        return [
            rule(
                frequency=parts["FREQ"].lower(), interval=interval, starts_on=start, ends_on=last,
                weekday=_DAYS.index(each[-2:]), nth=int(each[:-2]) if each[:-2] else None,
            )
            for each in named
        ]  # fmt: skip
    except RuleError:
        return []


def test_libical_names_the_same_days():
    compared = 0
    for parts, start, expected in _cases():
        ours = _rules(parts, start, expected[-1])
        if ours:
            found = {each.day for one in ours for each in occurrences(one)}
            assert sorted(found) == expected, parts
            compared += 1
    assert compared >= 10
