"""Posting: once, in its place, and told to those concerned."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from discussions.comments import comments, visibility
from discussions.comments.comments import AnchorDraft, CommentRefusedError
from discussions.models import Anchor, Block, Comment, Thread
from papers.models import PaperTally
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_act, make_comment, make_thread

pytestmark = pytest.mark.django_db

QUOTE = AnchorDraft("abstract", [{"type": "TextQuoteSelector", "exact": "reading"}], version=1)


@pytest.fixture
def wake_ups(monkeypatch):
    """Comments that somebody was woken for; nothing is sent."""
    woken = []
    monkeypatch.setattr(comments.wake_ups, "wake", lambda task, pk: woken.append((task.name, pk)))
    return woken


def post(thread=None, author=None, text="Well said.", **fields):
    fields = {"key": uuid4()} | fields
    return comments.post_comment(
        thread=thread or make_thread(), author=author or make_user(), text=text, **fields
    )


def newcomer(**fields):
    return make_user(joined_at=timezone.now() - timedelta(days=2), **fields)


def refused(match=None):
    return pytest.raises(CommentRefusedError, match=match)


# Posting


def test_a_paper_has_one_thread():
    paper = make_paper()

    assert comments.ensure_thread(paper=paper) == comments.ensure_thread(paper=paper)


def test_a_comment_is_kept_as_it_was_typed_and_rendered():
    posted = post(text="This is *good*.  \r\n")

    comment = Comment.objects.get()
    assert posted == comments.Posted(comment, is_new=True)
    assert comment.text == "This is *good*."
    assert "<em>good</em>" in comment.html
    assert comment.rendered_with


def test_a_comment_is_counted_with_its_thread_and_paper():
    thread = make_thread()

    comment = post(thread).comment

    thread.refresh_from_db()
    assert (thread.comment_count, thread.last_comment_at) == (1, comment.created_at)
    assert PaperTally.objects.get(paper=thread.paper).comment_count == 1


def test_a_reply_has_its_place_below_the_start_of_the_branch():
    start = post().comment
    reply = post(start.thread, parent=start).comment
    answer = post(start.thread, parent=reply).comment

    assert [(c.parent, c.root, c.depth) for c in (start, reply, answer)] == [
        (None, None, 0),
        (start, start, 1),
        (reply, start, 2),
    ]
    start.refresh_from_db()
    assert start.descendant_count == 2


def test_those_concerned_are_told_after_the_commit(wake_ups):
    comment = post().comment

    assert wake_ups == [("discussions.notify_of_comment", comment.pk)]
    assert comment.notified_at is None


@pytest.mark.parametrize("text", ["", " \n\u200b ", "x" * 10_001, "> " * 40 + "deep"])
def test_a_text_that_cannot_be_taken_is_refused_with_its_reason(text):
    with refused("."):
        post(text=text)

    assert not Comment.objects.exists()


def test_an_anchor_is_kept_beside_the_comment():
    post(anchor=QUOTE)

    anchor = Anchor.objects.get()
    assert AnchorDraft(anchor.part, anchor.selectors, anchor.version) == QUOTE


# Once


def test_a_form_posted_twice_is_one_comment():
    thread, author, key = make_thread(), make_user(), uuid4()
    first = post(thread, author, key=key, anchor=QUOTE)

    again = post(thread, author, key=key, anchor=QUOTE)

    assert again == comments.Posted(first.comment, is_new=False)
    thread.refresh_from_db()
    assert thread.comment_count == Comment.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"text": "Something else."}, {"anchor": None}, {"parent": True}, {"thread": True}]
)
def test_a_form_posted_again_with_something_else_is_refused(change):
    start, author, key = make_comment(), make_user(), uuid4()
    form = {"thread": start.thread, "text": "Well said.", "anchor": QUOTE}
    post(author=author, key=key, **form)
    change |= {"parent": start} if "parent" in change else {}
    change |= {"thread": make_thread()} if "thread" in change else {}

    with refused("already posted"):
        post(author=author, key=key, **form | change)


def test_a_retry_finds_its_comment_whatever_became_of_it_since():
    start, author, key = make_comment(), make_user(), uuid4()
    form = {"thread": start.thread, "author": author, "parent": start, "key": key}
    first = post(**form).comment
    comments.edit_comment(comment=first, editor=author, text="Better said.")
    comments.delete_comment(comment=first, author=author)
    visibility.hide(comment_id=start.pk, reason="Off topic.")
    Thread.objects.update(locked_at=timezone.now())

    assert post(**form) == comments.Posted(first, is_new=False)


def test_a_retry_after_a_new_version_of_the_paper_finds_its_comment():
    thread, author, key = make_thread(), make_user(), uuid4()
    post(thread, author, key=key, anchor=QUOTE)
    later = AnchorDraft(QUOTE.part, [*QUOTE.selectors, {"type": "TextPositionSelector"}], 2)

    assert not post(thread, author, key=key, anchor=later).is_new


def test_a_key_is_its_authors_own():
    thread, key = make_thread(), uuid4()
    post(thread, key=key)

    assert post(thread, key=key).is_new


# Refused


def test_a_closed_thread_takes_no_comment_but_a_moderators():
    thread = make_thread(locked_at=timezone.now())

    with refused("closed this thread"):
        post(thread)
    assert post(thread, make_user(is_moderator=True)).is_new


def test_an_answer_to_a_comment_elsewhere_is_refused():
    with refused("is gone"):
        post(make_thread(), parent=make_comment())


@pytest.mark.parametrize(
    "go",
    [
        lambda pk: visibility.delete(comment_id=pk),
        lambda pk: visibility.hide(comment_id=pk, reason="Off topic."),
        lambda pk: visibility.hold(comment_id=pk),
    ],
)
def test_what_does_not_stand_is_not_answered(go):
    start = make_comment()
    go(start.pk)

    with refused("is gone"):
        post(start.thread, parent=start)


@pytest.mark.parametrize("is_by_author", [True, False])
def test_those_kept_apart_do_not_answer_each_other(is_by_author):
    start, author = make_comment(), make_user()
    pair = (start.author, author) if is_by_author else (author, start.author)
    Block.objects.create(member=pair[0], blocked=pair[1])

    with refused("cannot reply"):
        post(start.thread, author, parent=start)
    assert post(start.thread, author).is_new


def test_a_branch_is_deep_enough_at_some_point():
    start = make_comment()
    deep = make_comment(parent=start)
    Comment.objects.filter(pk=deep.pk).update(depth=comments.MAX_DEPTH)

    with refused("nested too deeply"):
        post(start.thread, parent=deep)


def test_a_thread_is_written_to_by_those_who_may_read_it(club):
    thread = club.thread
    author = make_user()
    with refused("have access to this thread"):
        post(thread, author)

    club.members.add(author)
    assert post(thread, author).is_new


# Links of new accounts

LINK = "Buy at https://shop.example/ now."


def test_the_first_links_of_a_new_account_wait_for_a_moderator(wake_ups):
    comment = post(author=newcomer(), text=LINK).comment

    assert comment.held_at
    assert comment.thread.comment_count == 0
    assert wake_ups == []


@pytest.mark.parametrize(
    ("author", "text"),
    [
        ({}, "No links."),
        ({}, "As in arXiv:2401.12345 and https://arxiv.org/abs/2401.12345."),
        ({"is_moderator": True}, LINK),
        ({"joined_at": timezone.now() - timedelta(days=8)}, LINK),
    ],
)
def test_nothing_else_waits(author, text):
    fields = {"joined_at": timezone.now() - timedelta(days=2)} | author

    assert post(author=make_user(**fields), text=text).comment.is_shown


def test_links_pass_once_a_moderator_has_released_one():
    author = newcomer()
    first = post(author=author, text=LINK).comment
    visibility.release(comment_id=first.pk)
    make_act(first, kind="release")

    assert post(author=author, text=LINK).comment.is_shown


def test_links_wait_again_once_what_was_released_is_hidden():
    author = newcomer()
    first = post(author=author, text=LINK).comment
    visibility.release(comment_id=first.pk)
    make_act(first, kind="release")
    visibility.hide(comment_id=first.pk, reason="Spam after all.")

    assert not post(author=author, text=LINK).comment.is_shown
