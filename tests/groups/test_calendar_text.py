"""Whatever was typed, a calendar is well-formed and says it back."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.text import tidy_lines
from tests.builders import make_paper
from tests.data import data_folder
from tests.groups.builders import make_group, make_meeting
from tests.groups.calendar_reading import events, feed_of, plan

pytestmark = pytest.mark.django_db

HOSTILE = [
    "A; B, C: D \\ E \\n F",
    "Two\nlines\r\nand\rmore",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:x@example.org",
    "😀" * 75,
    "é" * 300,
    "x" * 300,
    " leading and trailing ",
    "\"quoted\" ^n ^^ 'single'",
    "\u2028\u2029\u0085\u202e\ufeff",
    "a\u0301" * 100,
    "tab\there and a bell \x07 and an escape \x1b",
]


def summary_of(title):
    group = make_group()
    make_meeting(group, day=date(2026, 11, 26), title=title[:300])
    content = feed_of(group)
    assert_well_formed(content)
    [event] = events(content)
    return str(event["SUMMARY"]).removeprefix(f"{group.name}: ")


def assert_well_formed(content: bytes) -> None:
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode()  # no letter is cut in two
    assert content.count(b"\r\nBEGIN:VEVENT") == content.count(b"\r\nUID:")


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_read_back_without_what_hides_or_turns(title):
    assert summary_of(title) == tidy_lines(title[:300])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
                     min_size=1, max_size=300))  # fmt: skip
def test_any_title_is_read_back_without_what_hides_or_turns(db, title):
    assert summary_of(title) == tidy_lines(title)


def test_hostile_names_break_no_line():
    group = make_group(name=HOSTILE[2][:80], summary=HOSTILE[1])
    _, meetings = plan(group, starts_on=date(2026, 11, 26), ends_on=date(2026, 12, 24))
    meetings[0].readings.create(paper=make_paper(title="BEGIN:VALARM; $x_1$, \\n"))

    content = feed_of(group)

    assert_well_formed(content)
    assert len(events(content)) == 2
    assert b"\r\nATTENDEE" not in content


def test_naughty_strings_break_no_calendar():
    lines = (data_folder("hostile") / "naughty_strings.jsonl").read_text().splitlines()
    naughty = [json.loads(line)["s"] for line in lines][:400]
    group = make_group()
    for number, text in enumerate(naughty):
        day = date.fromordinal(date(2026, 1, 1).toordinal() + number)
        make_meeting(group, day=day, title=text.replace("\0", "")[:300])

    content = feed_of(group)

    assert_well_formed(content)
    assert len(events(content)) == len(naughty)


def test_the_name_of_a_group_is_escaped_as_text():
    content = feed_of(make_group(name="A; B, C: \\ and\nmore"))

    for name in (b"NAME", b"X-WR-CALNAME"):
        assert b"\r\n" + name + rb":A\; B\, C: \\ and\nmore" + b"\r\n" in content
