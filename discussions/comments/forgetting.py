"""Erases the text of comments deleted long ago. A placeholder and the replies stay."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from discussions.comments.models import Comment, Mention, Revision

# Until then authors can restore a comment, and moderators can read what was reported.
KEPT_FOR = timedelta(days=30)
BATCH = 500


def forget_deleted() -> int:
    """Erase the text of comments that were deleted long ago, and return their number."""
    forgotten = 0
    while count := _forget_some():
        forgotten += count
    return forgotten


@transaction.atomic
def _forget_some() -> int:
    due = Comment.objects.filter(taken_back_at__lt=timezone.now() - KEPT_FOR).exclude(text="")
    # Skips locked rows until the next run.
    locked = due.order_by("pk").select_for_update(skip_locked=True, no_key=True)
    ids = list(locked.values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    Comment.objects.filter(pk__in=ids).update(text="", html="")
    Revision.objects.filter(comment__in=ids).update(text="")
    Mention.objects.filter(comment__in=ids).delete()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_QUOTES_SQL, {"comments": ids})
    return len(ids)


_FORGET_QUOTES_SQL = """
    UPDATE discussions_anchor
    SET selectors = jsonb_path_query_array(selectors, '$[*] ? (@.type != "TextQuoteSelector")')
    WHERE comment_id = ANY(%(comments)s::bigint[])
"""
