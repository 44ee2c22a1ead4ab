"""The meetings of the coming week, beside the lists of papers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from groups.directory import soon
from tests.builders import make_paper, make_user
from tests.groups.builders import make_group, make_meeting, make_membership

pytestmark = pytest.mark.django_db

VISITOR = AnonymousUser()
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def meetings_for(reader):
    return soon.meetings_soon(soon.groups_meeting_soon(reader))


def meeting_in(days, group=None, **fields):
    return make_meeting(group, day=(NOW + timedelta(days=days)).date(), **fields)


def test_the_next_meetings_of_public_groups_come_by_time():
    later, sooner = meeting_in(3), meeting_in(1)

    assert meetings_for(VISITOR) == [sooner, later]


@pytest.mark.parametrize("visibility", ["private", "unlisted"])
def test_a_group_that_is_not_listed_shows_to_its_members_only(visibility):
    meeting = meeting_in(1, make_group(visibility=visibility))
    member = make_membership(meeting.group).member

    assert meetings_for(VISITOR) == []
    assert meetings_for(make_user()) == []
    assert meetings_for(member) == [meeting]


def test_a_members_own_groups_come_first():
    others, own = meeting_in(1), meeting_in(4)
    member = make_membership(own.group).member

    assert meetings_for(member) == [own, others]


@pytest.mark.parametrize("phase", ["cancelled", "skipped", "held", "live"])
def test_only_meetings_to_come_are_shown(phase):
    meeting_in(1, phase=phase, due_at=None)

    assert meetings_for(VISITOR) == []


def test_a_closed_group_and_a_later_week_are_left_out():
    meeting_in(1, make_group(closed_at=NOW))
    meeting_in(9)

    assert meetings_for(VISITOR) == []


def test_more_meetings_cost_no_more_queries(django_assert_num_queries):
    for days in (1, 2, 3, 4):
        meeting_in(days, paper=make_paper())

    with django_assert_num_queries(2):
        assert len(meetings_for(VISITOR)) == 3


def test_the_list_shows_the_paper_the_group_and_the_time(client):
    group = make_group(name="Long-Context Club")
    meeting_in(3, group, paper=make_paper(title="On attention"), going_count=14)

    content = " ".join(client.get("/papers").content.decode().split())
    rail = content.partition("Read together this week")[2]

    assert "Long-Context Club" in rail
    assert "On attention" in rail
    assert "Thu, Nov 26, 18:00</time> in Berlin" in rail
    assert "14 attending" in rail


def test_what_a_member_sees_is_never_shown_to_a_visitor(client):
    meeting = meeting_in(1, make_group(name="The secret club", visibility="private"))
    members_client = type(client)()
    members_client.force_login(make_membership(meeting.group).member)

    assert b"The secret club" in members_client.get("/papers").content
    assert b"The secret club" not in client.get("/papers").content
