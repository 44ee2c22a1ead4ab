"""The page of all groups, and the lists of people: whom they show what, at what cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from groups.directory import page as directory_page
from groups.models import Group, LogEntry
from papers.models import Topic
from tests.builders import make_paper, make_user
from tests.groups.builders import make_group, make_meeting, make_membership
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


def names(query=""):
    return [row.group.name for row in directory_page.directory(query=query, page=1).rows]


def page_of(client, **asked):
    return client.get("/groups", asked).content.decode()


def test_only_public_groups_that_run_are_listed():
    make_group(name="Open")
    make_group(name="Hidden", visibility="unlisted")
    make_group(name="Secret", visibility="private")
    make_group(name="Over", closed_at=Group.objects.first().created_at)

    assert names() == ["Open"]
    for client in (Client(), client_for(make_user())):
        page = page_of(client)
        assert "Hidden" not in page
        assert "Secret" not in page


@pytest.mark.parametrize("query", ["Secret", "whale", "cs.LG", "secret-club"])
def test_no_search_finds_a_private_group(query):
    group = make_group("secret-club", name="Secret", visibility="private", summary="On whales.")
    Topic.objects.get_or_create(code="cs.LG", defaults={"name": "Machine Learning"})
    group.topics.set(["cs.LG"])

    assert names(query) == []
    assert "No public group matches" in page_of(Client(), q=query)


@pytest.mark.parametrize("query", ["whale", "WHALE song", "deep sea", "cs.lg", "machine"])
def test_a_group_is_found_by_name_summary_and_topic(query):
    group = make_group(name="Whale song", summary="From the deep sea.")
    Topic.objects.get_or_create(code="cs.LG", defaults={"name": "Machine Learning"})
    group.topics.set(["cs.LG"])
    make_group(name="Birds")

    assert names(query) == ["Whale song"]


def test_the_largest_group_comes_first():
    make_group(name="Small")
    large = make_group(name="Large")
    make_membership(large)

    assert names() == ["Large", "Small"]


def test_a_member_sees_all_their_groups_by_their_next_meeting(owner):
    day = make_meeting(make_group(name="Later", owner=owner)).day
    make_meeting(
        make_group(name="Sooner", owner=owner, visibility="private"), day=day - timedelta(days=2)
    )
    make_group(name="Idle", owner=owner)
    make_group(name="Ended", owner=owner, closed_at="2026-01-01T00:00Z")

    rows = directory_page.own_groups(owner)

    assert [row.group.name for row in rows] == ["Sooner", "Later", "Idle", "Ended"]


def test_what_is_read_next_is_shown(owner, owner_client):
    make_meeting(make_group(owner=owner), paper=make_paper(title="On whales"))

    assert "On whales" in page_of(owner_client)


def test_a_cancelled_meeting_is_not_what_comes_next(owner):
    make_meeting(make_group(owner=owner), phase="cancelled")

    assert directory_page.own_groups(owner)[0].next is None


def test_pages_follow_each_other_without_a_gap():
    made = {make_group(name=f"Group {number:02}").name for number in range(25)}

    first = directory_page.directory(query="group", page=1)
    second = directory_page.directory(query="group", page=2)

    assert {row.group.name for row in [*first.rows, *second.rows]} == made
    assert first.pager.next_page_url == "/groups?q=group&page=2"
    assert second.pager.next_page_url == ""


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999999999999999999999"])
def test_a_page_that_is_none_is_answered(page, db):
    assert Client().get("/groups", {"page": page}).status_code == 200


def test_empty_lists_say_what_to_do(db):
    assert "Create the first one" in page_of(Client())
    assert "You are not in a group yet" in page_of(client_for(make_user()))


def test_more_groups_cost_no_more_queries(owner, count_queries):
    client = client_for(owner)

    def one():
        make_meeting(make_group(owner=owner), paper=make_paper())

    one()
    few = count_queries(lambda: client.get("/groups"))
    for _ in range(10):
        one()

    assert count_queries(lambda: client.get("/groups")) == few


@pytest.mark.parametrize("page", ["members", "log", "invitations", "requests", "about"])
def test_more_people_cost_no_more_queries(group, owner_client, count_queries, page):
    def one():
        member = make_membership(group, role="organiser").member
        LogEntry.objects.create(
            group=group, kind="joined", words="Joined", actor=member, at=group.created_at,
            meeting=make_meeting(group, day=(group.created_at + timedelta(days=member.pk)).date()),
        )  # fmt: skip
        group.join_requests.create(member=make_user())
        group.invitations.create(
            token_hash=str(member.pk), invited_by=member, expires_at="2099-01-01T00:00Z"
        )

    one()
    few = count_queries(lambda: owner_client.get(f"/groups/{group.slug}/{page}"))
    for _ in range(5):
        one()

    assert count_queries(lambda: owner_client.get(f"/groups/{group.slug}/{page}")) == few


def test_members_are_found_by_name(group, owner_client):
    make_membership(group, make_user("zoe", full_name="Zoë Whale"))
    make_membership(group, make_user("yan"))

    page = owner_client.get(f"/groups/{group.slug}/members", {"q": "whale"}).content.decode()

    assert "Zoë Whale" in page
    assert "@yan" not in page


def test_the_log_goes_on_below(group, owner_client):
    for number in range(60):
        LogEntry.objects.create(group=group, kind="x", words=f"Act {number}.", at=group.created_at)
    first = owner_client.get(f"/groups/{group.slug}/log").content.decode()
    older = LogEntry.objects.order_by("-id")[49].pk

    page = owner_client.get(f"/groups/{group.slug}/log", {"before": older}).content.decode()

    assert "Act 59." in first
    assert f"before={older}" in first
    assert "Act 9." in page
    assert "Act 10." not in page


def test_an_organiser_sees_no_button_for_an_owner(group, owner):
    organiser = make_membership(group, role="organiser").member
    client = client_for(organiser)

    assert (
        f"/members/{owner.username}"
        not in client.get(f"/groups/{group.slug}/members").content.decode()
    )
    assert client.get(f"/groups/{group.slug}/members/{owner.username}").status_code == 403


def test_a_member_sees_no_bans(group, member_client):
    group.bans.create(member=make_user("banned"), reason="Spam.")

    assert "Spam." not in member_client.get(f"/groups/{group.slug}/members").content.decode()


@pytest.mark.parametrize(
    ("act", "typed"),
    [("role", {"role": "organiser"}), ("remove", {}), ("ban", {"reason": "Spam."})],
)
def test_an_owner_sees_to_a_member_on_one_page(group, owner_client, act, typed):
    member = make_membership(group, make_user("mona")).member
    url = f"/groups/{group.slug}/members/mona"
    assert owner_client.get(url).status_code == 200

    response = owner_client.post(url, {"act": act, **typed})

    assert response.status_code == 302
    found = group.memberships.filter(member=member).first()
    assert (found.role if found else None) == ("organiser" if act == "role" else None)
    assert group.bans.exists() == (act == "ban")
