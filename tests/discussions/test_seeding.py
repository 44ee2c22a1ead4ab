"""The threads that ship: believable, counted, rendered, and planted once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from common import seeds
from discussions.anchors.passage_text import text_of
from discussions.comments import rendering, visibility
from discussions.models import (
    Act,
    Anchor,
    Comment,
    CommentVote,
    Mention,
    Notification,
    Reaction,
    Report,
    Revision,
    Thread,
)
from discussions.seeding import planting
from discussions.seeding.written import written_threads
from papers.models import Paper
from papers.seeding import planting as papers_planting
from papers.seeding.samples import archived_papers, sample_papers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

MORNING = datetime(2026, 11, 20, 10, 5, tzinfo=UTC)
WRITTEN = written_threads()
COMMENTS = [(thread, comment) for thread in WRITTEN for comment in thread.comments]


# What is written -------------------------------------------------------------------------------


def test_the_threads_are_about_papers_that_ship():
    new = {each.external_id for each in sample_papers()}
    old = {each.external_id for each in archived_papers()}

    assert len(WRITTEN) >= 12
    for thread in WRITTEN:
        assert thread.paper in (old if thread.days_ago else new)


def test_every_reply_answers_a_comment_above_it():
    for thread in WRITTEN:
        seen = {""}
        for comment in thread.comments:
            assert comment.to in seen, (thread.paper, comment.to)
            assert not comment.id or comment.id not in seen, (thread.paper, comment.id)
            seen.add(comment.id)


def test_every_name_of_a_comment_is_used():
    for thread in WRITTEN:
        used = {comment.to for comment in thread.comments} | set(thread.watched.values())
        assert {comment.id for comment in thread.comments} - {""} <= used, thread.paper


def test_an_edit_changed_something():
    for _, comment in COMMENTS:
        versions = [*comment.was, comment.text]
        assert all(one != other for one, other in pairwise(versions))


@pytest.mark.django_db
def test_no_text_would_be_refused_or_show_its_markup():
    for thread, comment in COMMENTS:
        for text in (comment.text, *comment.was):
            html = rendering.render(text).html
            assert "$" not in text_of(html).plain, (thread.paper, text)
            assert "\\" not in text_of(html).plain, (thread.paper, text)


# What is planted -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def _planted(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Plant on a morning: the youngest thread has nine hours to fit into.

    Once for this file, and taken back at its end.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(MORNING, tick=False):
            papers_planting.seed(now=MORNING)
            yield planting.plant(MORNING)
        transaction.set_rollback(True)


@pytest.fixture
def planted(_planted: str, db: None) -> str:
    return _planted


def test_every_comment_is_planted_and_counted(planted):
    assert planted.startswith(f"{len(COMMENTS)} comments added")
    assert Comment.objects.count() == len(COMMENTS)
    assert not visibility.recount()


def test_planting_again_adds_nothing(planted):
    models = (Comment, CommentVote, Reaction, Revision, Anchor, Mention, Act, Report, Notification)
    before = [set(model.objects.values_list("pk", flat=True)) for model in models]

    assert planting.plant(MORNING + timedelta(days=3)).startswith("0 comments added")

    assert [set(model.objects.values_list("pk", flat=True)) for model in models] == before


def test_two_copies_get_the_same_threads(planted):
    def everything():
        return sorted(
            Comment.objects.values_list("key", "author__username", "created_at", "vote_count")
        )

    first = everything()
    Thread.objects.all().delete()

    planting.plant(MORNING)

    assert everything() == first


def test_all_html_is_the_renderer_s(planted):
    comments = list(Comment.objects.all())

    rendered = rendering.render_many([comment.text for comment in comments])

    assert [each.html for each in rendered] == [comment.html for comment in comments]
    assert {comment.rendered_with for comment in comments} == {rendering.RENDERED_WITH}


def test_nothing_happens_before_its_time_or_in_the_future(planted):
    comments = Comment.objects.all()

    assert not comments.filter(created_at__gt=MORNING).exists()
    assert not comments.filter(edited_at__gt=MORNING).exists()
    assert not comments.filter(created_at__lt=F("author__joined_at")).exists()
    assert not comments.filter(created_at__lt=F("parent__created_at")).exists()
    assert not comments.filter(created_at__lt=F("thread__paper__created_at")).exists()
    assert not CommentVote.objects.filter(cast_at__lt=F("member__joined_at")).exists()


def test_ids_are_in_the_order_of_time_over_all_threads(planted):
    moments = list(Comment.objects.order_by("pk").values_list("created_at", flat=True))

    assert moments == sorted(moments)


def test_nobody_marks_their_own_comment(planted):
    assert not CommentVote.objects.filter(member=F("comment__author")).exists()
    assert not Reaction.objects.filter(member=F("comment__author")).exists()


def test_numbers_became_names_that_are_mentions(planted):
    assert not Comment.objects.filter(text__regex=r"(^|\W)@[0-9]").exists()
    assert Mention.objects.filter(member__username="mira").count() >= 3


def test_passages_stand_in_their_abstracts(planted):
    anchors = Anchor.objects.select_related("comment__thread__paper")
    parts = Counter(anchor.part for anchor in anchors)

    assert parts["abstract"] > 8
    assert parts["paper"] == 1
    for anchor in anchors.filter(part="abstract"):
        quote, position = anchor.selectors
        text = text_of(anchor.comment.thread.paper.abstract_html).plain
        assert text[position["start"] : position["end"]] == quote["exact"]


def test_the_states_of_a_comment_are_all_there(planted):
    assert Comment.objects.exclude(taken_back_at=None).count() == 1
    assert Comment.objects.held().count() == 1
    assert Comment.objects.filter(depth__gt=9).exists()
    assert Revision.objects.filter(comment__revision_count=2).count() == 2
    assert Comment.objects.filter(author=F("thread__paper__submitted_by")).count() >= 4


def test_what_was_hidden_or_locked_is_in_the_log(planted):
    hidden = Comment.objects.exclude(hidden_at=None).get()
    locked = Thread.objects.exclude(locked_at=None).get()

    hide, lock = Act.objects.order_by("kind")
    assert (hide.comment, hide.member, hide.reason) == (
        hidden,
        hidden.author,
        hidden.hidden_reason,
    )
    assert (lock.thread, lock.kind) == (locked, "lock")
    assert {act.moderator.username for act in (hide, lock)} == {"wanjiru"}


def test_the_queue_has_a_report_and_the_answered_one_is_closed(planted):
    assert Report.objects.open().count() == 1
    assert Report.objects.exclude(act=None).get().closed_at is not None


def test_the_demo_member_has_news_and_everybody_was_told(planted):
    news = Notification.objects.filter(recipient__username="mira")

    assert news.unread().count() >= 3
    assert {reason for each in news for reason in each.reasons} >= {"reply", "mention", "watched"}
    assert not Notification.objects.filter(created_at__gt=MORNING).exists()
    assert not Comment.objects.shown().filter(notified_at=None).exists()


def test_without_its_paper_a_thread_is_left_out(planted):
    Thread.objects.all().delete()
    Paper.objects.exclude(external_id=WRITTEN[0].paper).delete()

    planting.plant(MORNING)

    assert Comment.objects.count() == len(WRITTEN[0].comments)


def test_the_seed_command_plants_what_apps_registered(db, monkeypatch):
    monkeypatch.setattr(seeds, "_plants", [])
    seeds.register(lambda now: f"planted in {now:%Y}")
    out = StringIO()

    call_command("seed", stdout=out)

    assert "planted in 20" in out.getvalue()


def test_the_threads_are_registered_with_the_seed():
    assert planting.plant in seeds._plants
