"""How the work is shared, and whose turn it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from groups.models import Seat, SeatKind
from groups.rota import load
from tests.builders import make_user
from tests.groups.builders import make_meeting, make_membership, make_rsvp, make_seat

pytestmark = pytest.mark.django_db


def make_day(days):
    return (timezone.now() + timedelta(days=days)).date()


@pytest.fixture
def people(group, owner):
    """Ada, Ben and Cleo, who joined in this order; the owner takes no turns."""
    group.memberships.filter(member=owner).update(takes_turns=False)
    return [
        make_membership(
            group, make_user(name), joined_at=timezone.now() - timedelta(days=90 - number)
        ).member
        for number, name in enumerate(["ada", "ben", "cleo"])
    ]


def present(group, member, days, **fields):
    fields = {"phase": "held" if days < 0 else "planned"} | fields
    return make_seat(make_meeting(group, day=make_day(days), **fields), member)


def rows(group):
    return {row.member.username: row for row in load.load_table(group).rows}


def first(meeting):
    found = load.suggest(meeting)
    return found[0].member.username if found else None


def test_the_table_counts_what_was_presented(group, people):
    ada = people[0]
    present(group, ada, -14)
    last = present(group, ada, -7)
    coming = present(group, ada, 7)

    row = rows(group)["ada"]

    assert row.presented_count == 2
    assert row.last_presented_at == last.meeting.starts_at
    assert row.next_turn_at == coming.meeting.starts_at


def test_other_seats_and_cancelled_meetings_do_not_count(group, people):
    critic = SeatKind.objects.create(group=group, name="Critic", position=1)
    Seat.objects.create(
        meeting=make_meeting(group, day=make_day(-7), phase="held"), kind=critic, member=people[0]
    )
    present(group, people[0], -14, phase="cancelled")

    assert rows(group)["ada"].presented_count == 0


def test_guests_are_not_in_the_table(group, people):
    make_membership(group, make_user("gus"), role="guest")

    assert set(rows(group)) == {"olga", "ada", "ben", "cleo"}


def test_who_presented_longest_ago_comes_first_and_before_them_who_never_did(group, people):
    present(group, people[0], -7)
    present(group, people[1], -14)

    found = [row.member.username for row in load.load_table(group).rows]

    assert found == ["cleo", "olga", "ben", "ada"]


def test_the_first_of_two_who_never_presented_is_who_joined_first(meeting, people):
    assert first(meeting) == "ada"


def test_a_turn_that_is_taken_counts_as_presented(group, meeting, people):
    present(group, people[0], 14)

    assert first(meeting) == "ben"


def test_who_takes_no_turns_is_not_suggested(group, meeting, people):
    group.memberships.filter(member=people[0]).update(takes_turns=False)

    assert first(meeting) == "ben"


def test_who_said_no_to_the_meeting_is_not_suggested_for_it(group, meeting, people):
    make_rsvp(meeting, people[0], answer="no")
    make_rsvp(meeting, people[1], answer="maybe")

    assert first(meeting) == "ben"


def test_who_has_a_seat_at_the_meeting_is_not_suggested_for_it(group, meeting, people):
    critic = SeatKind.objects.create(group=group, name="Critic", position=1)
    make_seat(meeting, people[0], critic)

    assert first(meeting) == "ben"


def test_nobody_is_suggested_where_nobody_can(group, meeting, people):
    group.memberships.update(takes_turns=False)

    assert first(meeting) is None


def test_several_meetings_are_suggested_to_several_members(group, people):
    meetings = [make_meeting(group, day=make_day(7 * week)) for week in range(1, 6)]

    found = load.suggest_all(group, meetings)

    names = [found[meeting.pk].member.username for meeting in meetings]
    assert names == ["ada", "ben", "cleo", "ada", "ben"]


def test_the_table_is_shown_in_pages(group, people, monkeypatch):
    monkeypatch.setattr(load, "PAGE_SIZE", 3)

    pages = [load.load_table(group, page=number) for number in (1, 2)]

    assert [(len(page.rows), page.has_more) for page in pages] == [(3, True), (1, False)]


def test_neither_costs_more_for_more_members_and_meetings(group, people, count_queries):
    meetings = [make_meeting(group, day=make_day(7))]
    before = count_queries(lambda: (load.load_table(group), load.suggest_all(group, meetings)))
    for number in range(10):
        present(group, make_membership(group).member, -7 * (number + 1))
        meetings.append(make_meeting(group, day=make_day(14 + 7 * number)))

    after = count_queries(lambda: (load.load_table(group), load.suggest_all(group, meetings)))

    assert before == after == 4
