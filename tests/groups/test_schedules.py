"""Setting a rule, and what it changes of the meetings that there are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from discussions.models import Thread
from groups.models import Meeting, Notice, Schedule
from groups.schedule.meetings import cancel_or_skip, move_meeting
from tests.builders import make_paper
from tests.groups.builders import (
    make_group,
    make_meeting,
    make_membership,
    make_question,
    make_rsvp,
    make_seat,
)
from tests.groups.terms import NOW, days, meetings, preview, set_rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def term(group, owner):
    """Six Thursdays at 18:00, to the end of the year."""
    return set_rule(group, owner)


def test_every_meeting_of_the_term_is_a_row_with_a_thread(group, term):
    found = meetings(group)

    assert days(group) == [(11, 26), (12, 3), (12, 10), (12, 17), (12, 24), (12, 31)]
    assert len({each.thread_id for each in found}) == 6
    assert {each.starts_at.hour for each in found} == {17}
    assert all(each.schedule_id == term.pk and each.duration_minutes == 60 for each in found)


def test_a_long_term_costs_no_more_statements_than_a_short_one(count_queries, owner):
    short, long = make_group(owner=owner), make_group(owner=owner)
    few = count_queries(lambda: set_rule(short, owner, ends_on=date(2026, 12, 3)))
    many = count_queries(lambda: set_rule(long, owner, ends_on=date(2029, 11, 22)))

    assert Meeting.objects.filter(group=long).count() == 157
    assert many == few


def test_new_meetings_wait_for_nominations_as_the_cycle_says(group, term):
    later = meetings(group)[-1]

    assert later.phase == "planned"
    assert later.due_at == later.nominations_open_at == datetime(2026, 12, 18, 17, tzinfo=UTC)


def test_a_meeting_too_soon_for_a_ballot_is_ready(group, term):
    soon = meetings(group)[0]

    assert (soon.phase, soon.due_at) == ("ready", soon.starts_at)


def test_what_an_organiser_picks_for_is_ready(owner):
    group = make_group(owner=owner, cycle={"choice": "organiser"})
    set_rule(group, owner)

    assert {each.phase for each in meetings(group)} == {"ready"}


def test_a_time_of_today_that_is_past_gets_no_meeting(group, owner):
    set_rule(group, owner, weekday=0, starts_on=date(2026, 11, 23), times=(time(9),))

    assert days(group)[0] == (11, 30)


def test_a_first_rule_tells_nobody(group, term):
    assert not Notice.objects.exists()


def test_members_have_their_usual_answer_to_new_meetings(group, owner):
    make_membership(group, usual_answer="going")
    set_rule(group, owner)

    assert {each.going_count for each in meetings(group)} == {1}


# A changed rule -----------------------------------------------------------------------------------


def test_another_hour_moves_the_meetings_and_keeps_what_belongs_to_them(group, owner, term):
    meeting = meetings(group)[1]
    make_seat(meeting, owner)
    make_rsvp(meeting, owner)
    set_rule(group, owner, times=(time(17),))

    moved = Meeting.objects.get(pk=meeting.pk)
    assert (moved.time, moved.starts_at.hour) == (time(17), 16)
    assert moved.sequence == meeting.sequence + 1
    assert moved.seats.count() == moved.rsvps.count() == 1
    assert moved.thread_id == meeting.thread_id


def test_another_weekday_moves_a_meeting_within_its_week(group, owner, term):
    second = meetings(group)[1]
    set_rule(group, owner, weekday=1, starts_on=date(2026, 11, 24))

    moved = Meeting.objects.get(pk=second.pk)
    assert (moved.occurs_on, moved.day) == (date(2026, 12, 1), date(2026, 12, 1))
    assert moved.former_days == [date(2026, 12, 3)]


def test_an_old_address_leads_to_the_moved_meeting(group, owner, owner_client, term):
    from groups.access import Visit, get_meeting

    second = meetings(group)[1]
    set_rule(group, owner, weekday=1, starts_on=date(2026, 11, 24))
    visit = Visit(group=group, reader=owner, membership=None)

    assert get_meeting(visit, date(2026, 12, 3)) == second


def test_a_monthly_rule_finds_the_meetings_of_its_months(group, owner, term):
    set_rule(group, owner, frequency="monthly", nth=4, ends_on=date(2027, 5, 1))
    set_rule(group, owner, frequency="monthly", nth=3, ends_on=date(2027, 5, 1))

    assert days(group) == [(12, 17), (1, 21), (2, 18), (3, 18), (4, 15)]


def test_what_nothing_depends_on_is_deleted_with_its_thread(group, owner, term):
    set_rule(group, owner, ends_on=date(2026, 12, 10))

    assert days(group) == [(11, 26), (12, 3), (12, 10)]
    assert Thread.objects.count() == 3


def _paper(meeting, member):
    meeting.papers.add(make_paper())


def _part(meeting, member):
    from groups.models import Series, SeriesPart

    series = Series.objects.create(group=meeting.group, title="A book")
    SeriesPart.objects.create(series=series, position=1, title="One", meeting=meeting)


def _comment(meeting, member):
    from tests.discussions.builders import make_comment

    make_comment(thread=meeting.thread)


@pytest.mark.parametrize(
    "bind",
    [
        _paper,
        _part,
        make_rsvp,
        make_seat,
        lambda meeting, member: make_question(meeting),
        lambda meeting, member: Meeting.objects.filter(pk=meeting.pk).update(title="A guest"),
    ],
)
def test_what_somebody_put_something_into_is_cancelled(bind, group, owner, term):
    last = meetings(group)[-1]
    bind(last, owner)
    set_rule(group, owner, ends_on=date(2026, 12, 10))

    last.refresh_from_db()
    assert (last.phase, last.due_at, last.schedule) == ("cancelled", None, None)
    assert Notice.objects.filter(kind="cancelled", meeting=last).count() == 1


def test_a_usual_answer_keeps_no_meeting(group, owner, term):
    make_rsvp(meetings(group)[-1], owner, is_usual=True)
    set_rule(group, owner, ends_on=date(2026, 12, 10))

    assert not Notice.objects.filter(kind="cancelled").exists()
    assert len(meetings(group)) == 3


def test_a_commented_meeting_is_not_lost(group, owner, term):
    from tests.discussions.builders import make_comment

    last = meetings(group)[-1]
    comment = make_comment(thread=last.thread)
    set_rule(group, owner, ends_on=date(2026, 12, 10))

    comment.refresh_from_db()
    assert meetings(group)[-1].phase == "cancelled"


def test_what_is_past_live_or_held_never_changes(group, owner, term):
    held = meetings(group)[1]
    Meeting.objects.filter(pk=held.pk).update(phase="held", due_at=None)
    set_rule(group, owner, times=(time(9),), ends_on=date(2026, 11, 30))

    held.refresh_from_db()
    assert (held.time, held.phase) == (time(18), "held")


def test_a_meeting_moved_by_hand_stays_where_it_was_moved(group, owner, term):
    meeting = meetings(group)[1]
    move_meeting(meeting=meeting, by=owner, day=date(2026, 12, 2), time=time(12))
    changes = preview(group, times=(time(17),))
    set_rule(group, owner, times=(time(17),))

    meeting.refresh_from_db()
    assert (meeting.day, meeting.time) == (date(2026, 12, 2), time(12))
    assert [each.is_by_hand for each in changes.kept] == [True]


def test_a_skipped_week_stays_skipped(group, owner, term):
    meeting = meetings(group)[4]
    cancel_or_skip(meeting=meeting, by=owner, phase="skipped")
    set_rule(group, owner, times=(time(17),))

    meeting.refresh_from_db()
    assert (meeting.phase, meeting.time) == ("skipped", time(17))


def test_a_meeting_outside_the_rule_is_left_alone(group, owner, term):
    extra = make_meeting(group, day=date(2026, 12, 1))
    set_rule(group, owner, weekday=1, starts_on=date(2026, 11, 24))

    extra.refresh_from_db()
    assert (extra.schedule, extra.time) == (None, time(18))
    assert len([each for each in meetings(group) if each.occurs_on == date(2026, 12, 1)]) == 1


def test_the_old_rule_ends_the_day_before_and_stays(group, owner, term):
    new = set_rule(group, owner, weekday=1, starts_on=date(2026, 12, 8))

    term.refresh_from_db()
    assert (term.ends_on, term.sequence) == (date(2026, 12, 7), 1)
    assert new.starts_on == date(2026, 12, 8)
    assert days(group) == [(11, 26), (12, 3), (12, 8), (12, 15), (12, 22), (12, 29)]


def test_a_rule_from_the_same_day_is_written_over(group, owner, term):
    new = set_rule(group, owner, times=(time(17),))

    assert new.pk == term.pk
    assert new.sequence == 1
    assert Schedule.objects.count() == 1


def test_a_rule_that_would_only_begin_later_is_replaced(group, owner, term):
    set_rule(group, owner, weekday=1, starts_on=date(2026, 12, 8))
    set_rule(
        group, owner, from_day=date(2026, 12, 1), starts_on=date(2026, 12, 1), times=(time(9),)
    )

    assert Schedule.objects.count() == 2
    assert {each.time for each in meetings(group)[1:]} == {time(9)}
