"""Pressing "upvote": as a member, as a visitor on the way in, twice, and too often."""

from __future__ import annotations

import pytest

from common import rate_limits
from common.rate_limits import RateLimit
from papers import voting
from papers.models import Upvote
from tests.builders import PASSWORD, make_paper, make_user

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def paper():
    return make_paper()


@pytest.fixture
def vote_url(paper):
    return f"{paper.get_absolute_url()}/vote"


def test_a_press_swaps_the_button_alone(member_client, vote_url):
    response = member_client.post(vote_url, {"vote": "up"}, headers=HTMX)

    content = response.content.decode()
    assert content.lstrip().startswith("<button")
    assert 'aria-pressed="true"' in content
    assert "1 vote" in content


def test_without_htmx_the_press_leads_back_to_the_list(member_client, vote_url, paper):
    response = member_client.post(
        vote_url, {"vote": "up"}, headers={"Referer": "http://testserver/papers/date/2026-11-20"}
    )

    assert response.url == f"http://testserver/papers/date/2026-11-20#paper-{paper.pk}"


def test_a_press_on_the_vote_s_own_page_leads_to_the_paper(member_client, vote_url, paper):
    came_from = {"Referer": f"http://testserver{vote_url}"}

    response = member_client.post(vote_url, {"vote": "up"}, headers=came_from)

    assert response.url == paper.get_absolute_url()


@pytest.mark.parametrize("came_from", ["", "https://elsewhere.example/x", "javascript:alert(1)"])
def test_a_press_never_leads_off_the_site(member_client, vote_url, paper, came_from):
    response = member_client.post(vote_url, {"vote": "up"}, headers={"Referer": came_from})

    assert response.url == paper.get_absolute_url()


def test_a_second_click_does_not_undo_the_first(member_client, vote_url):
    for _ in range(2):
        member_client.post(vote_url, {"vote": "up"}, headers=HTMX)

    assert Upvote.objects.count() == 1


def test_the_vote_is_taken_back_by_saying_so(member_client, vote_url):
    member_client.post(vote_url, {"vote": "up"})
    response = member_client.post(vote_url, {"vote": "none"}, headers=HTMX)

    assert 'aria-pressed="false"' in response.content.decode()
    assert not Upvote.objects.exists()


def test_a_press_that_says_nothing_is_refused(member_client, vote_url):
    assert member_client.post(vote_url).status_code == 400


def test_looking_at_the_votes_address_changes_nothing(member_client, vote_url):
    response = member_client.get(vote_url)

    assert response.status_code == 200
    assert not Upvote.objects.exists()


def test_a_vote_for_a_paper_that_is_not_here_is_not_found(member_client):
    assert member_client.post("/papers/2401.99999/vote", {"vote": "up"}).status_code == 404


def test_too_many_presses_are_refused_with_when_to_come_back(member_client, vote_url, monkeypatch):
    monkeypatch.setattr(rate_limits, "VOTE", RateLimit("vote", per_minute=60, burst=1))
    member_client.post(vote_url, {"vote": "up"})

    response = member_client.post(vote_url, {"vote": "none"})

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert Upvote.objects.exists()


def test_a_visitors_press_leads_to_sign_in_and_names_the_vote(client, vote_url, paper):
    response = client.get(vote_url, follow=True)

    assert response.redirect_chain[0][0].startswith("/sign-in?next=")
    assert f"Your vote for “{paper.title}”" in response.content.decode()


def test_a_visitors_press_is_cast_by_signing_in(client, vote_url, paper):
    member = make_user()
    client.get(vote_url)

    response = client.post(
        "/sign-in", {"login": member.username, "password": PASSWORD, "next": vote_url}
    )

    assert response.url == paper.get_absolute_url()
    assert Upvote.objects.get().member == member


def test_a_wrong_password_casts_nothing(client, vote_url):
    member = make_user()

    client.post("/sign-in", {"login": member.username, "password": "wrong", "next": vote_url})

    assert not Upvote.objects.exists()


def test_the_list_and_the_swap_draw_the_same_button(member, member_client, paper, vote_url):
    swapped = member_client.post(vote_url, {"vote": "up"}, headers=HTMX).content.decode()
    listed = member_client.get("/papers/date/2026-11-20").content.decode()

    assert swapped.strip() in listed


def test_the_list_and_the_page_draw_the_same_link_for_a_visitor(client, paper):
    voting.cast_vote(paper=paper, member=make_user())
    start = '<a class="vote"'
    links = [
        content[content.index(start) : content.index("</a>", content.index(start))]
        for path in ("/papers/date/2026-11-20", paper.get_absolute_url())
        for content in [client.get(path).content.decode()]
    ]

    assert links[0] == links[1]
