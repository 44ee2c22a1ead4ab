"""Coming in by oneself: joining, asking, being let in."""

from __future__ import annotations

import pytest
from django.test import Client

from common.refusals import Refused
from groups.membership import joining, members
from groups.models import JoinRequest, Membership, Notice
from tests.builders import PASSWORD, make_user
from tests.groups.builders import make_group, make_membership
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def otto():
    return make_user("otto")


@pytest.fixture
def asking_group(owner):
    return make_group("askers", owner=owner, joining="request", join_question="Why you?")


def belongs(group, member):
    return Membership.objects.filter(group=group, member=member).exists()


def test_one_press_joins_an_open_group(group, otto):
    response = client_for(otto).post(f"/groups/{group.slug}/join")

    group.refresh_from_db()
    assert response.url == group.get_absolute_url()
    assert Membership.objects.get(group=group, member=otto).role == "member"
    assert group.member_count == 2


def test_joining_twice_is_joining_once(group, otto):
    assert joining.join(group=group, member=otto)
    assert not joining.join(group=group, member=otto)

    group.refresh_from_db()
    assert group.member_count == 2


def test_a_visitor_who_signs_in_finds_themselves_joined(group, otto):
    client = Client()
    way_in = client.get(f"/groups/{group.slug}/join").url

    assert f"You join {group.name} once you sign in." in client.get(way_in).content.decode()
    response = client.post(way_in, {"login": "otto", "password": PASSWORD})

    assert response.url == group.get_absolute_url()
    assert belongs(group, otto)


def test_a_visitor_who_must_ask_finds_the_question(asking_group, otto):
    client = Client()
    way_in = client.get(f"/groups/{asking_group.slug}/join").url

    response = client.post(way_in, {"login": "otto", "password": PASSWORD})

    assert response.url == f"/groups/{asking_group.slug}/join"
    assert "Why you?" in client.get(response.url).content.decode()


def test_the_sign_in_page_names_no_private_group(private_group):
    page = Client().get(Client().get(f"/groups/{private_group.slug}/join").url)

    assert private_group.name not in page.content.decode()


@pytest.mark.parametrize("kind", ["request", "invitation"])
def test_a_group_that_is_not_open_is_not_joined(kind, otto):
    group = make_group(joining=kind)

    with pytest.raises(Refused):
        joining.join(group=group, member=otto)
    assert not belongs(group, otto)


def test_a_group_that_turned_private_is_not_joined(group, otto):
    type(group).objects.update(visibility="private")

    with pytest.raises(Refused):
        joining.join(group=group, member=otto)


def test_a_closed_group_is_not_joined(group, otto):
    type(group).objects.update(closed_at=group.created_at)

    with pytest.raises(Refused, match="closed"):
        joining.join(group=group, member=otto)


@pytest.mark.parametrize("way", ["join", "ask_to_join"])
def test_the_banned_do_not_come_in(group, owner, otto, way):
    members.ban(group=group, by=owner, member=otto)

    with pytest.raises(Refused, match="removed you"):
        getattr(joining, way)(group=group, member=otto)
    page = client_for(otto).get(f"/groups/{group.slug}/join").content.decode()
    assert "removed you" in page


def test_who_asks_waits_and_the_organisers_are_told(asking_group, owner, otto):
    organiser = make_membership(asking_group, role="organiser").member
    member = make_membership(asking_group).member

    joining.ask_to_join(group=asking_group, member=otto, answer="I read.")

    assert JoinRequest.objects.get().answer == "I read."
    assert not belongs(asking_group, otto)
    assert owner.notifications.get().summary == "otto asks to join Askers."
    assert organiser.notifications.count() == 1
    assert not member.notifications.exists()


def test_asking_twice_is_asking_once(asking_group, otto):
    first = joining.ask_to_join(group=asking_group, member=otto, answer="I read.")
    second = joining.ask_to_join(group=asking_group, member=otto, answer="Please.")

    assert first == second
    assert Notice.objects.count() == 1


def test_a_question_wants_an_answer(asking_group, otto):
    response = client_for(otto).post(f"/groups/{asking_group.slug}/join", {"answer": " "})

    assert response.status_code == 422
    assert not JoinRequest.objects.exists()


def test_an_answer_that_is_too_long_is_kept(asking_group, otto):
    answer = "word " * 300
    response = client_for(otto).post(f"/groups/{asking_group.slug}/join", {"answer": answer})

    assert response.status_code == 422
    assert answer.strip() in response.content.decode()


def test_who_waits_sees_what_they_wrote_and_takes_it_back(asking_group, otto):
    client, url = client_for(otto), f"/groups/{asking_group.slug}/join"
    client.post(url, {"answer": "I read."})
    assert "I read." in client.get(url).content.decode()

    client.post(url, {"take": "back"})

    assert not JoinRequest.objects.exists()


@pytest.mark.parametrize("decision", ["accept", "decline"])
def test_a_decision_is_made_once_and_told(asking_group, owner, otto, decision):
    asked = joining.ask_to_join(group=asking_group, member=otto, answer="I read.")
    client = client_for(owner)
    url = f"/groups/{asking_group.slug}/requests/{asked.pk}"

    client.post(url, {"decide": decision})
    client.post(url, {"decide": "decline" if decision == "accept" else "accept"})

    assert belongs(asking_group, otto) == (decision == "accept")
    assert otto.notifications.count() == 1


def test_the_answer_is_shown_to_organisers(asking_group, owner, otto):
    joining.ask_to_join(group=asking_group, member=otto, answer="<b>I read.</b>")

    page = client_for(owner).get(f"/groups/{asking_group.slug}/requests").content.decode()

    assert "&lt;b&gt;I read.&lt;/b&gt;" in page


def test_who_was_declined_may_ask_again(asking_group, owner, otto):
    asked = joining.ask_to_join(group=asking_group, member=otto)
    joining.decline(group=asking_group, request_id=asked.pk, by=owner)

    again = joining.ask_to_join(group=asking_group, member=otto)

    assert again.pk != asked.pk


def test_a_request_of_another_group_is_not_decided_from_here(group, asking_group, owner, otto):
    asked = joining.ask_to_join(group=asking_group, member=otto)

    with pytest.raises(Refused):
        joining.accept(group=group, request_id=asked.pk, by=owner)
    url = f"/groups/{group.slug}/requests/{asked.pk}"
    assert client_for(owner).post(url, {"decide": "accept"}).status_code == 404
    assert not belongs(asking_group, otto)


def test_a_request_that_was_taken_back_lets_nobody_in(asking_group, owner, otto):
    asked = joining.ask_to_join(group=asking_group, member=otto)
    joining.withdraw_request(group=asking_group, member=otto)

    with pytest.raises(Refused, match="withdrawn"):
        joining.accept(group=asking_group, request_id=asked.pk, by=owner)
