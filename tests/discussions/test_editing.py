"""Changing what was posted: a new wording, and taking back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from discussions.comments import comments, visibility
from discussions.comments.comments import CommentRefusedError
from discussions.models import Comment, Revision, Thread
from tests.builders import make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db

LINK = "Buy at https://shop.example/ now."


@pytest.fixture
def wake_ups(monkeypatch):
    """Comments that somebody was woken for; nothing is sent."""
    woken = []
    monkeypatch.setattr(comments.wake_ups, "wake", lambda task, pk: woken.append((task.name, pk)))
    return woken


def newcomer():
    return make_user(joined_at=timezone.now() - timedelta(days=2))


def refused(match=None):
    return pytest.raises(CommentRefusedError, match=match)


# Editing


def test_an_edit_keeps_what_was_said():
    comment = make_comment(text="One.")

    comments.edit_comment(comment=comment, editor=comment.author, text="Two.")
    edited = comments.edit_comment(comment=comment, editor=comment.author, text="Three.")

    assert (edited.text, edited.revision_count) == ("Three.", 2)
    assert "Three." in edited.html
    assert list(Revision.objects.values_list("number", "text")) == [(1, "One."), (2, "Two.")]


def test_a_revision_says_when_it_was_written():
    comment = make_comment(text="One.")

    second = comments.edit_comment(comment=comment, editor=comment.author, text="Two.")
    comments.edit_comment(comment=comment, editor=comment.author, text="Three.")

    written = list(Revision.objects.values_list("written_at", flat=True))
    assert written == [comment.created_at, second.edited_at]


def test_an_edit_makes_the_comment_news_again(wake_ups):
    comment = make_comment(text="One.")

    comments.edit_comment(comment=comment, editor=comment.author, text="Two.")

    comment.refresh_from_db()
    assert comment.notified_at is None
    assert wake_ups == [("discussions.notify_of_comment", comment.pk)]


def test_the_same_text_is_no_edit(wake_ups):
    comment = make_comment(text="One.")

    comments.edit_comment(comment=comment, editor=comment.author, text="One. ")

    comment.refresh_from_db()
    assert (comment.edited_at, comment.revision_count, wake_ups) == (None, 0, [])


def test_nobody_edits_the_words_of_another():
    with refused("Only its author"):
        comments.edit_comment(
            comment=make_comment(), editor=make_user(is_moderator=True), text="Mine."
        )


def test_only_what_stands_is_edited():
    comment = make_comment()
    visibility.hide(comment_id=comment.pk, reason="Off topic.")

    with refused("Only visible comments"):
        comments.edit_comment(comment=comment, editor=comment.author, text="Better.")


def test_nothing_is_edited_in_a_closed_thread():
    comment = make_comment()
    Thread.objects.update(locked_at=timezone.now())

    with refused("closed this thread"):
        comments.edit_comment(comment=comment, editor=comment.author, text="Better.")


def test_a_refused_edit_changes_nothing():
    comment = make_comment(text="One.")

    with refused():
        comments.edit_comment(comment=comment, editor=comment.author, text="")

    comment.refresh_from_db()
    assert comment.text == "One."


def test_an_edit_that_adds_the_first_links_of_a_new_account_waits(wake_ups):
    comment = make_comment(author=newcomer())

    edited = comments.edit_comment(comment=comment, editor=comment.author, text=LINK)

    assert edited.held_at
    comment.thread.refresh_from_db()
    assert (comment.thread.comment_count, wake_ups) == (0, [])


# Taking back


def test_a_comment_taken_back_keeps_its_place_and_its_replies():
    start = make_comment()
    make_comment(parent=start)

    taken = comments.delete_comment(comment=start, author=start.author)

    assert taken.taken_back_at
    assert Comment.objects.get(pk=start.pk).descendant_count == 1
    assert Thread.objects.get().comment_count == 1


def test_a_comment_put_back_is_as_before(wake_ups):
    comment = make_comment()
    comments.delete_comment(comment=comment, author=comment.author)

    back = comments.restore_comment(comment=comment, author=comment.author)

    assert back.is_shown
    assert Thread.objects.get().comment_count == 1


def test_putting_back_what_is_there_changes_nothing():
    comment = make_comment()

    assert comments.restore_comment(comment=comment, author=comment.author) == comment
    assert Thread.objects.get().comment_count == 1


@pytest.mark.parametrize("act", [comments.delete_comment, comments.restore_comment])
def test_only_its_author_takes_a_comment_back_or_puts_it_back(act):
    with refused("Only its author"):
        act(comment=make_comment(), author=make_user(is_moderator=True))


def test_what_a_moderator_hid_is_not_put_back():
    comment = make_comment()
    comments.delete_comment(comment=comment, author=comment.author)
    visibility.hide(comment_id=comment.pk, reason="Spam.")

    with refused("A moderator hid"):
        comments.restore_comment(comment=comment, author=comment.author)


def test_what_was_forgotten_is_not_put_back():
    comment = make_comment()
    comments.delete_comment(comment=comment, author=comment.author)
    Comment.objects.update(text="", html="")

    with refused("deleted for good"):
        comments.restore_comment(comment=comment, author=comment.author)
