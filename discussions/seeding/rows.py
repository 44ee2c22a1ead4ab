"""Bulk creation of comments with their marks and counts, in a handful of statements.

The rows are those that a site's normal acts would leave, so a recount finds no drift.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F

from discussions.comments import points, rendering
from discussions.comments.models import Comment, CommentVote, Mention, Reaction
from discussions.thread.models import Thread
from papers.models import PaperTally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from discussions.comments.rendering import Rendered

_BATCH = 1_000


@dataclass(frozen=True)
class Draft:
    """A comment to create. Marks come from old accounts, so they count in full."""

    key: UUID
    author: User | None
    # Empty if deleted and erased.
    text: str
    created_at: datetime
    parent: UUID | None = None
    voters: Sequence[User] = ()
    reactions: Mapping[str, Sequence[User]] = field(default_factory=dict)
    # More columns: when it was edited, hidden, held.
    columns: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def insert(thread: Thread, drafts: Sequence[Draft], ids: Sequence[int] = ()) -> list[Comment]:
    """Create comments in the order given, parents before replies, and return them.

    Their ids are new, or those that the caller took.
    """
    rendered = _rendered(drafts)
    comments = {each.key: each for each in _parents_there(thread, drafts)}
    there = set(comments)
    for pk, draft in zip(ids or take_ids(len(drafts)), drafts, strict=True):
        parent = comments[draft.parent] if draft.parent else None
        comments[draft.key] = _comment(thread, pk, draft, parent, rendered.get(draft.text))
    new = [comments[draft.key] for draft in drafts]
    below = Counter(comment.root_id for comment in new if comment.root_id)
    for comment in new:
        comment.descendant_count = below.pop(comment.pk, 0)
    Comment.objects.bulk_create(new, batch_size=_BATCH)
    _write_marks(zip(new, drafts, strict=True))
    _write_mentions(new, rendered)
    # Update the counts of existing branches.
    for root, count in below.items() if there else ():
        Comment.objects.filter(pk=root).update(descendant_count=F("descendant_count") + count)
    _count(thread, [comment for comment in new if comment.is_shown])
    return new


def _rendered(drafts: Iterable[Draft]) -> dict[str, Rendered]:
    """Render each distinct text once."""
    texts = list(dict.fromkeys(draft.text for draft in drafts if draft.text))
    return dict(zip(texts, rendering.render_many(texts), strict=True))


def _parents_there(thread: Thread, drafts: Sequence[Draft]) -> list[Comment]:
    own = {draft.key for draft in drafts}
    missing = {draft.parent for draft in drafts if draft.parent} - own
    return list(thread.comments.filter(key__in=missing)) if missing else []


def take_ids(count: int) -> list[int]:
    """Take ids from the sequence, so that rows can refer to parents before they exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('discussions_comment', 'id'))"
            " FROM generate_series(1, %s::integer)",
            [count],
        )
        return sorted(pk for (pk,) in cursor.fetchall())


def _comment(
    thread: Thread, pk: int, draft: Draft, parent: Comment | None, rendered: Rendered | None
) -> Comment:
    return Comment(
        pk=pk,
        thread=thread,
        author=draft.author,
        parent_id=parent.pk if parent else None,
        root_id=(parent.root_id or parent.pk) if parent else None,
        depth=parent.depth + 1 if parent else 0,
        text=draft.text,
        html=rendered.html if rendered else "",
        rendered_with=rendering.RENDERED_WITH,
        key=draft.key,
        created_at=draft.created_at,
        vote_count=len(draft.voters),
        reaction_counts={kind: len(who) for kind, who in draft.reactions.items() if who},
        points=_points(draft),
        **draft.columns,
    )


def _points(draft: Draft) -> float:
    """Add up the marks as in discussions.comments.points: the larger one of each person."""
    given = {
        member.pk: points.POINTS_OF_REACTION
        for kind, members in draft.reactions.items()
        for member in members
        if kind in points.POSITIVE_KINDS
    }
    given |= {member.pk: points.POINTS_OF_VOTE for member in draft.voters}
    return sum(given.values())


def _write_marks(written: Iterable[tuple[Comment, Draft]]) -> None:
    votes, reactions = [], []
    for comment, draft in written:
        at = draft.created_at
        votes += [CommentVote(comment=comment, member=who, cast_at=at) for who in draft.voters]
        reactions += [
            Reaction(comment=comment, member=who, kind=kind, made_at=at)
            for kind, members in draft.reactions.items()
            for who in members
        ]
    CommentVote.objects.bulk_create(votes, batch_size=_BATCH)
    Reaction.objects.bulk_create(reactions, batch_size=_BATCH)


def _write_mentions(comments: Iterable[Comment], rendered: Mapping[str, Rendered]) -> None:
    Mention.objects.bulk_create(
        [
            Mention(comment=comment, member_id=member_id)
            for comment in comments
            if comment.text
            for member_id in rendered[comment.text].mentioned_ids
        ],
        batch_size=_BATCH,
    )


def _count(thread: Thread, standing: Sequence[Comment]) -> None:
    if not standing:
        return
    last = max(comment.created_at for comment in standing)
    if thread.last_comment_at is None or thread.last_comment_at < last:
        thread.last_comment_at = last
    thread.save(update_fields=["last_comment_at"])
    Thread.objects.filter(pk=thread.pk).update(comment_count=F("comment_count") + len(standing))
    tally = PaperTally.objects.filter(paper=thread.paper_id)
    tally.update(comment_count=F("comment_count") + len(standing))
