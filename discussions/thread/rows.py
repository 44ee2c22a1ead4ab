"""The comments that a page of a thread shows: which ones, and their rows.

The number of queries is the same however long the thread is. In SQL, because a page may ask
for a thousand comments.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from common.numbers import whole_number
from discussions.comments.models import SHOWN_SQL
from discussions.thread.models import ThreadReading
from discussions.thread.tree import BEST, NEWEST, OLDEST, SORTS, OutlineRow, Tree

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from accounts.models import User
    from discussions.thread.models import Thread
    from discussions.thread.tree import Node

# More are "100 new", whatever their number: counting on would read them.
MOST_NEW = 100


class CommentRow(NamedTuple):
    """A comment with its text, and the marks that one viewer put on it."""

    pk: int
    parent_id: int | None
    author_id: int | None
    username: str
    full_name: str
    is_moderator: bool
    is_present: bool
    html: str
    # In seconds of the epoch.
    posted_at: int
    revision_count: int
    is_deleted: bool
    is_hidden: bool
    is_held: bool
    hidden_reason: str
    vote_count: int
    # JSON, which few comments have anything in.
    reaction_counts: str
    anchor_part: str | None
    selectors: str | None
    anchor_version: int | None
    # A block separates its author from the viewer, whoever made it.
    is_blocked: bool
    is_upvoted: bool
    chosen_kinds: tuple[str, ...]

    @property
    def reactions(self) -> dict[str, int]:
        return json.loads(self.reaction_counts) if self.reaction_counts != "{}" else {}


class Outline(NamedTuple):
    """The branches that a page may show, without their text."""

    rows: list[OutlineRow]
    # Tops in the order asked for; of those that are too many for the page one more.
    tops: list[int]
    has_next: bool
    new_count: int
    # The latest comment of the thread that is shown to everybody, here or not.
    newest: int


class Viewer(NamedTuple):
    """The reader of a thread, as far as its rows depend on who that is."""

    pk: int | None = None
    is_moderator: bool = False
    # The newest comment of the thread that they had on their screen; None for a first visit.
    seen_up_to: int | None = None


# A page's comments, and those of one that was asked for all at once.
PAGE_SIZE = 50
WHOLE_SIZE = 1_000
# Above the comment that a branch was asked for: the nearest that lead to it.
ANCESTORS_SHOWN = 3


@dataclass(frozen=True)
class ThreadQuery:
    """What a page is asked to show of its thread. Whatever makes no sense asks for nothing."""

    sort: str = BEST
    comment_id: int | None = None
    after: str = ""
    is_whole: bool = False

    @classmethod
    def of(cls, asked: QueryDict) -> ThreadQuery:
        sort = asked.get("sort", "")
        return cls(
            sort=sort if sort in SORTS else BEST,
            comment_id=_id(asked.get("comment", "")),
            after=asked.get("after", ""),
            is_whole=asked.get("all") == "1",
        )

    @property
    def budget(self) -> int:
        return WHOLE_SIZE if self.is_whole else PAGE_SIZE


@dataclass(frozen=True)
class ThreadPart:
    """A part of a thread, in the order in which it is shown."""

    nodes: list[Node]
    rows: dict[int, CommentRow]
    # How many each comment is with all that is below it, shown or not.
    sizes: dict[int, int]
    # Where the next part begins; "" when there is none.
    after: str = ""
    # The comment that was asked for, when it is here.
    comment_id: int | None = None
    # A branch stands alone, and this many comments lead to where it begins.
    is_branch: bool = False
    above_count: int = 0
    new_count: int = 0
    # The latest comment of the thread, here or not.
    newest: int = 0


EMPTY = ThreadPart([], {}, {})


def viewer_of(reader: User | AnonymousUser, reading: ThreadReading | None = None) -> Viewer:
    """Return the reader as the viewer of a thread."""
    if not reader.is_authenticated:
        return Viewer()
    # One who chose what news they want, and has not been here yet, has nothing new.
    seen = reading.seen_up_to if reading and reading.seen_at else None
    return Viewer(reader.pk, reader.is_moderator, seen)


def reading_of(thread: Thread, reader: User | AnonymousUser) -> ThreadReading | None:
    """Return how far the reader is in the thread: one query, none for a visitor."""
    if not reader.is_authenticated:
        return None
    found = _fetch(_READING_SQL, {"reader": reader.pk, "thread": thread.pk})
    return ThreadReading(**dict(zip(_READING_COLUMNS, found[0], strict=True))) if found else None


_READING_COLUMNS = ("seen_up_to", "seen_at", "attention")
_READING_SQL = """
    SELECT seen_up_to, seen_at, attention FROM discussions_threadreading
    WHERE member_id = %(reader)s AND thread_id = %(thread)s
"""


def part_of(thread: Thread, query: ThreadQuery, viewer: Viewer) -> ThreadPart:
    """Return the part of a thread that was asked for: two queries.

    Two more when one comment is asked for that the first page of a short thread leaves out,
    or folds what is below it.
    """
    is_short = thread.comment_count <= query.budget
    if query.comment_id and not is_short:
        found = _branch(thread, query, viewer, query.comment_id)
        if found:
            return found
    part = _page(thread, query, viewer)
    if query.comment_id and is_short and not _shows(part, query.comment_id):
        return _branch(thread, query, viewer, query.comment_id) or part
    return part


def _shows(part: ThreadPart, comment_id: int) -> bool:
    """Whether a comment is there with all that is below it."""
    return any(node.pk == comment_id and not node.rest for node in part.nodes)


def _page(thread: Thread, query: ThreadQuery, viewer: Viewer) -> ThreadPart:
    outline = _beginnings(
        thread.pk,
        sort=query.sort,
        after=_cursor(query.sort, "" if query.comment_id else query.after),
        budget=query.budget,
        viewer=viewer,
    )
    tree = Tree(outline.rows, sort=query.sort)
    tops = _that_fit(outline.tops, tree.sizes, query.budget)
    nodes = tree.part([top for top in tops if top in tree], budget=query.budget).nodes
    has_next = outline.has_next or len(tops) < len(outline.tops)
    return ThreadPart(
        nodes=nodes,
        rows=comment_rows([node.pk for node in nodes], viewer=viewer),
        sizes=tree.sizes,
        after=_cursor_behind(query.sort, tops[-1], outline) if has_next and tops else "",
        comment_id=query.comment_id if any(node.pk == query.comment_id for node in nodes) else None,
        new_count=outline.new_count,
        newest=outline.newest,
    )


def _branch(
    thread: Thread, query: ThreadQuery, viewer: Viewer, comment_id: int
) -> ThreadPart | None:
    """Return a comment with what leads to it and what is below it, if it is in the thread."""
    outline = _branch_outline(thread.pk, comment_id=comment_id, viewer=viewer)
    tree = Tree(outline.rows, sort=query.sort)
    if comment_id not in tree:
        return None
    nodes = tree.branch(
        comment_id, above=ANCESTORS_SHOWN, budget=query.budget, after=_id(query.after)
    ).nodes
    return ThreadPart(
        nodes=nodes,
        rows=comment_rows([node.pk for node in nodes], viewer=viewer),
        sizes=tree.sizes,
        comment_id=comment_id,
        is_branch=True,
        above_count=len(tree.ancestors(nodes[0].pk)),
        new_count=outline.new_count,
        newest=outline.newest,
    )


def _that_fit(tops: list[int], sizes: dict[int, int], budget: int) -> list[int]:
    """Return the tops whose branches fill the page.

    A branch too big for what is left of it waits for the next page, unless this one would be
    left half empty: then it is cut.
    """
    taken, total = [], 0
    for top in tops:
        size = sizes.get(top, 0)
        if total + size > budget and total * 2 >= budget:
            break
        taken.append(top)
        total += size
        if total >= budget:
            break
    return taken


# Where a page begins ------------------------------------------------------------------------


def _cursor(sort: str, token: str) -> tuple[float, int] | None:
    """Read where the page before ended; None, for the first page, of whatever is no such place."""
    points, _, last = token.rpartition("_")
    pk = _id(last)
    if pk is None or (sort == BEST) != bool(points):
        return None
    if not re.fullmatch(r"[0-9.e+-]{0,40}", points):
        return None
    try:
        value = float(points or 0)
    except ValueError:
        return None
    return (value, pk) if math.isfinite(value) else None


def _cursor_behind(sort: str, top: int, outline: Outline) -> str:
    if sort != BEST:
        return str(top)
    points = next(row.points for row in outline.rows if row.pk == top)
    return f"{points!r}_{top}"


def _id(text: str) -> int | None:
    return whole_number(text) or None


# Rows ---------------------------------------------------------------------------------------


def _beginnings(
    thread_id: int, *, sort: str, after: tuple[float, int] | None, budget: int, viewer: Viewer
) -> Outline:
    """Return the next branches that have room for `budget` comments: one query."""
    points, pk = after or _BEFORE_ALL[sort]
    rows = _fetch(
        _BEGINNINGS_SQL[sort],
        {"thread": thread_id, "points": points, "after": pk, "budget": budget} | _own(viewer),
    )
    tops = [row[0] for row in rows if row[1] is None]
    return _outline(rows, tops)


def _branch_outline(thread_id: int, *, comment_id: int, viewer: Viewer) -> Outline:
    """Return the whole branch that a comment stands in, if it is in the thread: one query."""
    rows = _fetch(_BRANCH_SQL, {"thread": thread_id, "comment": comment_id} | _own(viewer))
    return _outline(rows, [row[0] for row in rows if row[1] is None])


def comment_rows(comment_ids: Collection[int], *, viewer: Viewer) -> dict[int, CommentRow]:
    """Return these comments with their words, by their ids: one query.

    What a comment said that was deleted or hidden, or that waits for a moderator, is left
    out for all but those who may read it still.
    """
    if not comment_ids:
        return {}
    rows = _fetch(_COMMENT_ROWS_SQL, {"ids": list(comment_ids)} | _own(viewer))
    return {row[0]: CommentRow._make((*row[:-1], tuple(row[-1] or ()))) for row in rows}


def _own(viewer: Viewer) -> dict[str, Any]:
    return {
        "reader": viewer.pk,
        "is_moderator": viewer.is_moderator,
        "seen": viewer.seen_up_to,
    }


def _outline(rows: list[tuple], tops: list[int]) -> Outline:  # type: ignore[type-arg]
    has_next, new_count, newest = rows[0][4:7] if rows else (False, 0, 0)
    outline = [OutlineRow._make(row[:4]) for row in rows]
    return Outline(outline, tops, has_next, new_count, newest or 0)


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
_OUTLINE = f"comment.id, comment.parent_id, comment.points, {_IS_ABSENT} AS is_absent"
_NEW_COUNT = f"""
    SELECT count(*) FROM (
        SELECT 1 FROM discussions_comment
        WHERE thread_id = %(thread)s::bigint AND id > %(seen)s::bigint
          AND {SHOWN_SQL}
          AND author_id IS DISTINCT FROM %(reader)s::bigint
        LIMIT {MOST_NEW}
    ) AS news
"""  # noqa: S608 - constants only
_NEWEST = f"""
    SELECT max(id) FROM discussions_comment
    WHERE thread_id = %(thread)s::bigint AND {SHOWN_SQL}
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
        SELECT {_OUTLINE}, place FROM chosen JOIN discussions_comment AS comment USING (id)
        UNION ALL
        SELECT {_OUTLINE}, 0
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
        SELECT {_OUTLINE} FROM head JOIN discussions_comment AS comment USING (id)
        UNION ALL
        SELECT {_OUTLINE} FROM head JOIN discussions_comment AS comment ON comment.root_id = head.id
    )
    SELECT id, parent_id, points, is_absent, true, ({_NEW_COUNT}), ({_NEWEST}) FROM rows
"""  # noqa: S608 - constants only

_COMMENT_ROWS_SQL = """
    WITH blocked AS (
        SELECT blocked_id AS id FROM discussions_block WHERE member_id = %(reader)s::bigint
        UNION ALL
        SELECT member_id FROM discussions_block WHERE blocked_id = %(reader)s::bigint
    )
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
           coalesce(comment.author_id IN (SELECT id FROM blocked), false),
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
