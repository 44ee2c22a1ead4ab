"""Many who answer, take seats and change them at once, each in their own connection."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from common.refusals import Refused
from discussions.models import Notification
from groups.attendance import answers
from groups.models import Meeting, Membership, Rsvp, Seat, Swap
from groups.rota import seats, swaps
from groups.rota.swaps import SwapOutcome
from tests.discussions.test_at_once import at_once
from tests.groups.builders import make_group, make_meeting, make_membership, make_seat

pytestmark = pytest.mark.django_db(transaction=True)


def settled(meeting):
    """Return how many have a place, how many wait, and what the meeting's count says."""
    coming = Rsvp.objects.filter(meeting=meeting)
    counted = Meeting.objects.get(pk=meeting.pk).going_count
    return coming.seated().count(), coming.waiting().count(), counted


def test_fifty_who_come_at_once_get_ten_places():
    group = make_group(capacity=10)
    meeting = make_meeting(group)
    people = [make_membership(group).member for _ in range(50)]

    given = at_once(
        lambda turn: answers.answer(meeting=meeting, member=people[turn], answer="going"), 50
    )

    assert settled(meeting) == (10, 40, 10)
    assert sum(not rsvp.is_waiting for rsvp in given) == 10
    seated = Rsvp.objects.filter(meeting=meeting).seated().order_by("-queued_at")
    assert seated[0].queued_at < Rsvp.objects.filter(meeting=meeting).waiting()[0].queued_at
    # Nobody was in, and pushed out again.
    assert not Notification.objects.exists()


def test_places_given_up_and_asked_for_at_once_are_never_lost():
    group = make_group(capacity=5)
    meeting = make_meeting(group)
    people = [make_membership(group).member for _ in range(20)]
    for member in people[:10]:
        answers.answer(meeting=meeting, member=member, answer="going")

    at_once(
        lambda turn: answers.answer(
            meeting=meeting, member=people[turn], answer="no" if turn < 8 else "going"
        ),
        20,
    )

    assert settled(meeting) == (5, 7, 5)


def test_nobody_who_leaves_while_they_answer_keeps_a_place():
    group = make_group(capacity=3)
    meeting = make_meeting(group)
    members = [make_membership(group) for _ in range(12)]

    def act(turn):
        membership = members[turn // 2]
        if turn % 2:
            return leave(membership)
        try:
            return answers.answer(meeting=meeting, member=membership.member, answer="going")
        except Refused:
            return None

    at_once(act, 24)

    assert settled(meeting) == (0, 0, 0)


def leave(membership):
    with transaction.atomic():
        Membership.objects.filter(pk=membership.pk).delete()
        answers.forget_future(group=membership.group, member_id=membership.member_id)


def test_usual_answers_set_at_once_wait_for_one_another_in_no_circle():
    group = make_group(capacity=4)
    meetings = [make_meeting(group, day=make_day(week)) for week in range(1, 6)]
    members = [make_membership(group) for _ in range(16)]

    at_once(lambda turn: answers.set_usual_answer(membership=members[turn], answer="going"), 16)

    assert [settled(meeting) for meeting in meetings] == [(4, 12, 4)] * 5


def make_day(week):
    return (timezone.now() + timedelta(days=7 * week)).date()


def test_a_seat_wanted_by_many_is_taken_once():
    group = make_group()
    meeting, kind = make_meeting(group), group.seat_kinds.get()
    people = [make_membership(group).member for _ in range(16)]

    def take(turn):
        try:
            return seats.take_seat(meeting=meeting, kind=kind, member=people[turn])
        except Refused as error:
            return str(error)

    taken = at_once(take, 16)

    assert sum(isinstance(each, Seat) for each in taken) == Seat.objects.count() == 1
    assert all("already has this seat" in each for each in taken if isinstance(each, str))


def test_a_request_agreed_to_many_times_at_once_changes_the_seats_once():
    group = make_group()
    first, second = make_meeting(group, day=make_day(1)), make_meeting(group, day=make_day(2))
    ada, ben = make_membership(group).member, make_membership(group).member
    seat, other = make_seat(first, ada), make_seat(second, ben)
    swap = swaps.ask(seat=seat, other_seat=other, by=ada)

    outcomes = at_once(lambda turn: swaps.answer(swap=swap, member=ben, accepts=True), 16)

    assert set(outcomes) == {SwapOutcome.DONE}
    assert Seat.objects.get(pk=seat.pk).member == ben
    assert Seat.objects.get(pk=other.pk).member == ada
    assert Notification.objects.filter(event__endswith=f":swap:{swap.pk}:done").count() == 2


def test_two_requests_for_one_seat_agreed_to_at_once_make_one_exchange():
    group = make_group()
    meetings = [make_meeting(group, day=make_day(week)) for week in range(1, 4)]
    people = [make_membership(group).member for _ in range(3)]
    held = [make_seat(meeting, member) for meeting, member in zip(meetings, people, strict=True)]
    asked = [
        swaps.ask(seat=held[0], other_seat=held[2], by=people[0]),
        swaps.ask(seat=held[1], other_seat=held[2], by=people[1]),
    ]

    outcomes = at_once(
        lambda turn: swaps.answer(swap=asked[turn], member=people[2], accepts=True), 2
    )

    assert sorted(outcome.name for outcome in outcomes) == ["DONE", "VOID"]
    assert Swap.objects.filter(is_done=True).count() == 1
    assert {seat.member for seat in Seat.objects.all()} == set(people)
