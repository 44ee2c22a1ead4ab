"""The page on which an organiser moves a meeting on: it says what comes of a step first."""

from __future__ import annotations

import pytest

from groups.models import LogEntry, Meeting
from tests.builders import make_user
from tests.groups.builders import make_group, make_membership
from tests.groups.conftest import client_for
from tests.groups.cycle_builders import make_due_meeting, tick_to

pytestmark = pytest.mark.django_db


def url_of(meeting):
    return f"{meeting.get_absolute_url()}/advance"


def phase_of(meeting):
    return Meeting.objects.get(pk=meeting.pk).phase


def test_the_page_says_what_a_step_entails_and_takes_none(group, owner_client):
    meeting = make_due_meeting(group, phase="nominating")

    page = owner_client.get(url_of(meeting)).content.decode()

    assert "Open the ballot now" in page
    assert "Current nominations go on the ballot." in page
    assert "Start the meeting" not in page
    assert phase_of(meeting) == "nominating"


def test_a_step_is_taken_and_logged_under_the_organisers_name(group, owner, owner_client):
    meeting = make_due_meeting(group)

    response = owner_client.post(url_of(meeting), {"to": "nominating"}, follow=True)

    assert response.redirect_chain == [(meeting.get_absolute_url(), 302)]
    assert "Nominations are open." in response.content.decode()
    assert LogEntry.objects.get().actor == owner


def test_a_second_click_says_that_it_was_so(group, owner_client):
    meeting = make_due_meeting(group)
    owner_client.post(url_of(meeting), {"to": "nominating"})

    response = owner_client.post(url_of(meeting), {"to": "nominating"}, follow=True)

    assert "Already done: nominations are open." in response.content.decode()
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize("to", ["", "voting", "held", "cancelled", "nonsense"])
def test_a_step_that_is_none_is_refused_with_the_page(group, owner_client, to):
    meeting = make_due_meeting(group)

    response = owner_client.post(url_of(meeting), {"to": to})

    assert response.status_code == 422
    assert "Open nominations now" in response.content.decode()
    assert phase_of(meeting) == "planned"


def test_the_meeting_is_started_and_ended_by_hand(group, owner):
    meeting = make_due_meeting(group, phase="ready")
    with tick_to(meeting.starts_at):
        client = client_for(owner)
        client.post(url_of(meeting), {"to": "live"})
        assert phase_of(meeting) == "live"
        client.post(url_of(meeting), {"to": "held"})
    assert phase_of(meeting) == "held"


def test_a_meeting_with_nothing_to_do_says_so(group, owner_client):
    meeting = make_due_meeting(group, phase="ready")

    page = owner_client.get(url_of(meeting)).content.decode()

    assert "Nothing to do" in page
    assert "up to three hours early" in page


def test_an_old_address_leads_to_the_one_that_is_true_now(group, owner_client):
    meeting = make_due_meeting(group, former_days=["2020-01-02"])

    response = owner_client.get("/groups/readers/meetings/2020-01-02/advance")

    assert response.url == url_of(meeting)


def test_members_take_no_steps(group, member_client):
    meeting = make_due_meeting(group)

    assert member_client.get(url_of(meeting)).status_code == 403
    assert member_client.post(url_of(meeting), {"to": "nominating"}).status_code == 403


def test_an_organiser_of_another_group_does_not_find_a_private_one():
    meeting = make_due_meeting(make_group("quiet", visibility="private"))
    other = make_membership(make_group(), make_user(), role="organiser").member

    assert client_for(other).post(url_of(meeting), {"to": "nominating"}).status_code == 404


def test_a_closed_group_takes_no_steps(group, owner_client):
    meeting = make_due_meeting(group)
    group.closed_at = meeting.starts_at
    group.save()

    assert owner_client.post(url_of(meeting), {"to": "nominating"}).status_code == 403
