"""The inbox: a member's notifications, as far as they may see them now."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Left

from common.paging import page_below
from discussions import owners
from discussions.blocks import blocks
from discussions.markdown.parsing import to_plain
from discussions.notifications import notifications
from discussions.notifications.models import Notification
from discussions.places import titled_places_for
from discussions.thread.models import ThreadReading

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from accounts.models import User
    from discussions.comments.models import Comment
    from discussions.places import TitledPlace

Reason = Notification.Reason

PAGE_SIZE = 30
# The header counts up to this.
MOST_COUNTED = 99
# Length of a comment's beginning in the inbox, and of the text read to find it.
WORDS_SHOWN = 180
LENGTH_READ = 1_500
OF_GROUPS = (Reason.REMINDER, Reason.BALLOT, Reason.MEETING, Reason.GROUP)

_COLUMNS = (
    "recipient",
    "event",
    "reasons",
    "summary",
    "url",
    "created_at",
    "read_at",
    "actor__username",
    "actor__full_name",
    "actor__is_active",
    "comment__taken_back_at",
    "comment__hidden_at",
    "comment__held_at",
    "thread__paper__source",
    "thread__paper__external_id",
    "thread__paper__title_html",
)


@dataclass(frozen=True)
class Filter:
    """A part of the inbox, and its message when empty."""

    key: str
    label: str
    empty_title: str
    empty_text: str

    def condition(self) -> Q:
        """Return the condition for its notifications."""
        if self.key == "unread":
            return Q(read_at__isnull=True)
        reasons = {
            "replies": [Reason.REPLY],
            "mentions": [Reason.MENTION],
            "watched": notifications.following_reasons(),
            "groups": list(OF_GROUPS),
            "moderation": [Reason.MODERATION],
        }.get(self.key)
        return Q(reasons__overlap=reasons) if reasons else Q()


FILTERS = (
    Filter(
        "",
        "All",
        "Nothing here yet",
        "Replies, mentions and comments in threads you watch appear here. To start, watch the "
        "thread of a paper you care about.",
    ),
    Filter(
        "unread",
        "Unread",
        "Nothing unread",
        "You have read everything. Earlier notifications are under “All”.",
    ),
    Filter(
        "replies",
        "Replies",
        "No replies yet",
        "Replies to your comments appear here. To start, comment on a paper you have read.",
    ),
    Filter(
        "mentions",
        "Mentions",
        "No mentions yet",
        "Comments that mention you with an @ appear here.",
    ),
    Filter(
        "watched",
        "Watched",
        "Nothing from threads you watch",
        "Comments in threads you watch, and on papers you submitted or claimed, appear here. "
        "To watch a thread, use the button on the paper’s page.",
    ),
    Filter(
        "groups",
        "Groups",
        "Nothing from your groups",
        "Meeting reminders, ballots and schedule changes appear here. To start, join a "
        "reading group.",
    ),
    Filter(
        "moderation",
        "Moderation",
        "Nothing from the moderators",
        "If a moderator takes action against something of yours, you see here what was done, "
        "why, and how to appeal.",
    ),
)


@dataclass(frozen=True)
class Item:
    """One notification. `said` is empty if there is nothing to quote."""

    pk: int
    reason: str
    actor: User | None
    # The first reason ("replied to you"), and the others.
    did: str
    also: tuple[str, ...]
    # The subject if it comes from a group, not a person: "Reminder of a meeting".
    label: str
    said: str
    # Why the comment is not shown, in a sentence.
    lost: str
    summary: str
    url: str
    created_at: datetime
    is_unread: bool
    is_closed: bool

    @property
    def is_moderation(self) -> bool:
        return self.reason == Reason.MODERATION

    @property
    def is_comment(self) -> bool:
        return bool(self.did)


@dataclass(frozen=True)
class InboxFilter:
    """Adjacent notifications about one thread, or one without a thread."""

    thread_id: int | None
    # None without a thread, or if the member may no longer read it.
    place: TitledPlace | None
    is_muted: bool
    items: list[Item]


@dataclass(frozen=True)
class InboxPage:
    """A page of groups, the newest first. `older` is the id below which the next page begins."""

    groups: list[InboxFilter]
    newest: int | None
    older: int | None
    has_unread: bool


@dataclass(frozen=True)
class Unread:
    """The number of unread notifications, for the bell."""

    count: int

    @property
    def label(self) -> str:
        return str(self.count) if self.count <= MOST_COUNTED else f"{MOST_COUNTED}+"

    @property
    def name(self) -> str:
        """The label of the bell for screen readers."""
        if self.count > MOST_COUNTED:
            return f"Inbox, more than {MOST_COUNTED} unread"
        return f"Inbox, {self.count} unread" if self.count else "Inbox"


def filter_of(key: str) -> Filter | None:
    return next((each for each in FILTERS if each.key == key), None)


def unread_of(reader: User | AnonymousUser) -> Unread:
    """Count unread notifications, up to one more than the header shows: one indexed query.

    In SQL, because every page for a member needs it and the ORM takes as long again.
    """
    if not reader.is_authenticated:
        return Unread(0)
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD_SQL, [reader.pk])
        return Unread(cursor.fetchone()[0])


# In the order of the partial index: otherwise Postgres may read the whole table for a member
# with many unread.
_UNREAD_SQL = f"""
    SELECT count(*) FROM (
        SELECT 1 FROM discussions_notification
        WHERE recipient_id = %s AND read_at IS NULL
        ORDER BY recipient_id, id DESC LIMIT {MOST_COUNTED + 1}
    ) AS unread
"""  # noqa: S608 - a constant only


def page_of(member: User, shown: Filter, *, before: int | None = None) -> InboxPage:
    """Return a page of the member's inbox.

    Three queries: blocks, notifications, muted threads. Private threads among them take one
    more, and one for each app that owns threads; notifications about another app's pages take
    one for that app.
    """
    told = _shown_to(member).filter(shown.condition())
    rows, older = page_below(told, before, size=PAGE_SIZE)
    return InboxPage(
        groups=_grouped(member, rows),
        newest=rows[0].pk if rows else None,
        older=older,
        has_unread=any(row.read_at is None for row in rows),
    )


def item_of(member: User, pk: int) -> Item | None:
    """Return one of the member's notifications, as shown on the page."""
    groups = _grouped(member, list(_shown_to(member).filter(pk=pk)))
    return groups[0].items[0] if groups else None


def mark_read(*, member: User, ids: Collection[int]) -> None:
    Notification.objects.filter(recipient=member, pk__in=ids).mark_read()


def mark_all_read(*, member: User, shown: Filter, up_to: int) -> None:
    """Mark a part of the inbox as read, except what arrived after the newest one shown."""
    told = Notification.objects.filter(shown.condition(), recipient=member, pk__lte=up_to)
    told.mark_read()


# Showing -------------------------------------------------------------------------------------


def _shown_to(member: User) -> QuerySet[Notification]:
    # A later block hides earlier notifications; moderators' acts are never hidden.
    apart = Q(actor__in=blocks.kept_apart(member)) & ~Q(reasons__contains=[Reason.MODERATION])
    return (
        Notification.objects.filter(recipient=member)
        .exclude(apart)
        .select_related("actor", "comment", "thread__paper")
        .only(*_COLUMNS)
        .annotate(beginning=Left("comment__text", LENGTH_READ))
    )


def _grouped(member: User, rows: Sequence[Notification]) -> list[InboxFilter]:
    threads = {row.thread_id for row in rows if row.thread_id is not None}
    places = titled_places_for(member, [row.thread for row in rows if row.thread])
    muted = set(
        ThreadReading.objects.filter(
            member=member, thread__in=threads, attention=ThreadReading.Attention.MUTED
        ).values_list("thread_id", flat=True)
    )
    closed = owners.closed_events(member, [row.event for row in rows])
    # Notifications without a thread are not grouped.
    runs = groupby(rows, key=lambda row: (row.thread_id, row.thread_id is None and row.pk))
    return [
        _group(
            thread_id,
            list(run),
            places.get(thread_id or 0),
            is_muted=thread_id in muted,
            closed=closed,
        )
        for (thread_id, _), run in runs
    ]


def _group(
    thread_id: int | None,
    rows: Sequence[Notification],
    place: TitledPlace | None,
    *,
    is_muted: bool,
    closed: Collection[str],
) -> InboxFilter:
    is_closed = thread_id is not None and place is None
    items = [_item(row, is_closed=is_closed or row.event in closed) for row in rows]
    return InboxFilter(thread_id, place, is_muted, items)


def _item(row: Notification, *, is_closed: bool) -> Item:
    is_comment = row.event == f"comment:{row.comment_id}"
    did, also = _words(row.reasons) if is_comment else ("", ())
    lost = _lost(row.comment, is_closed=is_closed) if is_comment else ""
    # A moderator's act has a page that the member concerned may always read.
    is_shut = is_closed and Reason.MODERATION not in row.reasons
    url = row.url or (row.comment.get_absolute_url() if row.comment else "")
    text = getattr(row, "beginning", "") if is_comment and not lost else ""
    return Item(
        pk=row.pk,
        reason=row.reasons[0],
        actor=None if is_shut and not is_comment else row.actor,
        did=did,
        also=also,
        label=Reason(row.reasons[0]).label if row.reasons[0] in OF_GROUPS else "",
        said=to_plain(text, WORDS_SHOWN) if text else "",
        lost=lost or ("You no longer have access to this." if is_shut else ""),
        summary="" if is_shut else row.summary,
        url="" if is_shut or (is_closed and not row.url) else url,
        created_at=row.created_at,
        is_unread=row.read_at is None,
        is_closed=is_closed,
    )


def _words(reasons: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the wording of the first reason, and those of the others."""
    words = [words for reason in reasons if (words := notifications.words_of(reason))]
    if reasons[0] in {Reason.REPLY, Reason.MENTION}:
        return words[0], tuple(words[1:])
    return "commented", tuple(words)


def _lost(comment: Comment | None, *, is_closed: bool) -> str:
    """Return why the comment is not shown, "" if it is."""
    if is_closed:
        return "You no longer have access to this conversation."
    if comment is None or comment.taken_back_at:
        return "The comment has been deleted."
    if comment.hidden_at:
        return "The comment has been hidden by a moderator."
    if comment.held_at:
        return "The comment is waiting for a moderator’s approval."
    return ""
