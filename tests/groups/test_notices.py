"""What a group tells is told once, and read by those whom the group lets in."""

from __future__ import annotations

import pytest
from django.utils import timezone

from discussions.models import Notification
from discussions.notifications import notifications
from discussions.notifications import page as notifications_page
from groups.models import Notice
from groups.notices import notices
from groups.rota import seats
from tests.builders import make_user
from tests.groups.builders import make_group, make_meeting, make_membership
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db

ALL = notifications_page.FILTERS[0]


def give(group, **fields):
    fields = {
        "kind": Notice.Kind.CHOSEN, "subject_id": 1, "words": "It is chosen.", "url": "/there",
    } | fields  # fmt: skip
    return notices.give(group=group, **fields)


def items_of(member):
    return [
        item for group in notifications_page.page_of(member, ALL).groups for item in group.items
    ]


def test_everybody_in_the_group_is_told_guests_too(group, owner):
    guest = make_membership(group, role="guest").member
    make_user()

    assert give(group)

    assert set(Notification.objects.values_list("recipient", flat=True)) == {owner.pk, guest.pk}
    assert Notice.objects.get().told_count == 2


def test_a_notice_is_given_once(group):
    give(group)

    assert not give(group)
    assert Notification.objects.count() == Notice.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [{"kind": Notice.Kind.PICKED}, {"subject_id": 2}, {"number": 1}, {"moment": timezone.now()}],
)
def test_what_differs_in_one_column_is_another_notice(group, other):
    assert give(group)
    assert give(group, **other)
    assert not give(group, **other)


def test_two_groups_may_give_a_notice_of_the_same_name(group, private_group):
    assert give(group)
    assert give(private_group)


def test_those_named_are_told_and_nobody_else(group):
    named = make_membership(group).member

    give(group, recipients=[named.pk])

    assert Notification.objects.get().recipient == named


def test_organisers_are_told_what_is_for_them(group, owner):
    make_membership(group)
    organiser = make_membership(group, role="organiser").member

    notices.tell_organisers(
        group=group, kind=Notice.Kind.TERM, subject_id=1, words="The term ends.", url="/there"
    )

    told = set(Notification.objects.values_list("recipient", flat=True))
    assert told == {owner.pk, organiser.pk}


def test_a_notice_of_a_meeting_names_it(group):
    meeting = make_meeting(group)

    give(group, meeting=meeting)

    assert meeting.notices.get().kind == "chosen"


def test_who_leaves_a_private_group_reads_nothing_more_of_what_it_told(private_group):
    membership = make_membership(private_group)
    give(private_group)
    assert items_of(membership.member)[0].summary == "It is chosen."

    membership.delete()

    page = client_for(membership.member).get("/inbox").content.decode()
    assert "It is chosen." not in page
    assert "/there" not in page
    assert "You no longer have access to this." in page


def test_who_leaves_a_public_group_reads_what_it_told(group):
    membership = make_membership(group)
    give(group)
    membership.delete()

    assert items_of(membership.member)[0].summary == "It is chosen."


def test_a_group_that_turns_private_closes_to_those_who_left(group):
    membership = make_membership(group)
    give(group)
    membership.delete()
    group.visibility = "private"
    group.save()

    assert items_of(membership.member)[0].summary == ""


def test_news_of_many_groups_cost_no_more_queries_than_of_one(member, count_queries):
    def join_another():
        make_membership(group := make_group(visibility="private"), member)
        give(group)

    join_another()
    few = count_queries(lambda: items_of(member))
    for _ in range(5):
        join_another()

    assert count_queries(lambda: items_of(member)) == few


def test_news_of_a_seat_in_a_private_group_close_with_the_group(private_group, owner):
    membership = make_membership(private_group)
    seats.give_seat(meeting=make_meeting(private_group), member=membership.member, by=owner)
    assert "Presenter" in items_of(membership.member)[0].summary
    membership.delete()

    assert {item.summary for item in items_of(membership.member)} == {""}


@pytest.mark.parametrize("event", ["group:x:1", "group:", "group:99999999:1"])
def test_an_event_of_no_group_says_nothing(member, event):
    notifications.tell(recipients=[member], event=event, reason="group", summary="Secret.")

    assert items_of(member)[0].summary == ""
