"""Muting and blocking by hand: asked first, done, taken back."""

from __future__ import annotations

import pytest

from accounts import contributions
from accounts.contributions import Contribution, ProfileAction
from discussions.blocks import blocks
from tests.builders import make_user

pytestmark = pytest.mark.django_db

MUTE, BLOCK = "/@Other/mute", "/@Other/block"


@pytest.fixture
def other():
    return make_user("Other", full_name="Olga Other")


def html_of(client, url):
    return client.get(url).content.decode()


@pytest.mark.parametrize(
    ("url", "what_it_does"),
    [(MUTE, "You will get no notifications"), (BLOCK, "Neither of you will see")],
)
def test_the_page_says_first_what_the_act_does(member_client, other, url, what_it_does):
    html = html_of(member_client, url)

    assert "Olga Other" in html
    assert what_it_does in html


def test_looking_changes_nothing(member_client, member, other):
    html_of(member_client, MUTE)
    html_of(member_client, BLOCK)

    assert not blocks.is_muted(member=member, other=other)
    assert not blocks.kept_apart(member)


def test_a_member_mutes_and_takes_it_back(member_client, member, other):
    assert member_client.post(MUTE, {"mute": "on"}).url == "/@Other"
    assert blocks.is_muted(member=member, other=other)
    assert "Unmute" in html_of(member_client, MUTE)

    member_client.post(MUTE, {"mute": "off"})

    assert not blocks.is_muted(member=member, other=other)


def test_a_member_blocks_and_takes_it_back(member_client, member, other):
    assert member_client.post(BLOCK, {"block": "on"}).url == "/@Other"
    assert blocks.is_blocked(member=member, other=other)
    assert "Unblock" in html_of(member_client, BLOCK)

    member_client.post(BLOCK, {"block": "off"})

    assert not blocks.kept_apart(member)


def test_what_was_done_is_said_and_the_way_back_is_kept(member_client, other):
    response = member_client.post(f"{MUTE}?next=/inbox", {"mute": "on"}, follow=True)

    assert response.redirect_chain == [("/inbox", 302)]
    assert "You no longer get notifications about Olga Other." in response.content.decode()


def test_the_way_back_stays_on_the_site(member_client, other):
    response = member_client.post(BLOCK, {"block": "on", "next": "https://evil.example/"})

    assert response.url == "/@Other"


@pytest.mark.parametrize(("url", "sent"), [(MUTE, {"mute": "x"}), (BLOCK, {})])
def test_a_press_without_a_direction_is_asked_again(member_client, member, other, url, sent):
    response = member_client.post(url, sent)

    assert response.status_code == 422
    assert b"Olga Other" in response.content
    assert not blocks.kept_apart(member)


@pytest.mark.parametrize("act", ["mute", "block"])
def test_nobody_keeps_themselves_away(member_client, member, act):
    url = f"/@{member.username}/{act}"

    assert member_client.get(url).status_code == 403
    assert member_client.post(url, {act: "on"}).status_code == 403


@pytest.mark.parametrize("fields", [{}, {"is_active": False}])
def test_nobody_of_that_name_is_not_found(member_client, fields):
    if fields:
        make_user("Other", **fields)

    assert member_client.post(BLOCK, {"block": "on"}).status_code == 404


def test_a_block_is_taken_back_even_while_the_other_is_suspended(member_client, member, other):
    blocks.block(member=member, other=other)
    type(other).objects.filter(pk=other.pk).update(is_active=False)

    member_client.post(BLOCK, {"block": "off"})

    assert not blocks.kept_apart(member)


def test_being_blocked_by_a_suspended_member_does_not_give_them_away(member_client, member):
    blocker = make_user("Other")
    blocks.block(member=blocker, other=member)
    type(blocker).objects.filter(pk=blocker.pk).update(is_active=False)

    assert member_client.get(BLOCK).status_code == 404


# The way there -------------------------------------------------------------------------------


def test_a_profile_leads_to_both(member_client, other):
    html = html_of(member_client, "/@Other")

    assert f'href="{MUTE}"' in html
    assert f'href="{BLOCK}"' in html


def test_ones_own_profile_and_a_visitors_lead_to_neither(client, member_client, member, other):
    assert "/block" not in html_of(member_client, f"/@{member.username}")
    assert "/block" not in html_of(client, "/@Other")


def test_an_app_adds_an_action(monkeypatch, member, other):
    action = ProfileAction("Mute", "bell-off", "discussions:member_mute")
    monkeypatch.setattr(contributions, "_contributions", [Contribution(profile_actions=[action])])

    found = contributions.actions_for(other, member)

    assert found == [{"label": "Mute", "icon": "bell-off", "url": MUTE}]
