"""Whatever is said in whatever order, places are counted right and given in turn."""

from __future__ import annotations

from contextlib import suppress
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.refusals import Refused
from groups.attendance import answers
from groups.models import Meeting, Membership, Rsvp, Seat
from groups.rota import seats
from tests.builders import make_user
from tests.groups.builders import make_group, make_meeting, make_membership

pytestmark = pytest.mark.django_db

MEMBERS = 6
WORDS = ("going", "maybe", "no", "")
acts = st.one_of(
    st.tuples(st.just("say"), st.integers(0, MEMBERS - 1), st.sampled_from(WORDS)),
    st.tuples(st.just("usual"), st.integers(0, MEMBERS - 1), st.sampled_from(WORDS)),
    st.tuples(st.just("take seat"), st.integers(0, MEMBERS - 1), st.none()),
    st.tuples(st.just("leave seat"), st.integers(0, MEMBERS - 1), st.none()),
    st.tuples(st.just("leave group"), st.integers(0, MEMBERS - 1), st.none()),
    st.tuples(st.just("capacity"), st.just(0), st.sampled_from([None, 1, 2, 3, 5])),
)


class Naive:
    """The same rules, counted by hand."""

    def __init__(self):
        self.since, self.said, self.seat = {}, {}, None
        self.inside, self.capacity, self.clock = set(range(MEMBERS)), None, count()

    def note(self, number, word, *, is_usual):
        was, was_usual = self.said.get(number, ("", True))
        if is_usual and (word, was_usual) == ("", False):
            return
        if is_usual and was and not was_usual:
            return
        self.said[number] = (word, is_usual)
        if word != "going":
            self.since.pop(number, None)
        elif was != "going":
            self.since[number] = next(self.clock)
        if not word:
            self.said.pop(number)

    def order(self):
        return sorted(self.since, key=lambda each: (each != self.seat, self.since[each]))

    def seated(self):
        return set(self.order()[: self.capacity])


class Club:
    """A meeting, and a naive account of it."""

    def __init__(self):
        self.group = make_group()
        self.meeting = make_meeting(self.group)
        self.people = [make_user() for _ in range(MEMBERS)]
        for member in self.people:
            make_membership(self.group, member)
        self.naive, self.kind = Naive(), self.group.seat_kinds.get()

    def act(self, name, number, value):
        getattr(self, name.replace(" ", "_"))(number, value)

    def say(self, number, word):
        with suppress(Refused):
            answers.answer(meeting=self.meeting, member=self.people[number], answer=word)
            self.naive.note(number, word, is_usual=False)

    def usual(self, number, word):
        if number in self.naive.inside:
            belongs = Membership.objects.get(group=self.group, member=self.people[number])
            answers.set_usual_answer(membership=belongs, answer=word)
            self.naive.note(number, word, is_usual=True)

    def take_seat(self, number, value):
        with suppress(Refused):
            seats.take_seat(meeting=self.meeting, kind=self.kind, member=self.people[number])
            self.naive.seat = number

    def leave_seat(self, number, value):
        with suppress(Refused):
            seats.leave_seat(meeting=self.meeting, kind=self.kind, by=self.people[number])
            self.naive.seat = None

    def leave_group(self, number, value):
        member = self.people[number]
        Membership.objects.filter(group=self.group, member=member).delete()
        seats.free_seats(group=self.group, member_id=member.pk)
        answers.forget_future(group=self.group, member_id=member.pk)
        self.naive.inside.discard(number)
        self.naive.since.pop(number, None)
        self.naive.said.pop(number, None)
        self.naive.seat = None if self.naive.seat == number else self.naive.seat

    def capacity(self, number, value):
        Meeting.objects.filter(pk=self.meeting.pk).update(capacity=value)
        answers.settle(self.meeting.pk)
        self.naive.capacity = value

    def check(self):
        coming = Rsvp.objects.filter(meeting=self.meeting)
        number_of = {member.pk: number for number, member in enumerate(self.people)}
        seated = {number_of[rsvp.member_id] for rsvp in coming.seated()}
        waiting = [number_of[rsvp.member_id] for rsvp in coming.waiting()]
        capacity = self.naive.capacity
        assert seated == self.naive.seated()
        assert waiting == [each for each in self.naive.order() if each not in seated]
        assert Meeting.objects.get(pk=self.meeting.pk).going_count == len(seated)
        assert not waiting or len(seated) >= capacity
        assert Seat.objects.filter(meeting=self.meeting).exists() == (self.naive.seat is not None)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts, max_size=20))
def test_places_are_what_a_naive_count_says_after_every_act(steps):
    club = Club()
    for name, number, value in steps:
        club.act(name, number, value)
        club.check()
