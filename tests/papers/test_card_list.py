"""Cards joined in Python say what the templates say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from papers.voting import Vote
from tests.builders import make_paper, make_vote

if TYPE_CHECKING:
    from papers.models import Paper


def _vote_of(page: str, paper: Paper) -> str:
    found = re.search(rf'<article class="card" id="paper-{paper.pk}">(.*?)<div>', page)
    assert found
    return found[1]


def _vote_alone(paper: Paper, user: Any, *, is_upvoted: bool) -> str:
    request = RequestFactory().get("/")
    request.user = user
    context = {"paper": paper, "vote": Vote(is_upvoted, paper.tally.vote_count)}
    return render_to_string("papers/_vote.html", context, request).strip()


@pytest.mark.django_db
@pytest.mark.parametrize("vote_count", [0, 1, 2])
@pytest.mark.parametrize("is_upvoted", [False, True])
def test_a_members_vote_in_a_list_is_the_one_that_htmx_swaps(
    member, member_client, vote_count, is_upvoted
):
    paper = make_paper(vote_count=vote_count)
    if is_upvoted:
        make_vote(paper, member)

    page = member_client.get("/papers/date/2026-11-20").content.decode()

    assert _vote_of(page, paper) == _vote_alone(paper, member, is_upvoted=is_upvoted)


@pytest.mark.django_db
@pytest.mark.parametrize("vote_count", [0, 1, 2])
def test_a_visitors_vote_in_a_list_is_the_one_of_the_papers_page(client, vote_count):
    paper = make_paper(vote_count=vote_count)

    page = client.get("/papers/date/2026-11-20").content.decode()
    alone = client.get(paper.get_absolute_url()).content.decode()

    assert _vote_of(page, paper) in alone
