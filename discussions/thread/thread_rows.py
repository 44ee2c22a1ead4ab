"""Rows of a thread: ids to lay a page out, and the words of what is shown.

In SQL, because a page asks for a thousand of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from discussions.comments.models import STANDING_SQL
from discussions.thread.tree import BEST, NEWEST, OLDEST, Twig

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# More are "100 new", whatever their number: counting on would read them.
MOST_NEW = 100


class Said(NamedTuple):
    """A comment with its words, and what one reader made of it."""

    pk: int
    parent_id: int | None
    author_id: int | None
    username: str
    full_name: str
    is_moderator: bool
    is_present: bool
    html: str
    # In seconds of the epoch.
    said_at: int
    revision_count: int
    is_taken_back: bool
    is_hidden: bool
    is_held: bool
    hidden_reason: str
    vote_count: int
    # JSON, which few comments have anything in.
    reaction_counts: str
    anchor_part: str | None
    selectors: str | None
    anchor_version: int | None
    is_upvoted: bool
    reacted: Sequence[str] | None

    @property
    def reactions(self) -> dict[str, int]:
        return json.loads(self.reaction_counts) if self.reaction_counts != "{}" else {}


class Skeleton(NamedTuple):
    """The branches that a page may show, without words."""

    twigs: list[Twig]
    # Tops in the order asked for; of those that are too many for the page one more.
    tops: list[int]
    has_next: bool
    new_count: int
    # The latest comment of the thread that is shown to everybody, here or not.
    newest: int


class Looker(NamedTuple):
    """What the rows depend on of a reader."""

    pk: int | None = None
    is_moderator: bool = False
    # The newest comment of the thread that they had on their screen; None for a first visit.
    seen_up_to: int | None = None


def beginnings(
    thread_id: int, *, sort: str, after: tuple[float, int] | None, budget: int, looker: Looker
) -> Skeleton:
    """Return the next branches that have room for `budget` comments: one query."""
    points, pk = after or _BEFORE_ALL[sort]
    rows = _fetch(
        _BEGINNINGS_SQL[sort],
        {"thread": thread_id, "points": points, "after": pk, "budget": budget} | _own(looker),
    )
    tops = [row[0] for row in rows if row[1] is None]
    return _skeleton(rows, tops)


def branch(thread_id: int, *, comment_id: int, looker: Looker) -> Skeleton:
    """Return the whole branch that a comment stands in, if it is in the thread: one query."""
    rows = _fetch(_BRANCH_SQL, {"thread": thread_id, "comment": comment_id} | _own(looker))
    return _skeleton(rows, [row[0] for row in rows if row[1] is None])


def said(comment_ids: Collection[int], *, looker: Looker) -> dict[int, Said]:
    """Return these comments with their words, by their ids: one query.

    What a comment said that was taken back or hidden, or that waits for a moderator, is left
    out for all but those who may read it still.
    """
    if not comment_ids:
        return {}
    rows = _fetch(_SAID_SQL, {"ids": list(comment_ids)} | _own(looker))
    return {row[0]: Said._make(row) for row in rows}


def _own(looker: Looker) -> dict[str, Any]:
    return {
        "reader": looker.pk,
        "is_moderator": looker.is_moderator,
        "seen": looker.seen_up_to,
    }


def _skeleton(rows: list[tuple], tops: list[int]) -> Skeleton:  # type: ignore[type-arg]
    twigs = [Twig._make(row[:4]) for row in rows]
    has_next, new_count, newest = rows[0][4:7] if rows else (False, 0, 0)
    return Skeleton(twigs, tops, has_next, new_count, newest or 0)


def _fetch(sql: str, parameters: dict[str, Any]) -> list[tuple]:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()  # type: ignore[no-any-return]


_BEFORE_ALL = {BEST: (float("inf"), 0), NEWEST: (0.0, 2**63 - 1), OLDEST: (0.0, 0)}
# Behind the last one of the page before, along the index of the order.
_BEHIND = {
    BEST: """
        points <= %(points)s::float8
        AND (points < %(points)s::float8 OR id > %(after)s::bigint)
    """,
    NEWEST: "id < %(after)s::bigint",
    OLDEST: "id > %(after)s::bigint",
}
_ORDER = {BEST: "points DESC, id", NEWEST: "id DESC", OLDEST: "id"}

# A comment that waits for a moderator is there for its author and for moderators. A visitor
# and an author who is gone are both NULL, and yet not the same.
_IS_ABSENT = """
    held_at IS NOT NULL AND NOT %(is_moderator)s::boolean
    AND (author_id = %(reader)s::bigint) IS NOT TRUE
"""
_TWIG = f"comment.id, comment.parent_id, comment.points, {_IS_ABSENT} AS is_absent"
_NEW_COUNT = f"""
    SELECT count(*) FROM (
        SELECT 1 FROM discussions_comment
        WHERE thread_id = %(thread)s::bigint AND id > %(seen)s::bigint
          AND {STANDING_SQL}
          AND author_id IS DISTINCT FROM %(reader)s::bigint
        LIMIT {MOST_NEW}
    ) AS news
"""  # noqa: S608 - constants only
_NEWEST = f"""
    SELECT max(id) FROM discussions_comment
    WHERE thread_id = %(thread)s::bigint AND {STANDING_SQL}
"""  # noqa: S608 - constants only

# Each top knows how many are below it: branches are taken until they fill the page.
_BEGINNINGS_SQL = {
    sort: f"""
    WITH tops AS (
        SELECT id, points, descendant_count FROM discussions_comment
        WHERE thread_id = %(thread)s::bigint AND parent_id IS NULL AND {_BEHIND[sort]}
        ORDER BY {_ORDER[sort]} LIMIT %(budget)s::int + 1
    ),
    sized AS (
        SELECT id, row_number() OVER (ORDER BY {_ORDER[sort]}) AS place,
               sum(1 + descendant_count) OVER (ORDER BY {_ORDER[sort]}) - 1 - descendant_count
                   AS comments_before
        FROM tops
    ),
    chosen AS (SELECT id, place FROM sized WHERE comments_before < %(budget)s::int),
    rows AS (
        SELECT {_TWIG}, place FROM chosen JOIN discussions_comment AS comment USING (id)
        UNION ALL
        SELECT {_TWIG}, 0
        FROM chosen JOIN discussions_comment AS comment ON comment.root_id = chosen.id
    )
    SELECT id, parent_id, points, is_absent,
           (SELECT count(*) FROM tops) > (SELECT count(*) FROM chosen), ({_NEW_COUNT}), ({_NEWEST})
    FROM rows ORDER BY place
    """  # noqa: S608 - constants only
    for sort in (BEST, NEWEST, OLDEST)
}

_BRANCH_SQL = f"""
    WITH head AS (
        SELECT coalesce(root_id, id) AS id FROM discussions_comment
        WHERE id = %(comment)s::bigint AND thread_id = %(thread)s::bigint
    ),
    rows AS (
        SELECT {_TWIG} FROM head JOIN discussions_comment AS comment USING (id)
        UNION ALL
        SELECT {_TWIG} FROM head JOIN discussions_comment AS comment ON comment.root_id = head.id
    )
    SELECT id, parent_id, points, is_absent, true, ({_NEW_COUNT}), ({_NEWEST}) FROM rows
"""  # noqa: S608 - constants only

_SAID_SQL = """
    SELECT comment.id, comment.parent_id, comment.author_id,
           coalesce(author.username, ''), coalesce(author.full_name, ''),
           coalesce(author.is_moderator, false),
           coalesce(author.is_active AND author.closed_at IS NULL, false),
           CASE WHEN comment.taken_back_at IS NOT NULL THEN ''
                WHEN (comment.hidden_at IS NOT NULL OR comment.held_at IS NOT NULL)
                     AND NOT %(is_moderator)s::boolean
                     AND (comment.author_id = %(reader)s::bigint) IS NOT TRUE THEN ''
                ELSE comment.html END,
           extract(epoch FROM comment.created_at)::bigint, comment.revision_count,
           comment.taken_back_at IS NOT NULL, comment.hidden_at IS NOT NULL,
           comment.held_at IS NOT NULL, comment.hidden_reason,
           comment.vote_count, comment.reaction_counts::text,
           anchor.part, anchor.selectors::text, anchor.version,
           vote.comment_id IS NOT NULL, reactions.kinds
    FROM discussions_comment AS comment
    LEFT JOIN accounts_user AS author ON author.id = comment.author_id
    LEFT JOIN discussions_anchor AS anchor ON anchor.comment_id = comment.id
    LEFT JOIN discussions_commentvote AS vote
        ON vote.comment_id = comment.id AND vote.member_id = %(reader)s::bigint
        AND vote.voided_at IS NULL
    LEFT JOIN (
        SELECT comment_id, array_agg(kind) AS kinds FROM discussions_reaction
        WHERE comment_id = ANY(%(ids)s::bigint[]) AND member_id = %(reader)s::bigint
          AND voided_at IS NULL
        GROUP BY comment_id
    ) AS reactions ON reactions.comment_id = comment.id
    WHERE comment.id = ANY(%(ids)s::bigint[])
"""
