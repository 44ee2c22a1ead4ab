"""Saying whether one comes, and waiting for a place."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from common.refusals import Refused
from discussions.models import Notification
from groups.attendance import answers
from groups.attendance.answers import PlaceChange
from groups.models import Meeting, Membership, Rsvp
from groups.rota import seats
from tests.builders import make_user
from tests.groups.builders import make_group, make_meeting, make_membership

pytestmark = pytest.mark.django_db


def say(meeting, member, word="going"):
    return answers.answer(meeting=meeting, member=member, answer=word)


def join(group, number=1, **fields):
    return [make_membership(group, **fields).member for _ in range(number)]


def going(meeting):
    return [rsvp.member for rsvp in Rsvp.objects.filter(meeting=meeting).seated().order_by("id")]


def waiting(meeting):
    return [rsvp.member for rsvp in Rsvp.objects.filter(meeting=meeting).waiting()]


def count(meeting):
    return Meeting.objects.get(pk=meeting.pk).going_count


def told(member):
    return list(Notification.objects.filter(recipient=member).values_list("summary", flat=True))


@pytest.fixture
def small(group):
    """A meeting with two places."""
    return make_meeting(group, capacity=2)


def test_who_says_that_they_come_is_counted(group, meeting):
    [ada] = join(group)

    rsvp = say(meeting, ada)

    assert (rsvp.answer, rsvp.is_waiting, count(meeting)) == ("going", False, 1)


def test_saying_it_again_changes_nothing(group, meeting):
    [ada] = join(group)
    first = say(meeting, ada)

    again = say(meeting, ada)

    assert (again.pk, again.queued_at, count(meeting)) == (first.pk, first.queued_at, 1)


@pytest.mark.parametrize("word", ["maybe", "no", ""])
def test_who_does_not_come_after_all_is_not_counted(group, meeting, word):
    [ada] = join(group)
    say(meeting, ada)

    say(meeting, ada, word)

    assert count(meeting) == 0


def test_an_answer_taken_back_leaves_nothing(group, meeting):
    [ada] = join(group)
    say(meeting, ada, "no")

    assert say(meeting, ada, "") is None
    assert not Rsvp.objects.exists()


def test_a_word_that_is_no_answer_is_refused(group, meeting):
    [ada] = join(group)

    with pytest.raises(Refused):
        say(meeting, ada, "perhaps")


def test_somebody_who_left_meanwhile_is_refused(meeting):
    with pytest.raises(Refused, match="Only members"):
        say(meeting, make_user())


@pytest.mark.parametrize("phase", ["held", "cancelled", "skipped"])
def test_a_meeting_that_is_not_to_come_takes_no_answer(group, phase):
    [ada] = join(group)

    with pytest.raises(Refused):
        say(make_meeting(group, phase=phase), ada)


def test_a_meeting_that_ended_and_was_not_moved_on_yet_takes_no_answer(group):
    [ada] = join(group)
    over = make_meeting(group, starts_at=timezone.now() - timedelta(hours=2))

    with pytest.raises(Refused, match="over"):
        say(over, ada)


def test_who_comes_when_all_places_are_taken_waits_in_order(group, small):
    people = join(group, 4)

    for member in people:
        say(small, member)

    assert (going(small), waiting(small), count(small)) == (people[:2], people[2:], 2)


def test_a_freed_place_goes_to_the_first_who_waits_and_they_are_told(group, small):
    first, _, third, fourth = people = join(group, 4)
    for member in people:
        say(small, member)

    say(small, first, "no")

    assert waiting(small) == [fourth]
    assert told(third) == [f"You have a place at Readers on {small.day:%B} {small.day.day}."]
    assert not told(fourth)


def test_a_place_got_lost_and_got_again_is_told_each_time(group, small):
    first, second, third = join(group, 3)
    for member in (first, second, third):
        say(small, member)
    say(small, first, "no")
    say(small, third, "no")
    say(small, first)
    say(small, third)
    say(small, second, "no")

    assert len(told(third)) == 2


def test_who_gives_up_a_place_and_wants_it_back_is_last(group, small):
    first, second, third = join(group, 3)
    for member in (first, second, third):
        say(small, member)

    say(small, first, "maybe")
    say(small, first)

    assert (going(small), waiting(small)) == ([second, third], [first])


def test_the_capacity_of_the_group_holds_where_the_meeting_has_none():
    group = make_group(capacity=1)
    meeting = make_meeting(group)
    people = join(group, 2)

    for member in people:
        say(meeting, member)

    assert waiting(meeting) == people[1:]


def set_capacity(meeting, capacity):
    Meeting.objects.filter(pk=meeting.pk).update(capacity=capacity)
    return answers.settle(meeting.pk)


def test_fewer_places_send_the_last_comers_to_the_head_of_the_waiting_list(group, small):
    people = join(group, 4)
    for member in people:
        say(small, member)

    changes = set_capacity(small, 1)

    assert waiting(small) == people[1:]
    assert changes.changes == (PlaceChange(small.pk, people[1].pk, waits=True),)
    assert "waiting list" in told(people[1])[0]


def test_more_places_let_in_those_who_wait_in_order(group, small):
    people = join(group, 5)
    for member in people:
        say(small, member)

    changes = set_capacity(small, 4)

    assert set(changes.changes) == {
        PlaceChange(small.pk, member.pk, waits=False) for member in people[2:4]
    }
    assert (waiting(small), count(small)) == (people[4:], 4)


def test_a_limit_taken_away_lets_everybody_in(group, small):
    people = join(group, 4)
    for member in people:
        say(small, member)

    set_capacity(small, None)

    assert (waiting(small), count(small)) == ([], 4)


def test_settling_what_is_settled_changes_and_tells_nothing(group, small):
    for member in join(group, 3):
        say(small, member)

    assert not answers.settle(small.pk).changes
    assert not Notification.objects.exists()


def test_a_changed_capacity_of_the_group_settles_its_meetings():
    group = make_group(capacity=1)
    meeting = make_meeting(group)
    for member in join(group, 2):
        say(meeting, member)
    type(group).objects.filter(pk=group.pk).update(capacity=2)

    answers.settle_group(group=group)

    assert (waiting(meeting), count(meeting)) == ([], 2)


def test_who_has_a_seat_at_the_meeting_has_a_place(group, small):
    people = join(group, 3)
    for member in people:
        say(small, member)

    seats.take_seat(meeting=small, kind=group.seat_kinds.get(), member=people[2])

    assert (going(small), waiting(small)) == ([people[0], people[2]], [people[1]])
    assert "waiting list" in told(people[1])[0]
    assert not told(people[2])


@pytest.mark.parametrize(
    ("capacity", "words"),
    [
        (2, ""),
        (1, "One member who has a place would go to the top of the waiting list, and be notified."),
        (4, "2 members on the waiting list would get a place, and be notified."),
        (None, "2 members on the waiting list would get a place, and be notified."),
    ],
)
def test_the_consequence_of_a_capacity_is_said_before(group, small, capacity, words):
    for member in join(group, 4):
        say(small, member)

    assert answers.consequence(small, capacity).words == words


def usual(group, member, word):
    membership = Membership.objects.get(group=group, member=member)
    return answers.set_usual_answer(membership=membership, answer=word)


def test_a_usual_answer_is_given_to_all_that_is_to_come(group, meeting):
    [ada] = join(group)
    later = make_meeting(group, day=meeting.day + timedelta(days=7))

    assert usual(group, ada, "going") == 2
    assert (count(meeting), count(later)) == (1, 1)
    assert Rsvp.objects.filter(is_usual=True).count() == 2


def test_a_usual_answer_leaves_alone_what_was_said_of_one_meeting(group, meeting):
    [ada] = join(group)
    say(meeting, ada, "no")

    usual(group, ada, "going")

    assert Rsvp.objects.get().answer == "no"


def test_a_usual_answer_replaces_the_usual_answer_before_it(group, meeting):
    [ada] = join(group)
    usual(group, ada, "going")

    usual(group, ada, "no")

    assert (Rsvp.objects.get().answer, count(meeting)) == ("no", 0)


def test_a_usual_answer_taken_back_leaves_what_was_said_of_one_meeting(group, meeting):
    [ada] = join(group)
    usual(group, ada, "going")
    later = make_meeting(group, day=meeting.day + timedelta(days=7))
    say(later, ada)

    usual(group, ada, "")

    assert [rsvp.meeting for rsvp in Rsvp.objects.all()] == [later]
    assert (count(meeting), count(later)) == (0, 1)


def test_the_usual_answer_said_of_one_meeting_becomes_their_own_word(group, meeting):
    [ada] = join(group)
    usual(group, ada, "going")
    before = Rsvp.objects.get()

    rsvp = say(meeting, ada)

    assert (rsvp.is_usual, rsvp.queued_at) == (False, before.queued_at)


def test_a_usual_answer_leaves_the_past_alone(group):
    [ada] = join(group)
    make_meeting(group, phase="held")

    assert usual(group, ada, "going") == 0


def test_new_meetings_get_the_usual_answers_in_the_order_of_joining(group):
    people = join(group, 3, usual_answer="going")
    new = make_meeting(group, capacity=2)

    given = answers.give_usual_answers(group=group, meeting_ids=[new.pk])

    assert (given, going(new), waiting(new), count(new)) == (3, people[:2], people[2:], 2)
    assert not Notification.objects.exists()


def test_usual_answers_given_twice_are_there_once(group, meeting):
    join(group, 2, usual_answer="maybe")
    answers.give_usual_answers(group=group, meeting_ids=[meeting.pk])

    assert answers.give_usual_answers(group=group, meeting_ids=[meeting.pk]) == 0
    assert Rsvp.objects.count() == 2


def test_who_had_a_place_at_a_meeting_that_is_on_again_hears_that_it_shrank(group, small):
    first, second = join(group, 2)
    for member in (first, second):
        say(small, member)
    Meeting.objects.filter(pk=small.pk).update(capacity=1)

    answers.give_usual_answers(group=group, meeting_ids=[small.pk])

    assert "waiting list" in told(second)[0]
    assert not told(first)


def test_the_order_is_kept_where_the_clock_stands_still(group, small):
    first, second, third = join(group, 3)
    with time_machine.travel(timezone.now(), tick=False):
        for member in (first, second, third):
            say(small, member)
        say(small, first, "no")
        say(small, first)

    assert (going(small), waiting(small)) == ([second, third], [first])


def test_leaving_frees_the_place_for_the_first_who_waits(group, small):
    first, second, third = join(group, 3)
    for member in (first, second, third):
        say(small, member)

    assert answers.forget_future(group=group, member_id=first.pk) == 1
    assert (going(small), waiting(small), count(small)) == ([second, third], [], 2)
    assert len(told(third)) == 1


def test_leaving_keeps_what_was_answered_to_the_past(group):
    [ada] = join(group)
    held = make_meeting(group)
    say(held, ada)
    Meeting.objects.filter(pk=held.pk).update(phase="held")

    answers.forget_future(group=group, member_id=ada.pk)

    assert (going(held), count(held)) == ([ada], 1)
