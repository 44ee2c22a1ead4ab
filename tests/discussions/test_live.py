"""What an open thread asks for: its news, and names to mention."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from discussions.blocks import blocks
from discussions.thread.names import names_beginning
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed_thread(club):
    """A private thread with a comment, which the member may read."""
    make_comment(thread=club.thread)
    return club.thread


def news_url(thread, after=0, **query):
    url = reverse("discussions:thread_news", args=[thread.pk])
    return f"{url}?after={after}" + "".join(f"&{name}={value}" for name, value in query.items())


# News -----------------------------------------------------------------------------


def test_nothing_new_is_an_empty_answer(client):
    comment = make_comment()

    answer = client.get(news_url(comment.thread, after=comment.pk))

    assert answer.status_code == 204
    assert not answer.content


def test_what_is_new_is_counted_and_offered(client):
    first = make_comment()
    make_comment(parent=first)
    make_comment(thread=first.thread)

    answer = client.get(news_url(first.thread, after=first.pk))

    assert "2 new, show" in answer.content.decode()
    assert "data-news-show" in answer.content.decode()


def test_more_than_a_hundred_are_not_counted_on(client):
    first = make_comment()
    for _ in range(100):
        make_comment(thread=first.thread, author=first.author)

    answer = client.get(news_url(first.thread, after=first.pk)).content.decode()
    assert "99+ new" in answer
    assert "data-news-show" not in answer


def test_new_comments_come_with_what_they_answer(client):
    first = make_comment()
    reply = make_comment(parent=first, text="A new word.")
    beginning = make_comment(thread=first.thread)

    answer = client.get(news_url(first.thread, after=first.pk, show=1)).content.decode()

    assert f'<div data-into="{first.pk}"><article class="comment" id="comment-{reply.pk}"' in answer
    assert f'<div data-into=""><article class="comment" id="comment-{beginning.pk}"' in answer
    assert f'data-newest="{beginning.pk}" data-count="3 comments"' in answer
    assert "A new word." in answer


def test_showing_more_costs_no_more_queries(member_client, count_queries):
    first = make_comment()
    make_comment(parent=first)
    url = news_url(first.thread, after=first.pk, show=1)
    few = count_queries(lambda: member_client.get(url))

    for _ in range(10):
        make_comment(parent=first)

    assert count_queries(lambda: member_client.get(url)) == few


def test_what_one_wrote_oneself_is_no_news(member, member_client):
    first = make_comment()
    make_comment(parent=first, author=member)

    assert member_client.get(news_url(first.thread, after=first.pk)).status_code == 204


def test_what_is_kept_away_is_no_news(member, member_client):
    first = make_comment()
    blocks.block(member=make_comment(parent=first).author, other=member)

    assert member_client.get(news_url(first.thread, after=first.pk)).status_code == 204


@pytest.mark.parametrize("gone", ["taken_back_at", "hidden_at", "held_at"])
def test_what_is_not_shown_is_no_news(client, gone):
    first = make_comment()
    make_comment(parent=first, **{gone: timezone.now()})

    assert client.get(news_url(first.thread, after=first.pk)).status_code == 204


@pytest.mark.parametrize("after", ["", "-1", "x", "٣", "9" * 40])
def test_a_place_that_makes_no_sense_is_before_all(client, after):
    comment = make_comment()

    assert "1 new" in client.get(news_url(comment.thread, after=after)).content.decode()


def test_a_page_that_shows_a_part_knows_the_newest_of_all(client):
    first = make_comment(points=1)
    for _ in range(60):
        newest = make_comment(thread=first.thread, author=first.author)

    page = client.get(first.thread.paper.get_absolute_url()).content.decode()

    assert f'id="comment-{newest.pk}"' not in page
    assert f'data-newest="{newest.pk}"' in page


def test_open_readers_share_one_query(django_assert_num_queries):
    comment = make_comment()
    nothing, something = news_url(comment.thread, after=comment.pk), news_url(comment.thread)

    with django_assert_num_queries(2):
        # The thread, and its latest comments.
        Client().get(nothing)
    with django_assert_num_queries(0):
        Client().get(nothing)
        Client().get(something)


def test_a_thread_that_is_not_there_has_no_news(client):
    assert client.get("/threads/4711/news").status_code == 404


def test_a_closed_thread_is_shared_with_nobody(closed_thread, member_client, client):
    assert member_client.get(news_url(closed_thread)).status_code == 200
    assert not caches["fragments"].get(f"discussions:latest:{closed_thread.pk}")
    assert client.get(news_url(closed_thread)).status_code == 404


# Names ----------------------------------------------------------------------------


def usernames(typed, thread, reader):
    return [name.username for name in names_beginning(typed, thread=thread, reader=reader)]


def test_those_in_the_thread_come_first(member):
    comment = make_comment(author=make_user("Adaline"))
    make_user("Ada")

    assert usernames("ad", comment.thread, member) == ["Adaline", "Ada"]


def test_an_at_alone_offers_those_in_the_thread(member):
    comment = make_comment(author=make_user("Adaline"))
    make_user("Ada")

    assert usernames("", comment.thread, member) == ["Adaline"]


def test_a_person_in_the_thread_is_found_by_a_part_of_their_name(member):
    comment = make_comment(author=make_user("al17", full_name="Ada Lovelace"))

    assert usernames("LOVE", comment.thread, member) == ["al17"]


@pytest.mark.parametrize("typed", ["Bern", "ber", "bernt", "BERN"])
def test_a_name_is_found_while_it_is_typed(member, typed):
    make_user("Berntsen")

    assert usernames(typed, make_thread(), member) == ["Berntsen"]


@pytest.mark.parametrize("typed", ["zz", "%", "b%", "@", "é", "\x00", "_"])
def test_what_begins_no_name_finds_nobody(member, typed):
    make_user("Berntsen")

    assert usernames(typed, make_thread(), member) == []


def test_eight_names_are_enough(member):
    thread = make_thread()
    for letter in "abcdefghkp":
        make_user(f"wal{letter}")

    assert len(usernames("wal", thread, member)) == 8


def test_oneself_is_not_offered(member):
    thread = make_comment(author=member).thread

    assert usernames(member.username[:4], thread, member) == []


def test_who_is_kept_away_is_not_offered(member):
    other = make_user("Berntsen")
    comment = make_comment(author=other)
    blocks.block(member=other, other=member)

    assert usernames("ber", comment.thread, member) == []


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"suspended_until": timezone.now() + timedelta(days=1)}]
)
def test_who_cannot_read_it_is_not_offered(member, fields):
    comment = make_comment(author=make_user("Berntsen", **fields))

    assert usernames("ber", comment.thread, member) == []


def test_a_closed_thread_offers_its_readers_only(closed_thread, member):
    make_comment(thread=closed_thread, author=make_user("Bernt"))
    make_user("Berntsen")

    assert usernames("ber", closed_thread, member) == []


def test_a_closed_thread_has_no_names_for_others(closed_thread):
    outsider = Client()
    outsider.force_login(make_user())

    answer = outsider.get(reverse("discussions:thread_names", args=[closed_thread.pk]))

    assert answer.status_code == 404


def test_names_are_given_as_data(member_client):
    comment = make_comment(author=make_user("Ada", full_name="Ada <b>"))

    answer = member_client.get(reverse("discussions:thread_names", args=[comment.thread_id]))

    assert answer.json() == {"names": [{"username": "Ada", "name": "Ada <b>", "here": True}]}


def test_a_paper_nobody_wrote_to_offers_members_by_how_their_names_begin(member_client):
    paper = make_paper()
    make_user("Ada")

    answer = member_client.get(
        reverse("discussions:paper_names", args=[paper.external_id]) + "?q=a"
    )

    assert [name["username"] for name in answer.json()["names"]] == ["Ada"]


def test_a_paper_offers_first_who_spoke_about_it(member_client):
    paper = make_comment(author=make_user("Adaline")).thread.paper
    make_user("Ada")

    answer = member_client.get(
        reverse("discussions:paper_names", args=[paper.external_id]) + "?q=a"
    )

    assert [name["here"] for name in answer.json()["names"]] == [True, False]


def test_more_members_cost_no_more_queries(member, django_assert_num_queries):
    comment = make_comment(author=make_user("Adaline"))
    for letter in "abcdefgh":
        make_comment(thread=comment.thread, author=make_user(f"ad{letter}{letter}"))

    with django_assert_num_queries(2):
        names_beginning("a", thread=comment.thread, reader=member)
