"""Voting for comments and reacting to them, signed in or about to be."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from common import rate_limits
from common.rate_limits import RateLimit
from discussions.blocks import blocks
from discussions.comments import limits
from discussions.models import CommentVote, Reaction
from tests.builders import PASSWORD, make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def comment():
    return make_comment(text="Lemma 2 holds.")


@pytest.fixture
def vote_url(comment):
    return f"/comments/{comment.pk}/vote"


@pytest.fixture
def react_url(comment):
    return f"/comments/{comment.pk}/reactions"


def html_of(response):
    return response.content.decode()


# Votes -----------------------------------------------------------------------------------------


def test_a_press_swaps_the_button_alone(member_client, comment, vote_url):
    html = html_of(member_client.post(vote_url, {"vote": "up"}, headers=HTMX))

    assert html.startswith(f'<button class="up" id="comment-vote-{comment.pk}"')
    assert 'aria-pressed="true"' in html
    assert html.rstrip().endswith(" 1</button>")


def test_without_htmx_the_press_leads_back_to_the_comment(member_client, comment, vote_url):
    response = member_client.post(vote_url, {"vote": "up"})

    assert response.url.endswith(f"?comment={comment.pk}#comment-{comment.pk}")


def test_a_second_click_does_not_undo_the_first(member_client, vote_url):
    for _ in range(2):
        member_client.post(vote_url, {"vote": "up"}, headers=HTMX)

    assert CommentVote.objects.count() == 1


def test_a_vote_is_taken_back_by_saying_so(member_client, vote_url):
    member_client.post(vote_url, {"vote": "up"})

    html = html_of(member_client.post(vote_url, {"vote": "none"}, headers=HTMX))

    assert 'aria-pressed="false"' in html
    assert not CommentVote.objects.exists()


@pytest.mark.parametrize("vote", ["", "down"])
def test_a_press_that_says_nothing_is_refused(member_client, vote_url, vote):
    assert member_client.post(vote_url, {"vote": vote}).status_code == 400


def test_a_member_who_comes_by_a_link_is_asked_and_nothing_is_cast(member_client, vote_url):
    html = html_of(member_client.get(vote_url))

    assert "Upvote this comment?" in html
    assert "Lemma 2 holds." in html
    assert not CommentVote.objects.exists()


def test_nobody_votes_for_their_own_comment(client, comment, vote_url):
    client.force_login(comment.author)

    for act in (client.get, client.post):
        assert act(vote_url, {"vote": "up"}).status_code == 403


def test_what_is_gone_gets_no_vote_and_shows_no_text(member_client, vote_url, comment):
    type(comment).objects.update(hidden_at=timezone.now())

    response = member_client.post(vote_url, {"vote": "up"})

    assert response.status_code == 422
    assert "no longer exists" in html_of(response)
    assert "Lemma 2" not in html_of(response)


def test_votes_have_a_limit(member_client, vote_url, monkeypatch):
    monkeypatch.setattr(rate_limits, "VOTE", RateLimit("vote", per_minute=60, burst=1))
    member_client.post(vote_url, {"vote": "up"})

    assert member_client.post(vote_url, {"vote": "none"}).status_code == 429


def sign_in_for(client, url, member):
    fields = {"login": member.username, "password": PASSWORD, "next": url}
    return client.post("/sign-in", fields)


def test_a_visitors_press_leads_to_sign_in_and_names_the_vote(client, comment, vote_url):
    response = client.get(vote_url, follow=True)

    assert response.redirect_chain[0][0].startswith("/sign-in?next=")
    assert f"Your vote for the comment by {comment.author.username}" in html_of(response)


def test_a_visitors_press_is_cast_by_signing_in(client, comment, vote_url):
    member = make_user()

    response = sign_in_for(client, vote_url, member)

    assert response.url.endswith(f"#comment-{comment.pk}")
    assert CommentVote.objects.get().member == member


def test_an_author_who_signs_in_by_the_vote_casts_none_and_gets_in(client, comment, vote_url):
    response = sign_in_for(client, vote_url, comment.author)

    assert response.url.endswith(f"#comment-{comment.pk}")
    assert not CommentVote.objects.exists()


def test_signing_in_tells_nothing_of_a_private_comment_and_casts_nothing(client, club):
    url = f"/comments/{make_comment(thread=club.thread).pk}/vote"

    html = html_of(client.get("/sign-in", {"next": url}))
    sign_in_for(client, url, make_user())

    assert "Your vote" not in html
    assert not CommentVote.objects.exists()


@pytest.mark.parametrize("url", ["/comments/999999/vote", "/comments/1/report", "/", "//x/vote"])
def test_signing_in_for_anything_else_casts_nothing(client, url):
    sign_in_for(client, url, make_user())

    assert not CommentVote.objects.exists()


# Reactions -------------------------------------------------------------------------------------


def test_a_reaction_swaps_the_row_alone(member_client, comment, react_url):
    html = html_of(member_client.post(react_url, {"reaction": "agree"}, headers=HTMX))

    assert html.startswith(f'<span class="reactions" id="reactions-{comment.pk}">')
    assert "I agree 1" in html
    assert 'aria-pressed="true"' in html


def test_a_second_click_does_not_undo_a_reaction(member_client, react_url):
    for _ in range(2):
        member_client.post(react_url, {"reaction": "agree"})

    assert Reaction.objects.count() == 1


def test_a_reaction_is_taken_back_by_saying_so(member_client, comment, react_url):
    member_client.post(react_url, {"reaction": "agree"})

    response = member_client.post(react_url, {"remove": "agree"})

    assert not Reaction.objects.exists()
    assert response.url.endswith(f"#comment-{comment.pk}")


@pytest.mark.parametrize("fields", [{}, {"reaction": "angry"}, {"remove": ""}])
def test_a_reaction_of_no_known_kind_is_refused(member_client, react_url, fields):
    assert member_client.post(react_url, fields).status_code == 400


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_nobody_reacts_to_their_own_comment(client, comment, react_url, headers):
    client.force_login(comment.author)

    response = client.post(react_url, {"reaction": "agree"}, headers=headers)

    assert response.status_code == 422
    assert "your own comment" in html_of(response)
    assert not Reaction.objects.exists()


def test_reactions_have_a_limit(member_client, react_url, monkeypatch):
    monkeypatch.setattr(limits, "REACT", RateLimit("react", per_minute=60, burst=1))
    member_client.post(react_url, {"reaction": "agree"})

    assert member_client.post(react_url, {"reaction": "funny"}).status_code == 429


def test_everybody_sees_who_reacted_and_how(client, comment, react_url):
    ada = make_user("ada", full_name="Ada Lovelace")
    other = type(client)()
    other.force_login(ada)
    other.post(react_url, {"reaction": "insightful"})

    html = html_of(client.get(react_url))

    assert "Insightful" in html
    assert '<a href="/@ada"><bdi>Ada Lovelace</bdi></a>' in html
    assert "<button" not in html.partition("<main")[2].partition("</main>")[0]


def test_a_member_finds_what_there_is_to_choose_and_what_they_chose(member_client, react_url):
    member_client.post(react_url, {"reaction": "funny"})

    page = html_of(member_client.get(react_url))
    fragment = html_of(member_client.get(react_url, headers=HTMX))

    for html in (page, fragment):
        assert html.count('name="reaction"') == len(Reaction.Kind) - 1
        assert re.search(r'value="funny"\s+aria-pressed="true"', html)
    assert "<!doctype" not in fragment


def test_those_who_keep_apart_are_not_named_to_each_other(member_client, member, react_url):
    other, client = make_user(), type(member_client)()
    client.force_login(other)
    client.post(react_url, {"reaction": "agree"})
    blocks.block(member=other, other=member)

    html = html_of(member_client.get(react_url))

    assert other.username not in html
    assert "Nobody has reacted" in html


def test_more_people_cost_no_more_queries(client, comment, react_url, count_queries):
    def react(times):
        for _ in range(times):
            Reaction.objects.create(
                comment=comment, member=make_user(), kind="agree", made_at=timezone.now()
            )

    react(1)
    few = count_queries(lambda: client.get(react_url))
    react(10)

    assert count_queries(lambda: client.get(react_url)) == few


def test_a_lapsed_sessions_reaction_leads_to_the_sign_in(client, react_url):
    response = client.post(react_url, {"reaction": "agree"})

    assert response.url == f"/sign-in?next={react_url}"
