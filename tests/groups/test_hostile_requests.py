"""What nobody sends who means well: it is refused in a sentence, or held up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from groups import limits
from groups.founding import founding
from groups.invitations import invitations
from groups.invitations.invitations import InvitationRefusal, InvitationRefusedError
from groups.models import Group, LogEntry, Meeting, Membership
from tests.builders import make_user
from tests.groups.builders import make_meeting

pytestmark = pytest.mark.django_db

POINT = {"points-TOTAL_FORMS": "1", "points-INITIAL_FORMS": "0", "points-0-text": "Claims"}


@pytest.mark.parametrize("minutes", ["9" * 5000, "9" * 20, "²"])
def test_minutes_without_end_are_refused(owner_client, meeting, minutes):
    url = f"{meeting.get_absolute_url()}/agenda"

    assert owner_client.post(url, POINT | {"points-0-minutes": minutes}).status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "2999-01-01", "9999-12-31"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_day_out_of_reach_is_refused(owner_client, group, meeting, day, zone):
    when = {"day": day, "time": "00:00", "zone": zone}
    moved = owner_client.post(f"{meeting.get_absolute_url()}/move", when)
    added = owner_client.post("/groups/readers/meetings/new", when | {"duration_minutes": 60})

    assert (moved.status_code, added.status_code) == (422, 422)
    assert Meeting.objects.get().day == meeting.day


@pytest.mark.parametrize("first_on", ["0001-01-01", "9999-12-31"])
def test_no_group_begins_out_of_reach(owner_client, first_on):
    founded = {"name": "Far away", "visibility": "public", "joining": "open"}
    said = founded | {"first_on": first_on, "at": "18:00", "zone": "UTC", "rhythm": "weekly"}

    assert owner_client.post("/groups/new", said).status_code == 422
    assert not Group.objects.filter(slug="far-away").exists()


@pytest.mark.parametrize("url", ["/groups", "/groups/readers/members", "/groups/readers/archive"])
def test_a_nul_is_found_nowhere(owner_client, group, url):
    assert owner_client.get(url, {"q": "\0readers"}).status_code == 200


def test_suggesting_an_address_tells_of_no_private_group(private_group, owner):
    suggested = founding.suggest_slug("Quiet Readers", founder=make_user())

    assert suggested == "quiet-readers"
    assert founding.suggest_slug("Quiet Readers", founder=owner) == "quiet-readers-2"


def test_a_group_made_after_a_private_one_does_not_name_it(private_group, owner):
    founding.clone_group(group=private_group, by=owner, name="Another", slug="another")

    assert private_group.name not in LogEntry.objects.get(group__slug="another").words


def test_who_is_suspended_lets_nobody_in(private_group, owner):
    made = invitations.invite(group=private_group, by=owner)
    owner.suspended_until = made.invitation.expires_at
    owner.save()

    with pytest.raises(InvitationRefusedError) as refused:
        invitations.accept(invitation=made.invitation, member=make_user())
    assert refused.value.refusal == InvitationRefusal.REVOKED


@pytest.fixture
def few(monkeypatch):
    """Let each thing that is limited be done twice, however long it takes."""
    for name in ("JOIN", "OPEN_INVITATION", "RUN", "SEARCH"):
        limit = replace(getattr(limits, name), per_minute=0.001, burst=2, per_address=1)
        monkeypatch.setattr(limits, name, limit)


def codes_of(ask):
    return [ask().status_code for _ in range(3)]


def test_coming_and_going_is_held_up(few, outsider_client, group):
    def come_and_go():
        outsider_client.post("/groups/readers/leave")
        return outsider_client.post("/groups/readers/join")

    assert codes_of(come_and_go) == [302, 302, 422]
    assert Membership.objects.filter(group=group).count() == 1


def test_links_of_invitations_are_not_tried_without_end(few):
    assert codes_of(lambda: Client().get("/invitations/nothing")) == [302, 302, 429]


@pytest.mark.parametrize("address", ["settings", "settings/cycle"])
def test_members_are_not_told_of_changes_without_end(few, address, owner_client, group):
    url = f"/groups/readers/{address}"

    assert codes_of(lambda: owner_client.post(url, {})) == [422, 422, 429]


@pytest.mark.parametrize("address", ["ballot/pick", "advance"])
def test_nor_of_meetings(few, address, owner_client, group):
    url = f"{make_meeting(group).get_absolute_url()}/{address}"

    assert codes_of(lambda: owner_client.post(url, {})) == [422, 422, 429]


def test_an_archive_is_not_searched_without_end(few, outsider_client, group):
    url = "/groups/readers/archive"

    assert codes_of(lambda: outsider_client.get(url, {"q": "scaling"})) == [200, 200, 429]
    assert outsider_client.get(url).status_code == 200


@pytest.mark.parametrize("joining", Group.Joining.values)
def test_what_is_remembered_for_visitors_is_no_single_ones(joining, member_client, group):
    Group.objects.update(joining=joining)
    make_meeting(group)
    Client().get("/groups/readers", {"canary": "of the first"})
    page = Client().get("/groups/readers")

    remembered = page.context["shown"].main + page.context["shown"].rail
    assert "canary" not in page.text
    assert "csrf" not in remembered
    assert "rsvp-going" in member_client.get("/groups/readers").text
    assert "rsvp-going" not in Client().get("/groups/readers").text
