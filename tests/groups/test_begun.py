"""A meeting that has begun: the site seats nobody any more, and anybody may still decline."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from common.refusals import Refused
from discussions.models import Notification
from groups.attendance import answers
from groups.cycle import reminders, sweeping
from groups.membership import members
from groups.models import Meeting, Rsvp, Seat, SeatKind, Swap
from groups.rota import page as rota_page
from groups.rota import seats, swaps
from groups.rota.swaps import SwapOutcome
from groups.schedule import editing
from tests.builders import make_user
from tests.groups.builders import (
    make_ballot,
    make_meeting,
    make_membership,
    make_rsvp,
    make_seat,
    make_slip,
)
from tests.groups.conftest import client_for
from tests.groups.cycle_builders import make_due_meeting, tick_to

pytestmark = pytest.mark.django_db


class Begun:
    """A meeting for one that began a minute ago: Ada has the place, Ben waits for it."""

    def __init__(self, group, **fields):
        self.group = group
        self.meeting = make_meeting(group, capacity=1, **fields)
        self.ada = make_membership(group, make_user("ada")).member
        self.ben = make_membership(group, make_user("ben")).member
        make_rsvp(self.meeting, self.ada)
        make_rsvp(self.meeting, self.ben, is_waiting=True)

    def say(self, member, word):
        return answers.answer(meeting=self.meeting, member=member, answer=word)

    def ben_waits(self):
        return Rsvp.objects.get(meeting=self.meeting, member=self.ben).is_waiting


def going_count(meeting):
    return Meeting.objects.get(pk=meeting.pk).going_count


@pytest.fixture(params=["by the clock", "early"])
def begun(request, group):
    if request.param == "early":
        # An organiser started it an hour before its time.
        begun = Begun(group, phase="live")
        at = begun.meeting.starts_at - timedelta(hours=1)
    else:
        begun = Begun(group, phase="ready")
        at = begun.meeting.starts_at + timedelta(minutes=1)
    with tick_to(at):
        yield begun
    assert not Notification.objects.filter(summary__contains="You have a place").exists()


@pytest.mark.parametrize("word", ["no", ""])
def test_a_place_that_is_given_up_goes_to_nobody(begun, word):
    begun.say(begun.ada, word)

    assert begun.ben_waits()
    assert going_count(begun.meeting) == 0


@pytest.mark.parametrize("word", ["going", "maybe"])
def test_nobody_can_say_any_more_that_they_come(begun, word):
    late = make_membership(begun.group).member

    with pytest.raises(Refused, match="This meeting has begun"):
        begun.say(late, word)
    assert going_count(begun.meeting) == 1


def test_who_waits_can_decline(begun):
    begun.say(begun.ben, "no")

    assert not begun.ben_waits()
    assert going_count(begun.meeting) == 1


def test_the_panel_offers_only_to_decline(begun):
    page = client_for(begun.ben).get(begun.meeting.get_absolute_url()).content.decode()

    assert 'id="rsvp-no"' in page
    assert 'id="rsvp-going"' not in page
    assert "on the waiting list when the meeting began" in page


def test_leaving_the_group_passes_no_place_on(begun):
    members.leave(group=begun.group, member=begun.ada)

    assert begun.ben_waits()
    assert going_count(begun.meeting) == 0


def test_a_larger_capacity_of_the_group_gives_no_place(begun):
    Meeting.objects.update(capacity=None)
    type(begun.group).objects.update(capacity=5)

    answers.settle_group(group=begun.group)

    assert begun.ben_waits()
    assert answers.consequence_for_group(begun.group, 5).words == ""


def test_a_larger_capacity_of_the_meeting_gives_no_place(begun):
    meeting = Meeting.objects.get(pk=begun.meeting.pk)
    details = editing.Details(choice=meeting.choice, duration_minutes=60, capacity=9, place="Hall")

    editing.edit_meeting(meeting=meeting, by=make_user(), details=details)

    assert begun.ben_waits()
    assert answers.consequence(meeting, 9).words == ""


def test_a_usual_answer_counts_from_the_next_meeting(begun):
    late = make_membership(begun.group)

    for word in ("going", ""):
        assert answers.set_usual_answer(membership=late, answer=word) == 0
    answers.set_usual_answer(membership=late, answer="going")
    answers.give_usual_answers(group=begun.group, meeting_ids=[begun.meeting.pk])

    assert not Rsvp.objects.filter(member=late.member).exists()


def test_nobody_volunteers_for_a_seat(begun):
    with pytest.raises(Refused, match="This meeting has begun"):
        seats.take_seat(meeting=begun.meeting, kind=SeatKind.objects.get(), member=begun.ben)

    assert not Seat.objects.exists()
    assert begun.ben_waits()


def test_a_seat_is_offered_and_suggested_to_nobody(begun):
    visit = client_for(begun.ben).get(begun.meeting.get_absolute_url()).context["visit"]

    panel = rota_page.seats_panel(visit, Meeting.objects.get(pk=begun.meeting.pk))

    assert panel.suggestion is None
    assert not any(line.may_take or line.may_ask for line in panel.lines)


def test_the_group_s_page_asks_for_no_presenter(begun):
    owner = begun.group.memberships.get(role="owner").member

    page = client_for(owner).get(begun.group.get_absolute_url()).content.decode()

    assert "has no presenter" not in page
    assert "open seat" not in page


def test_a_seat_can_be_given_up_and_gives_nobody_a_place(begun):
    seat = make_seat(begun.meeting, begun.ada)

    seats.leave_seat(meeting=begun.meeting, kind=seat.kind, by=begun.ada)

    assert not Seat.objects.exists()
    assert begun.ben_waits()


def test_an_organiser_records_who_has_a_seat(begun):
    owner = begun.group.memberships.get(role="owner").member

    seats.give_seat(meeting=begun.meeting, member=begun.ben, by=owner)

    assert Seat.objects.get().member == begun.ben
    assert begun.ben_waits()


def test_a_swap_that_was_asked_for_before_no_longer_takes_effect(begun):
    other = make_meeting(begun.group, day=begun.meeting.day + timedelta(days=7))
    seat, other_seat = make_seat(begun.meeting, begun.ada), make_seat(other, begun.ben)
    swap = Swap.objects.create(
        group=begun.group, seat=seat, other_seat=other_seat, member=begun.ada,
        other_member=begun.ben, asked_by=begun.ada, asked_at=timezone.now(),
        accepted_at=timezone.now(),
    )  # fmt: skip

    assert swaps.answer(swap=swap, member=begun.ben, accepts=True) == SwapOutcome.VOID

    seat.refresh_from_db()
    assert seat.member == begun.ada


def test_no_swap_is_asked_for(begun):
    other = make_meeting(begun.group, day=begun.meeting.day + timedelta(days=7))
    seat, other_seat = make_seat(begun.meeting, begun.ada), make_seat(other, begun.ben)

    with pytest.raises(Refused, match="before their meetings begin"):
        swaps.ask(seat=seat, other_seat=other_seat, by=begun.ada)


def test_nobody_is_reminded_of_it(begun):
    reminders.sweep()

    assert not Notification.objects.exists()


def test_a_ballot_that_closes_late_seats_nobody(group):
    meeting = make_due_meeting(group, capacity=1)
    winner = make_membership(group).member
    ballot = make_ballot(meeting, candidates=1)
    nomination = ballot.candidates.get().nomination
    type(nomination).objects.update(nominated_by=winner, would_present=True)
    make_slip(ballot, winner, [ballot.candidates.get().number], will_come=True)

    with tick_to(meeting.starts_at + timedelta(minutes=1)):
        sweeping.sweep()

    assert Meeting.objects.get().readings.get().paper == nomination.paper
    assert not Seat.objects.exists()
    assert not Rsvp.objects.exists()
