"""Marks on a comment: what counts, what weighs, and for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from discussions.comments import visibility, voting
from discussions.models import Block, Comment, CommentVote, Reaction, Thread
from tests.builders import make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db

AGREE, INSIGHTFUL, FUNNY, DOUBTFUL = (
    Reaction.Kind.AGREE,
    Reaction.Kind.INSIGHTFUL,
    Reaction.Kind.FUNNY,
    Reaction.Kind.DOUBTFUL,
)


def points_of(comment):
    return Comment.objects.get(pk=comment.pk).points


def young(**age):
    return make_user(joined_at=timezone.now() - timedelta(**age))


def test_a_vote_is_counted_and_is_a_point():
    comment = make_comment()

    vote = voting.cast_vote(comment=comment, member=make_user())

    assert vote == voting.VoteState(is_upvoted=True, vote_count=1)
    assert points_of(comment) == 1


def test_voting_twice_counts_once():
    comment, member = make_comment(), make_user()
    voting.cast_vote(comment=comment, member=member)

    assert voting.cast_vote(comment=comment, member=member).vote_count == 1

    assert points_of(comment) == 1


def test_a_vote_taken_back_leaves_no_trace():
    comment, member = make_comment(), make_user()
    voting.cast_vote(comment=comment, member=member)

    vote = voting.remove_vote(comment=comment, member=member)

    assert vote == voting.VoteState(is_upvoted=False, vote_count=0)
    assert points_of(comment) == 0


def test_taking_back_what_was_not_cast_changes_nothing():
    comment = make_comment()
    voting.cast_vote(comment=comment, member=make_user())

    assert voting.remove_vote(comment=comment, member=make_user()).vote_count == 1


@pytest.mark.parametrize(
    ("age", "weight"),
    [({"hours": 23}, 0), ({"hours": 25}, 0.3), ({"days": 6}, 0.3), ({"days": 8}, 1)],
)
def test_a_mark_weighs_more_as_the_account_ages(age, weight):
    voted, reacted, member = make_comment(), make_comment(), young(**age)

    voting.cast_vote(comment=voted, member=member)
    voting.react(comment=reacted, member=member, kind=AGREE)

    assert points_of(voted) == pytest.approx(weight)
    assert points_of(reacted) == pytest.approx(weight / 2)


def test_reactions_are_counted_by_kind():
    comment, member = make_comment(), make_user()
    voting.react(comment=comment, member=make_user(), kind=AGREE)
    voting.react(comment=comment, member=member, kind=AGREE)

    counts = voting.react(comment=comment, member=member, kind=FUNNY)

    comment.refresh_from_db()
    assert counts == comment.reaction_counts == {"agree": 2, "funny": 1}


def test_reacting_twice_alike_counts_once():
    comment, member = make_comment(), make_user()
    voting.react(comment=comment, member=member, kind=AGREE)

    assert voting.react(comment=comment, member=member, kind=AGREE) == {"agree": 1}


def test_a_reaction_taken_back_is_no_longer_named():
    comment, member = make_comment(), make_user()
    voting.react(comment=comment, member=member, kind=AGREE)
    voting.react(comment=comment, member=member, kind=FUNNY)

    counts = voting.remove_reaction(comment=comment, member=member, kind=AGREE)

    assert counts == {"funny": 1}
    assert points_of(comment) == 0


def test_one_person_moves_a_comment_by_no_more_than_a_vote():
    comment, member = make_comment(), make_user()
    voting.react(comment=comment, member=member, kind=AGREE)
    voting.react(comment=comment, member=member, kind=INSIGHTFUL)
    assert points_of(comment) == 0.5

    voting.cast_vote(comment=comment, member=member)
    assert points_of(comment) == 1


def test_what_is_funny_or_doubtful_moves_no_order():
    comment = make_comment()

    voting.react(comment=comment, member=make_user(), kind=FUNNY)
    voting.react(comment=comment, member=make_user(), kind=DOUBTFUL)

    assert points_of(comment) == 0


def test_nobody_marks_their_own_comment():
    comment = make_comment()

    with pytest.raises(voting.MarkRefusedError, match="vote for your own"):
        voting.cast_vote(comment=comment, member=comment.author)
    with pytest.raises(voting.MarkRefusedError, match="react to your own"):
        voting.react(comment=comment, member=comment.author, kind=AGREE)


def test_only_a_standing_comment_is_marked():
    comment = make_comment()
    visibility.delete(comment_id=comment.pk)

    with pytest.raises(voting.MarkRefusedError, match="no longer exists"):
        voting.cast_vote(comment=comment, member=make_user())


def test_a_comment_in_a_closed_thread_is_as_if_it_were_not_there():
    comment = make_comment(thread=Thread.objects.create())

    with pytest.raises(voting.MarkRefusedError, match="no longer exists"):
        voting.cast_vote(comment=comment, member=make_user())


@pytest.mark.parametrize("is_by_author", [True, False])
def test_those_kept_apart_do_not_mark_each_other(is_by_author):
    comment, member = make_comment(), make_user()
    pair = (comment.author, member) if is_by_author else (member, comment.author)
    Block.objects.create(member=pair[0], blocked=pair[1])

    with pytest.raises(voting.MarkRefusedError):
        voting.react(comment=comment, member=member, kind=AGREE)


def test_a_mark_on_what_is_gone_can_still_be_taken_back():
    comment, member = make_comment(), make_user()
    voting.cast_vote(comment=comment, member=member)
    visibility.delete(comment_id=comment.pk)

    assert voting.remove_vote(comment=comment, member=member).vote_count == 0


@pytest.fixture
def marked():
    """A member with a vote and a reaction on a comment of three marks, and a vote elsewhere."""
    member, comment, other = make_user(), make_comment(), make_comment()
    voting.cast_vote(comment=comment, member=make_user())
    voting.cast_vote(comment=comment, member=member)
    voting.react(comment=comment, member=member, kind=AGREE)
    voting.cast_vote(comment=other, member=member)
    return member, comment, other


def test_void_marks_count_for_nothing(marked):
    member, comment, other = marked

    assert voting.void_marks(member=member) == 3

    comment.refresh_from_db()
    other.refresh_from_db()
    assert (comment.vote_count, comment.points, comment.reaction_counts) == (1, 1, {})
    assert (other.vote_count, other.points) == (0, 0)
    assert not visibility.recount()


def test_restored_marks_count_as_before(marked):
    member, comment, _ = marked
    voting.void_marks(member=member)

    assert voting.restore_marks(member=member) == 3

    comment.refresh_from_db()
    assert (comment.vote_count, comment.points, comment.reaction_counts) == (2, 2, {"agree": 1})
    assert not visibility.recount()


def test_a_void_mark_is_neither_taken_back_nor_made_anew(marked):
    member, comment, _ = marked
    voting.void_marks(member=member)

    voting.remove_vote(comment=comment, member=member)
    assert not voting.cast_vote(comment=comment, member=member).is_upvoted
    voting.remove_reaction(comment=comment, member=member, kind=AGREE)
    voting.react(comment=comment, member=member, kind=AGREE)

    comment.refresh_from_db()
    assert (comment.vote_count, comment.reaction_counts) == (1, {})
    assert CommentVote.objects.filter(member=member, voided_at__isnull=False).count() == 2


def test_voiding_costs_no_more_queries_for_more_marks(count_queries):
    few, many = make_user(), make_user()
    for member, number in [(few, 1), (many, 8)]:
        for _ in range(number):
            voting.cast_vote(comment=make_comment(), member=member)

    assert count_queries(lambda: voting.void_marks(member=many)) == count_queries(
        lambda: voting.void_marks(member=few)
    )


def test_a_recount_puts_marks_right_that_drifted():
    comment = make_comment()
    voting.cast_vote(comment=comment, member=make_user())
    voting.react(comment=comment, member=make_user(), kind=AGREE)
    Comment.objects.update(points=0, vote_count=5, reaction_counts={"funny": 1})

    assert visibility.recount().comments == 1

    comment.refresh_from_db()
    assert (comment.points, comment.vote_count) == (1.5, 1)
    assert comment.reaction_counts == {"agree": 1}
