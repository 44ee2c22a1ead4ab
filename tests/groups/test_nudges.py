"""What is owed before a meeting beside its reminders, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from discussions.models import Notification
from groups.cycle import nudges, reminders
from groups.models import Meeting, Notice, SeatKind
from groups.notices import notices
from tests.builders import make_paper
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_membership,
    make_schedule,
    make_seat,
    make_slip,
)
from tests.groups.cycle_builders import make_due_meeting, tick_to

pytestmark = [pytest.mark.django_db, pytest.mark.dated]


@pytest.fixture
def group(owner):
    """A group that reminds nobody, so that only nudges are told."""
    return make_group("readers", owner=owner, cycle={"reminder_minutes": []})


def sweep_before(meeting, **lead):
    with tick_to(meeting.starts_at - timedelta(**lead)):
        return reminders.sweep()


def summaries(kind):
    events = [notices.event_of(notice) for notice in Notice.objects.filter(kind=kind)]
    told = Notification.objects.filter(event__in=events)
    return {each.recipient: each.summary for each in told}


def test_who_presents_is_reminded_of_it_three_days_before(group):
    presenter = make_membership(group).member
    meeting = make_due_meeting(group, phase="ready", paper=make_paper(title="Attention"))
    make_seat(meeting, presenter)

    assert sweep_before(meeting, days=3, seconds=1) == 0
    assert sweep_before(meeting, days=3) == 1
    assert sweep_before(meeting, days=2) == 0

    words = summaries("seat")[presenter]
    assert words.startswith("Presenter is your seat when Readers meets on")
    assert "reads “Attention”" in words


def test_who_takes_the_seat_over_is_reminded_too(group):
    first, second = (make_membership(group).member for _ in range(2))
    meeting = make_due_meeting(group, phase="ready", paper=make_paper())
    seat = make_seat(meeting, first)
    sweep_before(meeting, days=3)
    seat.member = second
    seat.save()
    sweep_before(meeting, days=2)

    assert set(summaries("seat")) == {first, second}


def test_organisers_hear_that_nobody_presents_and_nothing_is_chosen(group, owner):
    make_membership(group)
    meeting = make_due_meeting(group, phase="ready")

    assert sweep_before(meeting, days=3) == 1
    assert sweep_before(meeting, days=1) == 0

    told = summaries("unready")
    assert set(told) == {owner}
    assert "but has no paper and no presenter" in told[owner]


def test_of_a_meeting_that_lacks_nothing_organisers_hear_nothing(group):
    meeting = make_due_meeting(group, phase="ready", paper=make_paper())
    make_seat(meeting, make_membership(group).member)
    sweep_before(meeting, days=3)

    assert summaries("unready") == {}


def test_a_group_without_a_presenters_seat_lacks_none(group):
    SeatKind.objects.all().delete()
    meeting = make_due_meeting(group, phase="ready", title="A talk")

    assert sweep_before(meeting, days=3) == 0


def test_while_a_ballot_is_open_nothing_is_missing(group):
    meeting = make_due_meeting(group)
    make_ballot(meeting, candidates=0)

    assert sweep_before(meeting, days=3) == 0


@pytest.fixture
def open_ballot(group):
    meeting = make_due_meeting(group, phase="voting")
    with tick_to(meeting.ballot_opens_at):
        return make_ballot(meeting, opened_at=meeting.ballot_opens_at)


def sweep_before_close(ballot, **lead):
    ballot.meeting = Meeting.objects.get(pk=ballot.pk)
    with tick_to(ballot.meeting.ballot_closes_at - timedelta(**lead)):
        return reminders.sweep()


def test_who_has_not_voted_hears_it_a_day_before_the_ballot_closes(group, owner, open_ballot):
    voter, late = (make_membership(group).member for _ in range(2))
    make_membership(group, role="guest")
    make_slip(open_ballot, voter, [1])

    assert sweep_before_close(open_ballot, hours=24, seconds=1) == 0
    assert sweep_before_close(open_ballot, hours=24) == 1
    assert sweep_before_close(open_ballot, hours=1) == 0

    assert set(summaries("closing")) == {owner, late}
    assert "The ballot closes on" in summaries("closing")[late]


def test_of_a_short_ballot_it_is_said_at_half_its_time(open_ballot):
    closes_at = open_ballot.meeting.ballot_closes_at
    open_ballot.opened_at = closes_at - timedelta(hours=10)
    open_ballot.save()

    assert sweep_before_close(open_ballot, hours=6) == 0
    assert sweep_before_close(open_ballot, hours=5) == 1


def test_those_who_may_not_vote_are_not_asked_to(group, owner, open_ballot):
    open_ballot.electorate, open_ballot.electorate_meetings = "attended", 1
    open_ballot.save()
    held = make_due_meeting(group, days=2)
    Meeting.objects.filter(pk=held.pk).update(phase="held", due_at=None)
    came = make_membership(group).member
    held.attendances.create(member=came)

    sweep_before_close(open_ballot, hours=24)

    assert set(summaries("closing")) == {came}


def test_a_ballot_with_nothing_on_it_asks_nobody(group):
    meeting = make_due_meeting(group, phase="voting")
    ballot = make_ballot(meeting, candidates=0, opened_at=meeting.ballot_opens_at)

    assert sweep_before_close(ballot, hours=20) == 0


def test_organisers_hear_that_the_term_ends(group, owner):
    schedule = make_schedule(group)
    make_membership(group)

    with tick_to(_noon(schedule.ends_on - timedelta(days=22))):
        assert reminders.sweep() == 0
    with tick_to(_noon(schedule.ends_on - timedelta(days=21))):
        assert reminders.sweep() == 1
        assert reminders.sweep() == 0

    assert Notice.objects.get().kind == "term"
    assert Notification.objects.get().url == "/groups/readers/schedule"


def test_a_term_that_another_follows_ends_unsaid(group):
    first = make_schedule(group)
    make_schedule(
        group, starts_on=first.ends_on + timedelta(days=1), ends_on=first.ends_on + timedelta(200)
    )

    with tick_to(_noon(first.ends_on - timedelta(days=7))):
        assert list(nudges.ending_terms()) == []


def _noon(day):
    from datetime import UTC, datetime, time

    return datetime.combine(day, time(12), tzinfo=UTC)
