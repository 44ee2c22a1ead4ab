"""The front page of a group: for a visitor, an outsider, members, organisers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from groups.models import JoinRequest
from tests.builders import make_paper, make_user
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_meeting,
    make_membership,
    make_nomination,
    make_rsvp,
    make_schedule,
    make_seat,
    make_slip,
)

pytestmark = [pytest.mark.django_db, pytest.mark.dated]


def page(client, group):
    response = client.get(group.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_a_visitor_sees_what_is_read_next_and_how_to_join(client, group):
    make_meeting(group, paper=make_paper(title="Reading Slowly"), phase="ready")

    shown = page(client, group)

    assert "Reading Slowly" in shown
    assert "You will be asked to sign in." in shown
    assert 'id="rsvp-going"' not in shown


def test_joining_stands_above_what_the_group_reads(client, group, meeting):
    shown = page(client, group)

    assert shown.index(f"/groups/{group.slug}/join") < shown.index('id="next-heading"')
    assert shown.index(f"/groups/{group.slug}/join") < shown.index("Past meetings")


def test_a_member_answers_the_next_meeting_there(member_client, group, meeting):
    assert 'id="rsvp-going"' in page(member_client, group)


def test_the_rule_is_told_in_words(client, group):
    today = timezone.localdate()
    make_schedule(group, starts_on=today, ends_on=today + timedelta(days=90))

    assert "Every Thursday at 18:00" in page(client, group)


def test_a_group_without_meetings_says_so(client, group):
    assert "No meeting is planned." in page(client, group)


def test_the_owner_of_a_new_group_is_led_to_the_schedule(owner_client, group):
    assert "Set the schedule" in page(owner_client, group)


def test_an_organiser_sees_what_waits_for_them(owner_client, group):
    make_meeting(group, phase="ready")
    JoinRequest.objects.create(group=group, member=make_user())

    shown = page(owner_client, group)

    assert "1 request to join" in " ".join(shown.split())
    assert "The next meeting has no paper." in shown
    assert "The next meeting has no presenter." in shown


def test_what_waits_for_organisers_is_not_shown_to_members(member_client, group):
    make_meeting(group, phase="ready")

    assert "to-do" not in page(member_client, group)


def test_an_open_ballot_stands_on_the_page(member_client, group, meeting):
    make_ballot(meeting)

    assert "Vote for" in page(member_client, group)


def test_nominations_stand_there_while_no_ballot_is_open(member_client, group, meeting):
    nomination = make_nomination(group, make_paper(title="A Proposal"))

    shown = page(member_client, group)

    assert nomination.paper.title in shown


def test_the_link_to_the_call_is_not_on_the_page_of_those_outside(outsider_client, group):
    group.join_url = "https://meet.example.org/secret-room"
    group.save()
    make_meeting(group)

    assert "secret-room" not in page(outsider_client, group)


def test_a_larger_group_costs_no_more_queries(client, group, count_queries):
    member = make_membership(group, make_user("mona")).member
    client.force_login(member)
    fill(group, 6)
    few = count_queries(lambda: page(client, group))

    fill(group, 8)

    assert count_queries(lambda: page(client, group)) == few


def fill(group, size):
    """Add held and coming meetings, members, answers, nominations and votes."""
    today = timezone.localdate()
    known = group.meetings.count()
    for number in range(known, known + size):
        held = make_meeting(group, day=today - timedelta(days=7 * (number + 1)), paper=make_paper())
        group.meetings.filter(pk=held.pk).update(phase="held")
        coming = make_meeting(
            group, day=today + timedelta(days=7 * (number + 1)), paper=make_paper()
        )
        members = [make_membership(group).member for _ in range(3)]
        make_seat(coming, members[0])
        make_seat(held, members[1])
        make_rsvp(coming, members[2])
        ballot = make_ballot(coming)
        make_slip(ballot, members[0], [1, 2])
        make_nomination(group)


def test_a_private_group_shows_its_page_to_members_alone(private_group, owner_client, client):
    assert private_group.name in page(owner_client, private_group)
    assert client.get(private_group.get_absolute_url()).status_code == 404


def test_a_closed_group_offers_nothing_to_do(owner_client):
    group = make_group("closed-club", closed_at=timezone.now())
    client = Client()
    client.force_login(group.memberships.get().member)

    shown = page(client, group)

    assert "Nominate a paper" not in shown
    assert "Closed" in shown
