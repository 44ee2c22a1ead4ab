"""Notifications: one row for each event and member, whatever the reasons.

The sources registered here, ours among them, find the members concerned by a comment, so that
another app adds its own reason ("on a paper you saved") without a change in this file.
Everything may be called late, twice, or by two workers at once: the comment records whether
notifications were sent, and a unique key prevents duplicates.

Mail will be made from these rows only: a job selects those that are unread and have no delivery
yet, and writes the delivery before it sends. So whatever keeps notifications out of the inbox
(a mute, a block, a thread closed to the member) keeps them out of mail too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from common import due_work
from discussions import owners
from discussions.blocks import blocks
from discussions.comments.models import Comment, Mention
from discussions.notifications.models import Notification
from discussions.thread.models import Thread, ThreadReading
from papers.models import Authorship

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from accounts.models import User

    # The ids of the members whom a comment concerns.
    Concerned = Callable[[Comment], Iterable[int | None]]

Reason = Notification.Reason

# A wake-up does the work within a second; the sweep waits longer than that.
GRACE = timedelta(seconds=10)


# Sources ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """A reason to notify members of a comment, and its wording in the inbox."""

    reason: str
    words: str
    concerned: Concerned


def _answered(comment: Comment) -> Iterable[int | None]:
    if comment.parent_id is None:
        return []
    return Comment.objects.filter(pk=comment.parent_id).values_list("author_id", flat=True)


def _mentioned(comment: Comment) -> Iterable[int | None]:
    return Mention.objects.filter(comment=comment).values_list("member_id", flat=True)


def _claimants(comment: Comment) -> Iterable[int | None]:
    claimed = Authorship.objects.filter(paper=comment.thread.paper_id)
    return claimed.exclude(claimed_by=None).values_list("claimed_by_id", flat=True)


def _submitter(comment: Comment) -> Iterable[int | None]:
    paper = comment.thread.paper
    return [paper.submitted_by_id] if paper else []


def _watchers(comment: Comment) -> Iterable[int | None]:
    # Members who have seen the comment need no notification: it may come late, or again because
    # an edit mentions somebody else.
    watching = ThreadReading.objects.filter(
        thread=comment.thread_id,
        attention=ThreadReading.Attention.WATCHING,
        seen_up_to__lt=comment.pk,
    )
    return watching.values_list("member_id", flat=True)


# The inbox names the first reason that applies to a member.
_SOURCES = (
    Source(Reason.REPLY, "replied to you", _answered),
    Source(Reason.MENTION, "mentioned you", _mentioned),
    Source(Reason.CLAIMED, "on a paper of yours", _claimants),
    Source(Reason.SUBMITTED, "on a paper you submitted", _submitter),
    Source(Reason.WATCHED, "in a thread you watch", _watchers),
)


def words_of(reason: str) -> str:
    """Return the inbox's wording of a reason."""
    return next((source.words for source in _SOURCES if source.reason == reason), "")


def following_reasons() -> list[str]:
    """Return the reasons due to following something rather than being addressed."""
    addressed = {Reason.REPLY, Reason.MENTION}
    return [source.reason for source in _SOURCES if source.reason not in addressed]


# Notifying -----------------------------------------------------------------------------------


@transaction.atomic
def notify_of_comment(comment_id: int) -> int:
    """Notify the members concerned by a visible comment, unless that was done before.

    Return how many were notified. The number of queries does not depend on it. A comment that
    is locked is left to the sweep; others may reply to it meanwhile.
    """
    comments = Comment.objects.shown().filter(notified_at__isnull=True)
    comments = comments.select_related("thread__paper")
    comment = due_work.claim(
        comments.only("author", "parent", "thread__paper__submitted_by"), comment_id
    )
    return _tell_of(comment) if comment else 0


@transaction.atomic(savepoint=False)
def tell(
    *,
    recipients: Iterable[User | int],
    event: str,
    reason: str,
    actor: User | None = None,
    thread: Thread | None = None,
    comment: Comment | None = None,
    summary: str = "",
    url: str = "",
) -> int:
    """Notify members of something else: a moderator's act, or another app's event.

    `event` is its permanent name, as "act:7": each member is notified once. Moderators' acts
    reach all the members given; other events respect mutes, blocks and access to the thread.
    Return how many were notified.
    """
    ids = {each if isinstance(each, int) else each.pk for each in recipients}
    is_owed = reason == Reason.MODERATION
    if thread is not None and not is_owed:
        ids = owners.readers_among(thread, ids)
    return _write(
        reasons={member: [reason] for member in ids},
        is_owed=is_owed,
        event=event,
        actor=actor.pk if actor else None,
        thread=thread.pk if thread else None,
        comment=comment.pk if comment else None,
        summary=summary[:300],
        url=url,
    )


def sweep() -> int:
    """Notify of comments whose wake-up was lost. Return how many members were notified."""
    return due_work.sweep(due_work.Work("discussions.notify_of_comment", _due, notify_of_comment))


def _due() -> Iterator[int]:
    untold = Comment.objects.shown().filter(notified_at__isnull=True)
    return due_work.keys(untold.filter(created_at__lt=timezone.now() - GRACE))


def _tell_of(comment: Comment) -> int:
    reasons = _reasons(comment)
    readers = owners.readers_among(comment.thread, reasons.keys())
    told = _write(
        reasons={member: why for member, why in reasons.items() if member in readers},
        is_owed=False,
        event=f"comment:{comment.pk}",
        actor=comment.author_id,
        thread=comment.thread_id,
        comment=comment.pk,
    )
    Comment.objects.filter(pk=comment.pk).update(notified_at=timezone.now())
    return told


def _reasons(comment: Comment) -> dict[int, list[str]]:
    """Return the members concerned, each with all reasons: one query for each source."""
    reasons: dict[int, list[str]] = {}
    for source in _SOURCES:
        for member in {member for member in source.concerned(comment) if member is not None}:
            reasons.setdefault(member, []).append(source.reason)
    return reasons


def _write(
    *,
    reasons: Mapping[int, Collection[str]],
    is_owed: bool,
    event: str,
    actor: int | None,
    thread: int | None,
    comment: int | None,
    summary: str = "",
    url: str = "",
) -> int:
    """Insert the rows of one event in one statement, for members who want to be notified."""
    if not reasons:
        return 0
    if actor is not None and not is_owed:
        blocks.lock_to_tell_of(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE_SQL,
            {
                "members": list(reasons),
                "reasons": [",".join(why) for why in reasons.values()],
                "is_owed": is_owed,
                "event": event,
                "actor": actor,
                "thread": thread,
                "comment": comment,
                "summary": summary,
                "url": url,
                "now": timezone.now(),
            },
        )
        return int(cursor.rowcount)


# In the order of the ids, so that two events for the same members never deadlock.
_WRITE_SQL = """
    INSERT INTO discussions_notification
        (recipient_id, event, reasons, actor_id, thread_id, comment_id, summary, url, created_at)
    SELECT member.id, %(event)s::text, string_to_array(told.reasons, ','), %(actor)s::bigint,
           %(thread)s::bigint, %(comment)s::bigint, %(summary)s::text, %(url)s::text,
           %(now)s::timestamptz
    FROM unnest(%(members)s::bigint[], %(reasons)s::text[]) AS told (member_id, reasons)
    JOIN accounts_user AS member ON member.id = told.member_id
    WHERE member.id IS DISTINCT FROM %(actor)s::bigint
      AND (%(is_owed)s::boolean OR (
          member.is_active AND member.closed_at IS NULL
          AND NOT EXISTS (
              SELECT FROM discussions_threadreading
              WHERE member_id = member.id AND thread_id = %(thread)s::bigint
                AND attention = 'muted'
          )
          AND NOT EXISTS (
              SELECT FROM discussions_mute
              WHERE member_id = member.id AND muted_id = %(actor)s::bigint
          )
          AND NOT EXISTS (
              SELECT FROM discussions_block
              WHERE (member_id = member.id AND blocked_id = %(actor)s::bigint)
                 OR (member_id = %(actor)s::bigint AND blocked_id = member.id)
          )
      ))
    ORDER BY member.id
    ON CONFLICT (recipient_id, event) DO NOTHING
"""
