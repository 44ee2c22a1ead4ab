"""Whatever happens in a thread in whatever order, its counts and its tree are right."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discussions.comments import comments, visibility, voting
from discussions.models import Comment, CommentVote, Reaction
from discussions.thread.tree import SORTS, OutlineRow, Tree
from papers.models import PaperTally
from tests.builders import make_paper, make_user

pytestmark = pytest.mark.django_db

POSITIVE = {"agree", "insightful", "thanks", "celebrate"}
LINK = "More at https://elsewhere.example/."

# Each takes the thread, a member, a comment and a number that chooses what is left to choose.
ACTS = {
    "post": lambda thread, member, comment, number: comments.post_comment(
        thread=thread, author=member, text=LINK if number % 3 else "Well said.", key=uuid4()
    ),
    "reply": lambda thread, member, comment, number: comments.post_comment(
        thread=thread, author=member, text="Yes.", key=uuid4(), parent=comment
    ),
    "edit": lambda thread, member, comment, number: comments.edit_comment(
        comment=comment, editor=comment.author, text=f"{LINK if number % 2 else ''} {number}"
    ),
    "take back": lambda thread, member, comment, number: comments.delete_comment(
        comment=comment, author=comment.author
    ),
    "put back": lambda thread, member, comment, number: comments.restore_comment(
        comment=comment, author=comment.author
    ),
    "hide": lambda thread, member, comment, number: visibility.hide(
        comment_id=comment.pk, reason="Off topic."
    ),
    "restore": lambda thread, member, comment, number: visibility.restore(comment_id=comment.pk),
    "release": lambda thread, member, comment, number: visibility.release(comment_id=comment.pk),
    "vote": lambda thread, member, comment, number: voting.cast_vote(
        comment=comment, member=member
    ),
    "remove vote": lambda thread, member, comment, number: voting.remove_vote(
        comment=comment, member=member
    ),
    "react": lambda thread, member, comment, number: voting.react(
        comment=comment, member=member, kind=_kind(number)
    ),
    "remove reaction": lambda thread, member, comment, number: voting.remove_reaction(
        comment=comment, member=member, kind=_kind(number)
    ),
    "void": lambda thread, member, comment, number: voting.void_marks(member=member),
    "restore marks": lambda thread, member, comment, number: voting.restore_marks(member=member),
}

STEPS = st.tuples(st.sampled_from(sorted(ACTS)), *[st.integers(0, 11)] * 3)


def _kind(number):
    return list(Reaction.Kind)[number % 6]


def perform(thread, members, steps):
    """Let members do as the steps say; what is refused is passed over."""
    for act, who, which, number in steps:
        written = list(Comment.objects.filter(thread=thread).order_by("pk"))
        if not written and act != "post":
            continue
        comment = written[which % len(written)] if written else None
        with suppress(comments.CommentRefusedError, voting.MarkRefusedError):
            ACTS[act](thread, members[who % len(members)], comment, number)


def make_scene():
    ages = [timedelta(days=400), timedelta(days=2), timedelta(hours=2), timedelta(days=400)]
    members = [make_user(joined_at=timezone.now() - age) for age in ages]
    return comments.ensure_thread(paper=make_paper()), members


any_acts = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@any_acts
@given(st.lists(STEPS, max_size=25))
def test_any_acts_leave_the_counts_that_counting_gives(steps):
    thread, members = make_scene()

    perform(thread, members, [("post", 0, 0, 0), *steps])

    written = list(Comment.objects.filter(thread=thread))
    thread.refresh_from_db()
    assert thread.comment_count == sum(comment.is_shown for comment in written)
    assert PaperTally.objects.get(paper=thread.paper).comment_count == thread.comment_count
    below = Counter(comment.root_id for comment in written)
    for comment in written:
        assert comment.descendant_count == (0 if comment.root_id else below[comment.pk])


@any_acts
@given(st.lists(STEPS, max_size=25))
def test_any_acts_leave_the_marks_that_counting_gives(steps):
    thread, members = make_scene()

    perform(thread, members, [("post", 0, 0, 0), *steps])

    for comment in Comment.objects.filter(thread=thread):
        votes = CommentVote.objects.filter(comment=comment, voided_at__isnull=True)
        reactions = Reaction.objects.filter(comment=comment, voided_at__isnull=True)
        given_by = {vote.member_id: vote.weight for vote in votes}
        for reaction in reactions:
            worth = reaction.weight / 2 if reaction.kind in POSITIVE else 0
            given_by[reaction.member_id] = max(worth, given_by.get(reaction.member_id, 0))
        assert comment.author_id not in given_by
        assert comment.vote_count == len(votes)
        assert comment.points == pytest.approx(sum(given_by.values()))
        assert comment.reaction_counts == Counter(reaction.kind for reaction in reactions)


@any_acts
@given(st.lists(STEPS, max_size=25), st.sampled_from(SORTS))
def test_any_acts_leave_a_tree(steps, sort):
    thread, members = make_scene()

    perform(thread, members, [("post", 0, 0, 0), *steps])

    written = list(Comment.objects.filter(thread=thread))
    tree = Tree([OutlineRow(each.pk, each.parent_id, each.points) for each in written], sort=sort)
    nodes = tree.part(tree.answers(None), budget=1000, levels=1000).nodes
    depths = {comment.pk: comment.depth for comment in written}
    assert {node.pk: node.depth for node in nodes} == depths
    place = {node.pk: number for number, node in enumerate(nodes)}
    for comment in written:
        parent = next((each for each in written if each.pk == comment.parent_id), None)
        assert comment.depth == (parent.depth + 1 if parent else 0)
        assert comment.root_id == ((parent.root_id or parent.pk) if parent else None)
        assert parent is None or place[parent.pk] < place[comment.pk]


@any_acts
@given(st.lists(STEPS, max_size=25))
def test_a_recount_finds_nothing_to_put_right(steps):
    thread, members = make_scene()

    perform(thread, members, [("post", 0, 0, 0), *steps])

    assert visibility.recount() == visibility.Drift(threads=0, comments=0, tallies=0)
