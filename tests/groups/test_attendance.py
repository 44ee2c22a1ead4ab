"""Who came, and the one question after a meeting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from common.refusals import Refused
from groups.attendance import attendance, survey
from groups.models import Attendance, Membership, SurveyAnswer
from tests.builders import make_user
from tests.groups.builders import make_meeting, make_membership, make_rsvp

pytestmark = pytest.mark.django_db


def begun(group, *, minutes_ago=5, **fields):
    fields = {"phase": "live", "day": timezone.now().date()} | fields
    return make_meeting(group, starts_at=timezone.now() - timedelta(minutes=minutes_ago), **fields)


@pytest.fixture
def live(group):
    return begun(group)


@pytest.fixture
def held(group):
    return begun(group, minutes_ago=120, phase="held")


def came(meeting):
    return {row.member for row in Attendance.objects.filter(meeting=meeting)}


def note(meeting, by, members, **kwargs):
    ids = [member.pk for member in members]
    return attendance.note_attendance(meeting=meeting, by=by, member_ids=ids, **kwargs)


def test_organisers_note_who_came_in_the_place_of_what_was_noted(group, owner, live):
    ada, ben, guest = (make_membership(group).member for _ in range(3))
    Membership.objects.filter(member=guest).update(role="guest")
    note(live, owner, [ada, ben])

    assert note(live, owner, [ben, guest]) == 2
    assert came(live) == {ben, guest}


def test_who_checked_in_since_the_list_was_shown_stays(group, owner, live):
    ada, ben = (make_membership(group).member for _ in range(2))
    attendance.check_in(meeting=live, member=ada)

    assert note(live, owner, [ben], instead_of=[]) == 2
    assert came(live) == {ada, ben}


def test_nobody_from_outside_is_noted_but_who_left_stays(group, owner, held):
    gone = make_membership(group).member
    note(held, owner, [gone])
    Membership.objects.filter(member=gone).delete()

    note(held, owner, [gone, make_user()])

    assert came(held) == {gone}


def test_who_came_to_a_meeting_is_not_noted_before_it(owner, meeting):
    with pytest.raises(Refused, match="15 minutes before"):
        note(meeting, owner, [owner])


def test_nobody_came_to_a_meeting_that_was_cancelled(group, owner):
    with pytest.raises(Refused, match="no meeting"):
        note(begun(group, phase="cancelled"), owner, [owner])


def test_a_member_checks_in_once(owner, live):
    assert attendance.check_in(meeting=live, member=owner)
    assert not attendance.check_in(meeting=live, member=owner)


def test_a_check_in_is_taken_back(owner, live):
    attendance.check_in(meeting=live, member=owner)

    assert attendance.undo_check_in(meeting=live, member=owner)
    assert not came(live)


@pytest.mark.parametrize(
    ("minutes_ago", "is_open"), [(-16, False), (-14, True), (60 + 119, True), (60 + 121, False)]
)
def test_one_checks_in_from_a_quarter_before_until_two_hours_after(group, minutes_ago, is_open):
    assert attendance.is_open(begun(group, minutes_ago=minutes_ago)) is is_open


def test_checking_in_is_refused_when_it_is_not_open_and_to_outsiders(owner, meeting, live):
    with pytest.raises(Refused, match="15 minutes"):
        attendance.check_in(meeting=meeting, member=owner)
    with pytest.raises(Refused, match="Only members"):
        attendance.check_in(meeting=live, member=make_user())


def test_those_who_said_that_they_come_stand_first_on_the_list(group, owner, live):
    words = ["no", "going", "maybe"]
    for name, word in zip(["ada", "ben", "cleo"], words, strict=True):
        make_rsvp(live, make_membership(group, make_user(name)).member, answer=word)

    people = attendance.people(live)

    assert [row.member.username for row in people.rows] == ["ben", "cleo", "olga", "ada"]


def test_who_came_and_left_the_group_is_on_the_list(group, owner, held):
    gone = make_membership(group).member
    note(held, owner, [gone])
    Membership.objects.filter(member=gone).delete()

    assert [row.member for row in attendance.people(held).rows if row.came] == [gone]


def test_the_list_costs_the_same_whatever_its_length(group, held, count_queries):
    before = count_queries(lambda: attendance.people(held))
    for _ in range(10):
        make_rsvp(held, make_membership(group).member)

    assert count_queries(lambda: attendance.people(held)) == before == 2


def answer(meeting, member, word="yes", words=""):
    return survey.answer(meeting=meeting, member=member, answer=word, words=words)


def test_the_question_is_answered_once_and_changed(owner, held):
    answer(held, owner, "no")

    answer(held, owner, "partly", "Too long.")

    given = SurveyAnswer.objects.get()
    assert (given.answer, given.words) == ("partly", "Too long.")


def test_the_question_is_put_after_the_meeting(owner, meeting, live):
    for early in (meeting, live):
        with pytest.raises(Refused, match="after the meeting"):
            answer(early, owner)


def test_an_old_answer_stays_as_it_is(group, owner):
    with pytest.raises(Refused):
        answer(begun(group, minutes_ago=61 * 24 * 60, phase="held"), owner)


def test_only_members_answer_the_question(held):
    with pytest.raises(Refused, match="Only members"):
        answer(held, make_user())


def test_answers_are_counted_with_those_that_nobody_gave(group, owner, held):
    answer(held, owner)
    answer(held, make_membership(group).member)

    assert [(each.label, each.count) for each in survey.results(held)] == [
        ("Yes", 2), ("Partly", 0), ("No", 0),
    ]  # fmt: skip


def test_words_are_in_no_order_that_tells_whose_they_are(group, owner, held):
    answer(held, owner, words="Yes, and well written.")
    answer(held, make_membership(group).member, words="A pity.")
    answer(held, make_membership(group).member)

    assert survey.words(held) == ["A pity.", "Yes, and well written."]
