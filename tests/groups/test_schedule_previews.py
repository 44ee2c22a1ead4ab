"""A longer term, a change that is shown before it is made, days without a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from common.refusals import Refused
from discussions.models import Notification
from groups.models import LogEntry, Notice, Schedule
from groups.schedule import schedules
from groups.schedule.meetings import cancel_or_skip
from groups.schedule.schedules import ChangedMeanwhileError
from groups.scheduling.rules import RuleError
from tests.builders import make_user
from tests.groups.builders import (
    make_membership,
    make_question,
)
from tests.groups.terms import FIRST, NOW, meetings, preview, rule, set_rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def term(group, owner):
    """Six Thursdays at 18:00, to the end of the year."""
    return set_rule(group, owner)


# Extending ----------------------------------------------------------------------------------------


def test_a_longer_term_keeps_its_rule_and_its_meetings(group, owner, term):
    before = [each.pk for each in meetings(group)]
    longer = set_rule(group, owner, ends_on=date(2027, 1, 14))

    assert longer.pk == term.pk
    assert [each.pk for each in meetings(group)][:6] == before
    assert len(meetings(group)) == 8
    assert {each.sequence for each in meetings(group)} == {0}


def test_a_term_is_extended_from_any_of_its_days(group, owner, term):
    longer = set_rule(group, owner, starts_on=date(2026, 12, 10), ends_on=date(2027, 1, 14))

    assert (longer.pk, longer.starts_on) == (term.pk, FIRST)


def test_turns_go_on_when_a_term_is_extended(group, owner):
    both = (time(9), time(18))
    term = set_rule(group, owner, times=both)
    longer = set_rule(
        group, owner, times=both[::-1], starts_on=date(2026, 12, 3), ends_on=date(2027, 1, 14)
    )

    assert longer.pk == term.pk
    assert [each.time for each in meetings(group)] == [*both] * 4


def test_what_would_be_too_long_a_term_gets_a_new_rule(group, owner):
    term = set_rule(group, owner, ends_on=date(2029, 11, 22))
    with time_machine.travel(datetime(2029, 1, 1, tzinfo=UTC), tick=False):
        new = set_rule(group, owner, starts_on=date(2029, 1, 4), ends_on=date(2030, 12, 31))

    term.refresh_from_db()
    assert new.pk != term.pk
    assert term.ends_on == date(2029, 1, 3)


def test_setting_the_same_rule_again_changes_nothing(group, owner, term):
    lines = LogEntry.objects.count()
    again = set_rule(group, owner)

    assert (again.pk, again.sequence) == (term.pk, 0)
    assert LogEntry.objects.count() == lines


# The preview --------------------------------------------------------------------------------------


def test_a_preview_says_what_would_change_and_changes_nothing(group, owner, term):
    make_question(meetings(group)[-1])
    changes = preview(group, times=(time(17),), interval=2)

    assert [each.occurs_on.day for each in changes.moved] == [26, 10, 24]
    assert [each.occurs_on.day for each in changes.deleted] == [3, 17]
    assert [each.occurs_on.day for each in changes.cancelled] == [31]
    assert changes.summary == "3 meetings move, 2 meetings are removed, 1 meeting is cancelled"
    assert len(meetings(group)) == 6


def test_exactly_what_was_shown_is_done(group, owner, term):
    digest = preview(group, times=(time(17),)).digest
    set_rule(group, owner, times=(time(17),), digest=digest)

    assert {each.time for each in meetings(group)} == {time(17)}


def test_what_changed_meanwhile_is_shown_again_and_not_done(group, owner, term):
    digest = preview(group, times=(time(17),)).digest
    cancel_or_skip(meeting=meetings(group)[2], by=owner, phase="skipped")

    with pytest.raises(ChangedMeanwhileError) as refusal:
        set_rule(group, owner, times=(time(17),), digest=digest)
    assert len(refusal.value.changes.moved) == 5
    assert {each.time for each in meetings(group)} == {time(18)}


def test_a_preview_names_the_clock_changes(group):
    changes = preview(group, weekday=6, times=(time(2, 30),), ends_on=date(2027, 4, 30))

    [note] = changes.clock_notes
    assert note == (
        "On March 28, 2027 clocks in Berlin go forward, and 02:30 does not exist: the meeting "
        "starts at 03:30."
    )


def test_a_preview_costs_the_same_for_few_and_many(count_queries, group, owner, term):
    few = count_queries(lambda: preview(group, interval=2))
    set_rule(group, owner, ends_on=date(2028, 12, 31))
    many = count_queries(lambda: preview(group, interval=2))

    assert many == few


# Refusals -----------------------------------------------------------------------------------------


def test_a_rule_from_a_day_that_is_past_is_refused(group, owner):
    with pytest.raises(Refused, match=r"^November 22, 2026 is in the past\."):
        set_rule(group, owner, starts_on=date(2026, 11, 22))


def test_a_rule_that_makes_no_sense_is_refused_whoever_made_it(group, owner):
    wrong = replace(rule(), zone="Nowhere")

    with pytest.raises(RuleError, match="is not a time zone"):
        schedules.set_schedule(group=group, by=owner, rule=wrong, from_day=FIRST)
    assert not Schedule.objects.exists()


# Telling ------------------------------------------------------------------------------------------


def test_a_changed_rule_is_told_to_members_once_and_logged(group, owner, term):
    member = make_membership(group, make_user()).member
    set_rule(group, owner, times=(time(17),))

    notice = Notice.objects.get()
    assert (notice.kind, notice.subject_id, notice.number) == ("schedule", term.pk, 1)
    words = Notification.objects.get(recipient=member).summary
    assert "Every Thursday at 17:00 in Berlin" in words
    assert LogEntry.objects.filter(kind="schedule", actor=owner).count() == 2


# Holidays -----------------------------------------------------------------------------------------


def skip(group, owner, *wanted):
    return schedules.skip_days(group=group, by=owner, days=wanted)


def test_several_days_are_skipped_at_once(group, owner, term):
    skip(group, owner, date(2026, 12, 24), date(2026, 12, 31))

    assert [each.phase for each in meetings(group)][-2:] == ["skipped", "skipped"]
    assert not Notice.objects.exists()


def test_skipping_again_changes_nothing(group, owner, term):
    skip(group, owner, date(2026, 12, 24))

    assert skip(group, owner, date(2026, 12, 24)) == []
    assert meetings(group)[4].sequence == 1


def test_a_day_before_the_term_or_without_a_meeting_is_named_and_nothing_is_skipped(
    group, owner, term
):
    with pytest.raises(Refused) as refusal:
        skip(group, owner, date(2026, 12, 24), date(2026, 12, 25), date(2026, 11, 19))
    assert str(refusal.value) == (
        "November 19, 2026 is before the term, which starts on November 26, 2026. "
        "No meeting falls on December 25, 2026."
    )
    assert meetings(group)[4].phase == "planned"


def test_the_rule_that_holds_is_the_next_one(group, owner, term):
    assert schedules.current(group) == term
    with time_machine.travel(datetime(2027, 1, 1, 12, tzinfo=UTC) + timedelta(days=1)):
        assert schedules.current(group) is None
