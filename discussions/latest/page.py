"""Lists of comments outside their threads: the latest, and those of one member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models.functions import Left

from common.paging import page_below
from discussions.blocks import blocks
from discussions.comments.models import Comment
from discussions.markdown.parsing import to_plain
from discussions.places import titled_places

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from accounts.models import User
    from discussions.places import TitledPlace

PAGE_SIZE = 50
# Length of a comment's beginning in short lists, and of the text read to find it.
BEGINNING_LENGTH = 200
_LENGTH_READ = 1_500

# The columns that a card shows, without the Markdown text.
_COLUMNS = (
    "html",
    "depth",
    "created_at",
    "edited_at",
    "vote_count",
    "author__username",
    "author__full_name",
    "author__is_active",
    "thread__paper__source",
    "thread__paper__external_id",
    "thread__paper__title_html",
)

_FEED_COLUMNS = (
    "html",
    "rendered_with",
    "revision_count",
    "created_at",
    "edited_at",
    "author__username",
    "author__full_name",
    "author__is_active",
    "thread__paper__title_text",
)


@dataclass(frozen=True)
class LatestComments:
    """A comment, and the page of its thread."""

    comment: Comment
    place: TitledPlace
    # The first part of the text, from which `beginning` is made.
    start: str

    @property
    def beginning(self) -> str:
        """The beginning of the comment, in one line without markup."""
        return to_plain(self.start, BEGINNING_LENGTH)


@dataclass(frozen=True)
class LatestPage:
    """A page of comments, the newest first. `older` is the id below which the next page begins."""

    found: list[LatestComments]
    older: int | None


def latest_comments(reader: User | AnonymousUser, *, before: int | None = None) -> LatestPage:
    """Return the latest comments that everybody may read.

    One query, and one more for a member's blocks.
    """
    comments = Comment.objects.public().exclude(author__in=blocks.kept_apart(reader))
    return _page(comments, before, PAGE_SIZE)


def comments_by(
    member: User,
    *,
    reader: User | AnonymousUser,
    before: int | None = None,
    limit: int | None = None,
) -> LatestPage:
    """Return the member's latest comments in threads that lists may show the reader.

    One query, one more if the reader is a member, and one for each app that owns a thread among
    them.
    """
    if member.pk in blocks.kept_apart(reader):
        return LatestPage([], None)
    comments = Comment.objects.shown().listed_for(reader).filter(author=member)
    return _page(comments, before, limit or PAGE_SIZE)


def _page(comments: QuerySet[Comment], before: int | None, limit: int) -> LatestPage:
    comments = comments.select_related("author", "thread__paper").only(*_COLUMNS)
    comments = comments.annotate(start=Left("text", _LENGTH_READ))
    shown, older = page_below(comments, before, size=limit)
    places = titled_places(each.thread for each in shown)
    # Leave out comments whose thread its app no longer knows.
    found = [
        LatestComments(each, places[each.thread_id], getattr(each, "start", ""))
        for each in shown
        if each.thread_id in places
    ]
    return LatestPage(found, older)


def latest_public(*, limit: int, thread_id: int | None = None) -> QuerySet[Comment]:
    """Return the comments of a feed, for one public thread or for all: one query."""
    comments = Comment.objects.public().select_related("author", "thread__paper")
    if thread_id is not None:
        comments = comments.filter(thread=thread_id)
    return comments.only(*_FEED_COLUMNS).order_by("-pk")[:limit]
