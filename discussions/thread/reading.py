"""How far a member has read a thread, and whether they want news of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from discussions.thread.models import ThreadReading

if TYPE_CHECKING:
    from accounts.models import User
    from discussions.thread.models import Thread

_BIGGEST_ID = 2**63 - 1


def mark_seen(*, thread: Thread, member: User, up_to: int) -> None:
    """Note that the member has had the thread on their screen up to a comment.

    It moves forward only, whatever order two open pages tell it in, and not past the
    newest comment there is. News of what they have seen counts as read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _SEEN_SQL,
            {
                "member": member.pk,
                "thread": thread.pk,
                "up_to": max(0, min(up_to, _BIGGEST_ID)),
            },
        )


def set_attention(*, thread: Thread, member: User, attention: ThreadReading.Attention) -> None:
    """Choose what news the member gets of the thread."""
    ThreadReading.objects.bulk_create(
        [ThreadReading(member=member, thread=thread, attention=attention)],
        update_conflicts=True,
        unique_fields=["member", "thread"],
        update_fields=["attention"],
    )


# What moderators say of a comment is news of its own, and stays unread: its event is not
# the comment's. Rows are locked in the order in which `mark_read` locks them.
_SEEN_SQL = """
    WITH seen AS (
        SELECT least(%(up_to)s::bigint, coalesce(max(id), 0)) AS up_to
        FROM discussions_comment WHERE thread_id = %(thread)s
    ),
    reading AS (
        INSERT INTO discussions_threadreading AS reading
            (member_id, thread_id, seen_up_to, seen_at, attention)
        SELECT %(member)s, %(thread)s, up_to, statement_timestamp(), ''
        FROM seen
        ON CONFLICT (member_id, thread_id) DO UPDATE
        SET seen_up_to = greatest(reading.seen_up_to, excluded.seen_up_to),
            seen_at = excluded.seen_at
        WHERE reading.seen_at IS NULL OR reading.seen_up_to < excluded.seen_up_to
    ),
    due AS (
        SELECT notification.id FROM discussions_notification AS notification, seen
        WHERE recipient_id = %(member)s AND read_at IS NULL
          AND thread_id = %(thread)s AND comment_id <= seen.up_to
          AND event = 'comment:' || comment_id
        ORDER BY notification.id
        FOR NO KEY UPDATE OF notification
    )
    UPDATE discussions_notification AS notification
    SET read_at = statement_timestamp()
    FROM due WHERE notification.id = due.id
"""
