"""Visibility of comments, and every count that depends on it.

Three timestamps decide: deleted by the author, hidden by a moderator, held for one. A comment
with none of them is shown, and its thread and its paper's tally count it. A row and its counts
change in one statement, and each act is guarded, so that repeating it changes nothing.

Locks are taken in the same order everywhere: the thread, then comments, then the tally. A
caller must not lock a comment before it calls one of these functions, unless it has locked the
thread before that.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from discussions.comments import points
from discussions.comments.models import SHOWN_SQL

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from discussions.comments.models import Comment
    from discussions.thread.models import Thread

logger = logging.getLogger(__name__)

# An arbitrary key for this job's advisory lock.
_RECOUNT_LOCK = 0x0C7A_0002

# Sums of weights in another order differ by rounding; a mark changes them by 0.15 or more.
TOLERANCE = 1e-6


def add(
    *,
    thread: Thread,
    author: User,
    key: UUID,
    parent: Comment | None,
    text: str,
    html: str,
    rendered_with: int,
    is_held: bool,
) -> int | None:
    """Insert a comment and return its id, or None if the author used the key before."""
    return _ask(
        _ADD_SQL,
        {
            "thread": thread.pk,
            "author": author.pk,
            "key": key,
            "parent": parent.pk if parent else None,
            "root": (parent.root_id or parent.pk) if parent else None,
            "depth": parent.depth + 1 if parent else 0,
            "text": text,
            "html": html,
            "rendered_with": rendered_with,
            "is_held": is_held,
        },
    )


def hide(*, comment_id: int, reason: str) -> bool:
    """Hide a comment, and return whether it was not hidden yet."""
    return _move(_HIDE_SQL, comment_id, reason=reason)


def restore(*, comment_id: int) -> bool:
    """Show a hidden comment again. If it is also held, it stays held."""
    return _move(_RESTORE_SQL, comment_id)


def hold(*, comment_id: int) -> bool:
    """Hold a comment for a moderator's approval."""
    return _move(_HOLD_SQL, comment_id)


def release(*, comment_id: int) -> bool:
    """Release a held comment. Its notifications are due then: nobody was notified before."""
    return _move(_RELEASE_SQL, comment_id)


def delete(*, comment_id: int) -> bool:
    """Delete a comment: a placeholder and its replies stay."""
    return _move(_DELETE_SQL, comment_id)


def undelete(*, comment_id: int) -> bool:
    """Restore a deleted comment, unless a moderator has hidden it or its text is erased."""
    return _move(_UNDELETE_SQL, comment_id)


@dataclass(frozen=True)
class Drift:
    """The number of rows that a recount corrected."""

    threads: int
    comments: int
    tallies: int

    def __bool__(self) -> bool:
        return bool(self.threads or self.comments or self.tallies)


def recount() -> Drift | None:
    """Recount every thread, branch and mark, in one statement that writes only differences.

    Return None when another worker is doing it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_RECOUNT_LOCK])
        if not cursor.fetchone()[0]:
            return None
        # The marks of 200,000 comments take 100 MB; what does not fit is spilled to disk.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(_RECOUNT_SQL)
        drift = Drift(*cursor.fetchone())
    # Drift indicates a bug: counts change in the same statement as the rows they count.
    logger.log(
        logging.WARNING if drift else logging.INFO,
        "Recounted the threads; %d threads, %d comments and %d tallies had drifted",
        drift.threads,
        drift.comments,
        drift.tallies,
    )
    return drift


def _move(sql: str, comment_id: int, **more: Any) -> bool:
    return _ask(sql, {"comment": comment_id} | more) is not None


def _ask(sql: str, parameters: dict[str, Any]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return row[0] if row else None


def _counts_sql(change: int, *, after: str = "moved") -> str:
    """Return the SQL that changes the counts for the row in `moved`, if it `counts`.

    The tally waits for the table `after`: Postgres would run the last part first.
    """
    # The removal of a comment does not change the time of the last comment.
    latest = (
        ", last_comment_at = greatest(thread.last_comment_at, moved.created_at)"
        if change > 0
        else ""
    )
    return f"""
        counted AS (
            UPDATE discussions_thread AS thread
            SET comment_count = thread.comment_count + ({change}) {latest}
            FROM moved WHERE thread.id = moved.thread_id AND moved.counts
            RETURNING thread.paper_id
        ),
        tallied AS (
            UPDATE papers_papertally AS tally
            SET comment_count = tally.comment_count + ({change})
            FROM counted
            WHERE tally.paper_id = counted.paper_id AND (SELECT count(*) FROM {after}) >= 0
        )
        SELECT id FROM moved
    """  # noqa: S608 - constants only


def _move_sql(*, change: int, to: str, provided: str, others: tuple[str, str]) -> str:
    """Return the SQL of an act that sets or clears one moment.

    The comment counts before or after it if the `others` are null. The thread is locked first.
    Postgres rereads a comment that changed meanwhile for the guard, and then the clock, so that
    no reply is younger than the removal of its parent.
    """
    return f"""
        WITH place AS (
            SELECT id FROM discussions_thread
            WHERE id = (SELECT thread_id FROM discussions_comment WHERE id = %(comment)s)
            FOR NO KEY UPDATE
        ),
        moved AS (
            UPDATE discussions_comment AS comment SET {to}
            FROM place
            WHERE comment.id = %(comment)s AND comment.thread_id = place.id AND {provided}
            RETURNING comment.id, comment.thread_id, comment.created_at,
                      comment.{others[0]} IS NULL AND comment.{others[1]} IS NULL AS counts
        ),
        {_counts_sql(change)}
    """  # noqa: S608 - constants only


_HIDE_SQL = _move_sql(
    change=-1,
    to="hidden_at = clock_timestamp(), hidden_reason = %(reason)s",
    provided="comment.hidden_at IS NULL",
    others=("taken_back_at", "held_at"),
)
_RESTORE_SQL = _move_sql(
    change=1,
    to="hidden_at = NULL, hidden_reason = ''",
    provided="comment.hidden_at IS NOT NULL",
    others=("taken_back_at", "held_at"),
)
_HOLD_SQL = _move_sql(
    change=-1,
    to="held_at = clock_timestamp()",
    provided="comment.held_at IS NULL",
    others=("taken_back_at", "hidden_at"),
)
_RELEASE_SQL = _move_sql(
    change=1,
    to="held_at = NULL",
    provided="comment.held_at IS NOT NULL",
    others=("taken_back_at", "hidden_at"),
)
_DELETE_SQL = _move_sql(
    change=-1,
    to="taken_back_at = clock_timestamp()",
    provided="comment.taken_back_at IS NULL",
    others=("hidden_at", "held_at"),
)
_UNDELETE_SQL = _move_sql(
    change=1,
    to="taken_back_at = NULL",
    provided="comment.taken_back_at IS NOT NULL AND comment.hidden_at IS NULL"
    " AND comment.text <> ''",
    others=("hidden_at", "held_at"),
)

_ADD_SQL = f"""
    WITH moved AS (
        INSERT INTO discussions_comment (
            thread_id, author_id, key, parent_id, root_id, depth, text, html, rendered_with,
            held_at, hidden_reason, descendant_count, revision_count,
            vote_count, points, reaction_counts
        )
        VALUES (
            %(thread)s, %(author)s, %(key)s, %(parent)s, %(root)s, %(depth)s,
            %(text)s, %(html)s, %(rendered_with)s,
            CASE WHEN %(is_held)s::boolean THEN clock_timestamp() END, '', 0, 0, 0, 0, '{{}}'
        )
        ON CONFLICT (author_id, key) DO NOTHING
        RETURNING id, thread_id, root_id, created_at, held_at IS NULL AS counts
    ),
    branch AS (
        UPDATE discussions_comment AS root
        SET descendant_count = root.descendant_count + 1
        FROM moved WHERE root.id = moved.root_id
        RETURNING 1
    ),
    {_counts_sql(1, after="branch")}
"""  # noqa: S608 - constants only

# A comment that is posted while this runs is not in its snapshot. `seen` is a row as in the
# snapshot: if it has changed since, the comparison fails, and the row is left as it is. Each
# table waits for the one before, so that locks keep their order.
_RECOUNT_SQL = f"""
    WITH
    thread_counts AS (
        SELECT thread_id AS id, count(*)::int AS comments
        FROM discussions_comment WHERE {SHOWN_SQL} GROUP BY thread_id
    ),
    threads AS (
        UPDATE discussions_thread AS thread SET comment_count = coalesce(counts.comments, 0)
        FROM discussions_thread AS seen LEFT JOIN thread_counts AS counts USING (id)
        WHERE thread.id = seen.id AND thread.comment_count = seen.comment_count
          AND seen.comment_count <> coalesce(counts.comments, 0)
        RETURNING 1
    ),
    branches AS (
        SELECT root_id AS id, count(*)::int AS comments
        FROM discussions_comment WHERE root_id IS NOT NULL GROUP BY root_id
    ),
    {points.marks_sql()},
    comment_counts AS (
        SELECT comment.id,
               comment.descendant_count AS seen_descendants, comment.vote_count AS seen_votes,
               comment.points AS seen_points, comment.reaction_counts AS seen_reactions,
               coalesce(branches.comments, 0) AS descendants,
               coalesce(marks.vote_count, 0) AS votes,
               coalesce(marks.points, 0) AS points,
               coalesce(marks.reaction_counts, '{{}}') AS reactions
        FROM discussions_comment AS comment
        LEFT JOIN branches USING (id) LEFT JOIN marks ON marks.comment_id = comment.id
    ),
    drifted AS (
        SELECT comment.id FROM discussions_comment AS comment JOIN comment_counts USING (id)
        WHERE (SELECT count(*) FROM threads) >= 0 AND (
            (seen_descendants, seen_votes, seen_reactions) <> (descendants, votes, reactions)
            OR abs(seen_points - comment_counts.points) > {TOLERANCE}
        )
        ORDER BY comment.id
        FOR NO KEY UPDATE OF comment
    ),
    comments AS (
        UPDATE discussions_comment AS comment
        SET descendant_count = counts.descendants, vote_count = counts.votes,
            points = counts.points, reaction_counts = counts.reactions
        FROM drifted JOIN comment_counts AS counts USING (id)
        WHERE comment.id = drifted.id
          AND (comment.descendant_count, comment.vote_count, comment.points,
               comment.reaction_counts)
            = (seen_descendants, seen_votes, seen_points, seen_reactions)
        RETURNING 1
    ),
    tallies AS (
        UPDATE papers_papertally AS tally SET comment_count = coalesce(counts.comments, 0)
        FROM papers_papertally AS seen
        LEFT JOIN discussions_thread AS thread USING (paper_id)
        LEFT JOIN thread_counts AS counts ON counts.id = thread.id
        WHERE tally.paper_id = seen.paper_id AND tally.comment_count = seen.comment_count
          AND seen.comment_count <> coalesce(counts.comments, 0)
          AND (SELECT count(*) FROM comments) >= 0
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM threads), (SELECT count(*) FROM comments),
           (SELECT count(*) FROM tallies)
"""  # noqa: S608 - constants only
