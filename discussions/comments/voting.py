"""Marks that readers put on a comment: a vote, a reaction.

The comment's row is locked, the mark is written, and the comment is counted anew from its
marks: there are few, and what is counted cannot drift. discussions.comments.points has the formula
that "best" sorts by.

A mark that a moderator voided stays in its row. It counts for nothing, and can be neither
removed nor made again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from common.refusals import Refused
from discussions import owners
from discussions.blocks import blocks
from discussions.comments import points
from discussions.comments.models import Comment, CommentVote, Reaction
from papers.voting import VoteState, weight_by_age

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


class MarkRefusedError(Refused):
    """The comment takes no mark from this member. The message is fit to show."""


@transaction.atomic
def cast_vote(*, comment: Comment, member: User) -> VoteState:
    """Vote for a comment. Twice changes nothing."""
    _lock_to_mark(comment, member, "vote for")
    now = timezone.now()
    CommentVote.objects.bulk_create(
        [
            CommentVote(
                comment=comment,
                member=member,
                weight=weight_by_age(member=member, now=now),
                cast_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    # One that a moderator voided since it was cast does not count again.
    is_counted = CommentVote.objects.counted().filter(comment=comment, member=member).exists()
    return VoteState(is_upvoted=is_counted, vote_count=_recount([comment.pk])[comment.pk][0])


@transaction.atomic
def remove_vote(*, comment: Comment, member: User) -> VoteState:
    """Take the member's vote back. Without one, nothing changes."""
    _lock(comment)
    CommentVote.objects.counted().filter(comment=comment, member=member).delete()
    return VoteState(is_upvoted=False, vote_count=_recount([comment.pk])[comment.pk][0])


@transaction.atomic
def react(*, comment: Comment, member: User, kind: Reaction.Kind) -> dict[str, int]:
    """React to a comment, and return how many reactions of each kind it has then."""
    _lock_to_mark(comment, member, "react to")
    now = timezone.now()
    Reaction.objects.bulk_create(
        [
            Reaction(
                comment=comment,
                member=member,
                kind=kind,
                weight=weight_by_age(member=member, now=now),
                made_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    return _recount([comment.pk])[comment.pk][1]


@transaction.atomic
def remove_reaction(*, comment: Comment, member: User, kind: Reaction.Kind) -> dict[str, int]:
    """Take one reaction of the member's back. Without it, nothing changes."""
    _lock(comment)
    Reaction.objects.filter(
        comment=comment, member=member, kind=kind, voided_at__isnull=True
    ).delete()
    return _recount([comment.pk])[comment.pk][1]


def void_marks(*, member: User) -> int:
    """Take all votes and reactions of a member out of the counts; return how many those are."""
    return _change_marks(member, voided_at=timezone.now())


def restore_marks(*, member: User) -> int:
    """Count the member's void votes and reactions again, and return how many those are."""
    return _change_marks(member, voided_at=None)


@transaction.atomic
def _change_marks(member: User, *, voided_at: datetime | None) -> int:
    is_other_way = voided_at is None
    votes = CommentVote.objects.filter(member=member, voided_at__isnull=not is_other_way)
    reactions = Reaction.objects.filter(member=member, voided_at__isnull=not is_other_way)
    # In one order, so that two of these at once cannot wait for each other. A mark made
    # meanwhile on a comment that is not among them is left as it is.
    comments = Comment.objects.filter(
        pk__in=votes.values("comment").union(reactions.values("comment"))
    ).order_by("pk")
    ids = list(comments.select_for_update(no_key=True).values_list("pk", flat=True))
    changed = votes.filter(comment__in=ids).update(voided_at=voided_at)
    changed += reactions.filter(comment__in=ids).update(voided_at=voided_at)
    _recount(ids)
    return changed


def _lock(comment: Comment) -> Comment:
    """Lock the comment, so that what is counted next is what every other mark left."""
    # Without its key: a reply that is being posted need not wait.
    return Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)


def _lock_to_mark(comment: Comment, member: User, act: str) -> None:
    row = (
        Comment.objects.readable_by(member)
        .select_related("thread")
        .select_for_update(no_key=True, of=("self",))
        .filter(pk=comment.pk)
        .first()
    )
    if row is None or not row.is_shown:
        raise MarkRefusedError("That comment no longer exists.")
    if not row.thread.is_writable_by(member):
        writers = owners.owner_of(row.thread).writers
        raise MarkRefusedError(f"Only {writers} {act} comments here.")
    if row.author_id == member.pk:
        raise MarkRefusedError(f"You cannot {act} your own comment.")
    if row.author_id in blocks.kept_apart(member):
        raise MarkRefusedError(f"You cannot {act} this comment.")


def _recount(comment_ids: list[int]) -> dict[int, tuple[int, dict[str, int]]]:
    """Count locked comments from their marks; return each one's votes and reactions."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT_SQL, {"comments": comment_ids})
        rows = cursor.fetchall()
    return {comment: (votes, json.loads(reactions)) for comment, votes, reactions in rows}


_RECOUNT_SQL = f"""
    WITH {points.marks_sql(only="AND comment_id = ANY(%(comments)s::bigint[])")}
    UPDATE discussions_comment AS comment
    SET vote_count = coalesce(marks.vote_count, 0),
        points = coalesce(marks.points, 0),
        reaction_counts = coalesce(marks.reaction_counts, '{{}}')
    FROM unnest(%(comments)s::bigint[]) AS asked (comment_id)
         LEFT JOIN marks USING (comment_id)
    WHERE comment.id = asked.comment_id
    RETURNING comment.id, comment.vote_count, comment.reaction_counts::text
"""  # noqa: S608 - constants only
