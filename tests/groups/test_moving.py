"""One meeting moved, taken off, put on again, added."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from common.refusals import Refused
from discussions.models import Notification
from groups.models import LogEntry, Meeting, Notice, Rsvp
from groups.schedule.meetings import add_meeting, cancel_or_skip, move_meeting, restore
from groups.schedule.schedules import set_schedule
from groups.scheduling.rules import make_rule
from tests.groups.builders import (
    make_ballot,
    make_membership,
    make_rsvp,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def term(group, owner):
    """The Thursdays until the end of January."""
    rule = make_rule(
        frequency="weekly", weekday=3, times=(time(18),), zone="Europe/Berlin",
        starts_on=date(2026, 11, 26), ends_on=date(2027, 1, 28),
    )  # fmt: skip
    return set_schedule(group=group, by=owner, rule=rule, from_day=rule.starts_on)


@pytest.fixture
def later(group, term):
    """A meeting far enough away for nominations and a ballot."""
    return Meeting.objects.get(group=group, occurs_on=date(2026, 12, 17))


def move(meeting, owner, day=date(2026, 12, 18), at=time(16), **options):
    return move_meeting(meeting=meeting, by=owner, day=day, time=at, **options)


def refusal(act):
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value)


# Moving -------------------------------------------------------------------------------------------


def test_a_moved_meeting_keeps_its_address_its_thread_and_its_answers(later, owner):
    make_rsvp(later, owner)
    moved = move(later, owner).meeting

    assert moved.get_absolute_url() == later.get_absolute_url()
    assert (moved.thread_id, moved.rsvps.count()) == (later.thread_id, 1)
    assert moved.is_moved


def test_every_moment_moves_with_it(later, owner):
    moved = move(later, owner).meeting

    assert moved.starts_at == datetime(2026, 12, 18, 15, tzinfo=UTC)
    assert moved.ballot_closes_at == datetime(2026, 12, 11, 15, tzinfo=UTC)
    assert moved.due_at == moved.nominations_open_at == datetime(2026, 12, 5, 15, tzinfo=UTC)
    assert (moved.sequence, moved.changed_at) == (1, NOW)


def test_members_are_told_the_old_time_and_the_new(later, owner, group):
    member = make_membership(group).member
    move(later, owner)

    words = Notification.objects.get(recipient=member).summary
    assert "from Thursday, December 17, 2026, 18:00 in Berlin" in words
    assert "to Friday, December 18, 2026, 16:00 in Berlin" in words
    notice = Notice.objects.get()
    assert (notice.kind, notice.subject_id, notice.number) == ("changed", later.pk, 1)


def test_moving_it_to_where_it_is_changes_nothing(later, owner):
    move(later, owner, later.day, later.time)

    assert not Notice.objects.exists()
    assert not LogEntry.objects.filter(kind="moved").exists()


def test_moving_it_back_is_told_again(later, owner):
    move(later, owner)
    move(later, owner, later.day, later.time)

    assert Notice.objects.count() == 2


def test_a_meeting_may_be_moved_to_another_zone(later, owner):
    moved = move(later, owner, zone="Asia/Tokyo").meeting

    assert moved.starts_at == datetime(2026, 12, 18, 7, tzinfo=UTC)


def test_a_time_that_never_comes_is_refused(later, owner):
    assert refusal(lambda: move(later, owner, date(2027, 3, 28), time(2, 30))) == (
        "On March 28, 2027 clocks in Berlin go forward, and 02:30 does not exist. Choose "
        "another time."
    )


def test_of_a_time_that_comes_twice_the_first_is_taken_and_said(later, owner):
    moved = move(later, owner, date(2027, 10, 31), time(2, 30))

    assert "happens twice: the meeting is at the first" in moved.note
    assert moved.meeting.starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_an_unknown_zone_is_refused(later, owner):
    assert "“Mars/Olympus” is not a time zone" in refusal(
        lambda: move(later, owner, zone="Mars/Olympus")
    )


def test_a_time_that_is_past_is_refused(later, owner):
    words = refusal(lambda: move(later, owner, date(2026, 11, 23), time(12)))

    assert words == "Monday, November 23, 2026, 12:00 in Berlin is in the past."


def test_a_day_on_which_the_group_meets_is_refused(later, owner):
    words = refusal(lambda: move(later, owner, date(2026, 12, 24)))

    assert words == "The group already meets on December 24, 2026."


def test_the_day_of_a_cancelled_meeting_is_free(later, owner, group):
    other = Meeting.objects.get(group=group, occurs_on=date(2026, 12, 24))
    cancel_or_skip(meeting=other, by=owner, phase="cancelled")

    assert move(later, owner, date(2026, 12, 24)).meeting.day == date(2026, 12, 24)


def test_a_day_before_the_term_is_refused(later, owner):
    words = refusal(lambda: move(later, owner, date(2026, 11, 25)))

    assert words.startswith("The term starts on November 26, 2026.")


@pytest.mark.parametrize("phase", ["live", "held"])
def test_what_has_begun_is_not_moved(phase, later, owner):
    Meeting.objects.filter(pk=later.pk).update(phase=phase, due_at=None)

    assert "so it cannot be changed" in refusal(lambda: move(later, owner))


def test_a_meeting_that_was_taken_away_meanwhile_is_said_to_be_gone(later, owner):
    Meeting.objects.filter(pk=later.pk).delete()

    assert "removed in the meantime" in refusal(lambda: move(later, owner))


def test_moved_so_close_that_nobody_could_vote_it_is_ready(later, owner):
    moved = move(later, owner, date(2026, 11, 27)).meeting

    assert (moved.phase, moved.due_at) == ("ready", moved.starts_at)
    assert LogEntry.objects.filter(meeting=moved, kind="phase", number=1).count() == 1


def test_an_open_ballot_is_left_to_its_course(later, owner):
    make_ballot(later)
    moved = move(later, owner, date(2026, 12, 23)).meeting

    assert (moved.phase, moved.due_at) == ("voting", moved.ballot_closes_at)


# Off and on ---------------------------------------------------------------------------------------


def test_a_skipped_week_is_told_to_nobody(later, owner):
    off = cancel_or_skip(meeting=later, by=owner, phase="skipped")

    assert (off.phase, off.due_at, off.sequence) == ("skipped", None, 1)
    assert not Notice.objects.exists()


def test_a_cancelled_meeting_is_told_with_its_reason(later, owner, group):
    member = make_membership(group).member
    cancel_or_skip(meeting=later, by=owner, phase="cancelled", reason="The room is closed.")

    words = Notification.objects.get(recipient=member).summary
    assert words.endswith("Thursday, December 17, 2026, 18:00 in Berlin. The room is closed.")


def test_cancelling_twice_tells_once(later, owner):
    for _ in range(2):
        cancel_or_skip(meeting=later, by=owner, phase="cancelled")

    assert Notice.objects.count() == LogEntry.objects.filter(meeting=later).count() == 1


def test_a_cancelled_meeting_is_not_skipped_as_well(later, owner):
    cancel_or_skip(meeting=later, by=owner, phase="cancelled")

    assert "already cancelled" in refusal(
        lambda: cancel_or_skip(meeting=later, by=owner, phase="skipped")
    )


def test_what_is_off_is_not_moved(later, owner):
    cancel_or_skip(meeting=later, by=owner, phase="skipped")

    assert "Restore it first" in refusal(lambda: move(later, owner))


def test_put_on_again_it_goes_on_where_it_was(later, owner):
    cancel_or_skip(meeting=later, by=owner, phase="cancelled")
    on = restore(meeting=later, by=owner)

    assert (on.phase, on.due_at) == ("planned", on.nominations_open_at)
    numbers = LogEntry.objects.filter(meeting=later, kind="phase").order_by("number")
    assert [(each.number, each.detail["to"]) for each in numbers] == [
        (1, "cancelled"),
        (2, "planned"),
    ]


def test_put_on_again_its_ballot_goes_on(later, owner):
    make_ballot(later)
    cancel_or_skip(meeting=later, by=owner, phase="cancelled")
    on = restore(meeting=later, by=owner)

    assert (on.phase, on.due_at) == ("voting", on.ballot_closes_at)


def test_what_was_cancelled_is_told_when_it_is_on_again(later, owner):
    cancel_or_skip(meeting=later, by=owner, phase="cancelled")
    restore(meeting=later, by=owner)
    restore(meeting=later, by=owner)

    assert Notice.objects.filter(kind="changed").count() == 1


def test_what_is_past_is_not_put_on_again(later, owner):
    cancel_or_skip(meeting=later, by=owner, phase="skipped")
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC), tick=False):
        assert "is in the past" in refusal(lambda: restore(meeting=later, by=owner))


# Added --------------------------------------------------------------------------------------------


def add(group, owner, day=date(2026, 12, 1), **options):
    options = {"time": time(18), "zone": "Europe/Berlin"} | options
    return add_meeting(group=group, by=owner, day=day, **options).meeting


def test_an_added_meeting_stands_outside_the_rule_and_is_told(group, owner, term):
    added = add(group, owner, title="Kick-off")

    assert (added.schedule, added.title, added.phase) == (None, "Kick-off", "ready")
    notice = Notice.objects.get()
    assert (notice.kind, notice.subject_id) == ("added", added.pk)


def test_an_added_meeting_has_the_usual_answers(group, owner):
    make_membership(group, usual_answer="going")

    assert Rsvp.objects.filter(meeting=add(group, owner)).count() == 1


def test_a_day_whose_meeting_is_off_takes_no_other(group, owner, later):
    cancel_or_skip(meeting=later, by=owner, phase="skipped")

    words = refusal(lambda: add(group, owner, later.day))
    assert words == "The meeting of December 17, 2026 is cancelled. Restore it instead."


def test_a_day_that_names_a_moved_meeting_takes_no_other(group, owner, later):
    move(later, owner)

    words = refusal(lambda: add(group, owner, later.occurs_on))
    assert "was moved to December 18, 2026" in words
