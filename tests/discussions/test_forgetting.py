"""What was taken back long ago is emptied, and its place stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from discussions.comments import comments, forgetting, visibility
from discussions.models import Anchor, Comment, Mention, Revision, Thread
from tests.builders import make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db


def deleted(days=31, **fields):
    comment = make_comment(**fields)
    comments.edit_comment(comment=comment, editor=comment.author, text="Edited.")
    Mention.objects.create(comment=comment, member=make_user())
    Anchor.objects.create(
        comment=comment,
        part="paper",
        selectors=[
            {"type": "FragmentSelector", "value": "section=4"},
            {"type": "TextQuoteSelector", "exact": "reading", "prefix": "", "suffix": ""},
        ],
    )
    visibility.delete(comment_id=comment.pk)
    Comment.objects.filter(pk=comment.pk).update(
        taken_back_at=timezone.now() - timedelta(days=days)
    )
    return comment


def test_what_was_said_is_forgotten_and_its_place_stays():
    comment = deleted()
    reply = make_comment(parent=comment)

    assert forgetting.forget_deleted() == 1

    comment.refresh_from_db()
    assert (comment.text, comment.html, comment.descendant_count) == ("", "", 1)
    assert Revision.objects.get().text == ""
    assert not Mention.objects.exists()
    assert Comment.objects.get(pk=reply.pk).parent == comment


def test_a_quoted_passage_is_forgotten_and_the_place_it_stood_in_is_not():
    deleted()

    forgetting.forget_deleted()

    assert Anchor.objects.get().selectors == [{"type": "FragmentSelector", "value": "section=4"}]


def test_what_was_deleted_lately_is_kept():
    comment = deleted(days=29)

    assert forgetting.forget_deleted() == 0

    comment.refresh_from_db()
    assert comment.text == "Edited."


def test_what_stands_or_was_hidden_is_kept():
    make_comment()
    visibility.hide(comment_id=make_comment().pk, reason="Off topic.")

    assert forgetting.forget_deleted() == 0


def test_forgetting_moves_no_count_and_is_done_once():
    comment = deleted()
    make_comment(thread=comment.thread)

    assert (forgetting.forget_deleted(), forgetting.forget_deleted()) == (1, 0)

    assert Thread.objects.get().comment_count == 1
    assert not visibility.recount()


def test_more_than_a_batch_is_forgotten(monkeypatch):
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for _ in range(3):
        deleted()

    assert forgetting.forget_deleted() == 3
