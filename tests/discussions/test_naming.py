"""Whom a comment may name, and how often."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from discussions.comments import comments, limits
from discussions.models import Block, Comment, Mention, Notification, Thread
from tests.builders import make_user
from tests.discussions.builders import make_comment, make_notification, make_thread

pytestmark = pytest.mark.django_db


def post(author, text, thread=None):
    return comments.post_comment(
        thread=thread or make_thread(), author=author, text=text, key=uuid4()
    ).comment


def naming(*members):
    return " ".join(f"@{member.username}" for member in members) + " look at this."


def named_in(comment):
    return set(Mention.objects.filter(comment=comment).values_list("member_id", flat=True))


def newcomer():
    return make_user(joined_at=timezone.now() - timedelta(days=2))


@pytest.fixture
def crowd():
    return [make_user() for _ in range(limits.MAX_MENTIONS + 1)]


def test_whom_a_comment_names_is_noted(member):
    ada, grace = make_user(), make_user()

    assert named_in(post(member, naming(ada, grace, ada))) == {ada.pk, grace.pk}


def test_nobody_names_themselves(member):
    assert named_in(post(member, naming(member))) == set()


def test_an_edit_names_others(member):
    ada, grace = make_user(), make_user()
    comment = post(member, naming(ada))

    comments.edit_comment(comment=comment, editor=member, text=naming(grace))

    assert named_in(comment) == {grace.pk}


@pytest.mark.parametrize("is_by_author", [True, False])
def test_those_kept_apart_do_not_name_each_other(member, is_by_author):
    other = make_user()
    pair = (member, other) if is_by_author else (other, member)
    Block.objects.create(member=pair[0], blocked=pair[1])

    assert named_in(post(member, naming(other))) == set()


def test_somebody_who_cannot_read_the_thread_is_not_named(member, monkeypatch):
    reader, other = make_user(), make_user()
    monkeypatch.setattr(
        "discussions.owners.readers_among", lambda thread, ids: {reader.pk} & set(ids)
    )

    assert named_in(post(member, naming(reader, other))) == {reader.pk}


def test_a_comment_names_ten_at_most(member, crowd):
    with pytest.raises(comments.CommentRefusedError, match="can mention 10 people"):
        post(member, naming(*crowd))

    assert len(named_in(post(member, naming(*crowd[:-1])))) == limits.MAX_MENTIONS


def test_an_edit_names_ten_at_most(member, crowd):
    comment = post(member, naming(crowd[0]))

    with pytest.raises(comments.CommentRefusedError, match="can mention 10 people"):
        comments.edit_comment(comment=comment, editor=member, text=naming(*crowd))

    assert named_in(comment) == {crowd[0].pk}


def test_a_new_account_names_thirty_a_day(crowd):
    author, thread = newcomer(), make_thread()
    for _ in range(3):
        post(author, naming(*crowd[:10]), thread)

    with pytest.raises(comments.CommentRefusedError, match="30 people a day"):
        post(author, naming(crowd[0]), thread)
    assert post(author, "Without names.", thread)


def test_yesterdays_names_do_not_count(crowd):
    author, thread = newcomer(), make_thread()
    for _ in range(3):
        post(author, naming(*crowd[:10]), thread)
    Comment.objects.update(created_at=timezone.now() - timedelta(hours=25))

    assert post(author, naming(crowd[0]), thread)


def test_an_older_account_names_more_than_thirty_a_day(member, crowd):
    thread = make_thread()

    for _ in range(4):
        post(member, naming(*crowd[:10]), thread)

    assert Mention.objects.count() == 40


def test_whom_an_edit_no_longer_names_was_told_all_the_same(crowd):
    author, thread = newcomer(), make_thread()
    first = post(author, naming(*crowd[:10]), thread)
    for reader in crowd[:10]:
        make_notification(reader, first, reasons=["mention"])
    comments.edit_comment(comment=first, editor=author, text="Without names.")
    for _ in range(2):
        post(author, naming(*crowd[:10]), thread)

    with pytest.raises(comments.CommentRefusedError, match="30 people a day"):
        post(author, naming(crowd[0]), thread)


def test_what_others_wrote_does_not_count(crowd):
    author = newcomer()
    for _ in range(4):
        Mention.objects.bulk_create(
            Mention(comment=comment, member=member)
            for comment in [make_comment()]
            for member in crowd
        )

    assert post(author, naming(crowd[0]))


def test_naming_costs_no_more_queries_for_more_names(member, crowd, count_queries):
    thread = make_thread()

    one = count_queries(lambda: post(member, naming(crowd[0]), thread))
    ten = count_queries(lambda: post(member, naming(*crowd[:10]), thread))

    assert one == ten


def test_posting_names_nobody_to_the_inbox_itself(member):
    post(member, naming(make_user()))

    assert not Notification.objects.exists()
    assert Thread.objects.get().comment_count == 1
