"""The active discussions beside the lists of papers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from discussions.latest.active import active_discussions
from tests.builders import make_paper
from tests.discussions.builders import Club, make_comment

pytestmark = pytest.mark.django_db


def discuss(title, comments, **fields):
    paper = make_paper(title=title)
    for _ in range(comments):
        make_comment(paper=paper, **fields)
    return paper


def titles():
    return [thread.title_html for thread in active_discussions()]


def test_the_threads_with_the_most_comments_lately_come_first():
    discuss("Three", 3)
    discuss("Five", 5)
    discuss("Two", 2)

    assert titles() == ["Five", "Three", "Two"]


def test_old_comments_make_no_discussion_active():
    discuss("Old", 5, created_at=timezone.now() - timedelta(days=4))

    assert titles() == []


@pytest.mark.parametrize("moment", ["held_at", "hidden_at", "taken_back_at"])
def test_comments_that_readers_do_not_see_count_for_nothing(moment):
    discuss("Quiet", 5, **{moment: timezone.now()})

    assert titles() == []


def test_one_comment_is_no_discussion():
    discuss("Alone", 1)

    assert titles() == []


def test_threads_that_are_not_of_papers_are_left_out():
    club = Club()
    for _ in range(3):
        make_comment(thread=club.thread)

    assert titles() == []


def test_a_withdrawn_paper_is_left_out():
    paper = discuss("Withdrawn", 3)
    type(paper).objects.filter(pk=paper.pk).update(withdrawn_at=timezone.now())

    assert titles() == []


def test_the_threads_cost_one_query_for_all_readers(django_assert_num_queries):
    for number in range(5):
        discuss(f"Paper {number}", 2)

    with django_assert_num_queries(1):
        assert len(titles()) == 3
        titles()


def test_every_list_shows_them_with_their_comments(client):
    discuss("A discussed paper", 4)

    content = " ".join(client.get("/papers/trending").content.decode().split())

    assert "A discussed paper" in content.partition("Active discussions")[2]
    assert "4 comments, latest" in content
