"""Posting, editing and taking back: once, in order, and told to those concerned."""

from __future__ import annotations

from uuid import uuid4

import pytest

from discussions import comments
from discussions.models import Comment
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db


def post(thread=None, author=None, text="Well said.", **fields):
    fields = {"key": uuid4()} | fields
    return comments.post_comment(
        thread=thread or make_thread(), author=author or make_user(), text=text, **fields
    )


def test_a_comment_is_kept_as_it_was_typed_and_rendered():
    posted = post(text="This is *good*.  \r\n")

    assert posted.is_new
    comment = Comment.objects.get()
    assert comment == posted.comment
    assert comment.text == "This is *good*."
    assert "<em>good</em>" in comment.html


def test_smoke():
    paper = make_paper()
    thread = comments.ensure_thread(paper=paper)
    assert comments.ensure_thread(paper=paper) == thread
    author = make_user()
    c = post(thread, author).comment
    r = post(thread, parent=c).comment
    assert r.depth == 1
    thread.refresh_from_db()
    assert thread.comment_count == 2
    comments.edit_comment(comment=c, editor=author, text="Better said, @nobody.")
    comments.take_back_comment(comment=c, author=author)
    comments.put_back_comment(comment=c, author=author)
