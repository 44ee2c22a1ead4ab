"""Threads that one may read and not write in."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from discussions.comments import comments, voting
from discussions.comments.comments import CommentRefusedError
from discussions.models import Comment, CommentVote, Reaction
from discussions.thread.comment_list import lone_comments
from discussions.thread.page import ThreadView
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(club, member):
    """A comment in a thread in which the member is a guest."""
    club.guests.add(member)
    return make_comment(thread=club.thread)


def post(client, thread, **fields):
    url = reverse("discussions:thread_comment_create", args=[thread.pk])
    return client.post(url, {"text": "A word.", "key": uuid.uuid4(), **fields})


def test_who_reads_along_posts_nothing(said, member_client):
    response = post(member_client, said.thread)

    assert response.status_code == 422
    assert "Only members of the club write here" in response.content.decode()
    assert "A word." in response.content.decode()
    assert Comment.objects.count() == 1


def test_who_reads_along_answers_nothing(said, member_client):
    page = member_client.get(reverse("discussions:comment_reply", args=[said.pk]))

    assert "Only members of the club write here" in page.content.decode()
    assert post(member_client, said.thread, parent=said.pk).status_code == 422


def test_who_only_reads_along_now_edits_nothing(said, member):
    own = make_comment(thread=said.thread, author=member)

    with pytest.raises(CommentRefusedError, match="Only members of the club write here"):
        comments.edit_comment(comment=own, editor=member, text="Another word.")


def test_who_only_reads_along_now_takes_their_own_words_back(said, member):
    own = make_comment(thread=said.thread, author=member)

    assert comments.delete_comment(comment=own, author=member).taken_back_at


def test_who_reads_along_neither_votes_nor_reacts(said, member):
    with pytest.raises(voting.MarkRefusedError, match="Only members"):
        voting.cast_vote(comment=said, member=member)
    with pytest.raises(voting.MarkRefusedError, match="Only members"):
        voting.react(comment=said, member=member, kind=Reaction.Kind.AGREE)
    assert not CommentVote.objects.exists()


def test_who_reads_along_is_offered_no_reaction(said, member_client):
    url = reverse("discussions:comment_reactions", args=[said.pk])

    assert b"formaction" not in member_client.get(url, headers={"HX-Request": "true"}).content


def test_who_reads_along_sees_neither_form_nor_buttons(said, member):
    view = ThreadView(thread=said.thread, url="/club", reader=member)

    assert not view.takes_comments
    assert "/reply" not in "".join(view.comments)
    assert "formaction" not in "".join(view.comments)


def test_a_comment_that_comes_later_has_no_buttons_either(said, member):
    alone = lone_comments(said.thread, [said.pk], member)

    assert "formaction" not in alone[0].html


def test_who_may_write_sees_both(club, member):
    said = make_comment(thread=club.thread)
    view = ThreadView(thread=club.thread, url="/club", reader=member)

    assert view.takes_comments
    assert f"/comments/{said.pk}/reply" in "".join(view.comments)
    assert "formaction" in "".join(view.comments)
