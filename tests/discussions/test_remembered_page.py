"""What every visitor sees alike is remembered for seconds, and nobody else's page is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from papers import voting
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("query", ["", "?sort=newest"])
def test_the_next_visitor_costs_one_query(client, query):
    url = f"{make_comment().thread.paper.get_absolute_url()}{query}"
    client.get(url)

    assert queries_of(Client(), url) == 1


def test_a_visitor_sees_a_new_comment_at_once(client):
    first = make_comment()
    client.get(first.thread.paper.get_absolute_url())

    make_comment(thread=first.thread, text="What about the second lemma?")

    page = client.get(first.thread.paper.get_absolute_url()).content.decode()
    assert "What about the second lemma?" in page


def test_a_visitor_sees_a_vote_for_the_paper_at_once(client):
    paper = make_paper()
    client.get(paper.get_absolute_url())

    voting.cast_vote(paper=paper, member=make_user())

    assert "Sign in to upvote, 1 vote" in client.get(paper.get_absolute_url()).content.decode()


def test_a_member_is_not_shown_what_was_remembered_for_visitors(client, member_client):
    paper = make_comment().thread.paper
    client.get(paper.get_absolute_url())

    page = member_client.get(paper.get_absolute_url()).content.decode()

    assert "Sign in to" not in page
    assert 'id="write"' in page


def test_a_visitor_is_not_shown_what_was_made_for_a_member(client, member_client):
    paper = make_comment().thread.paper
    member_client.get(paper.get_absolute_url())

    page = client.get(paper.get_absolute_url()).content.decode()

    assert 'id="write"' not in page
    assert "csrfmiddlewaretoken" not in page


@pytest.mark.parametrize("query", ["?all=1", "?after=1_2", "?comment=7", "?sort=newest&x=1"])
def test_addresses_that_anybody_can_make_up_are_not_remembered(client, query):
    url = f"{make_comment().thread.paper.get_absolute_url()}{query}"
    client.get(url)

    assert queries_of(Client(), url) > 1


def test_a_paper_that_is_not_there_is_not_found(client):
    assert client.get("/papers/2401.99999").status_code == 404
