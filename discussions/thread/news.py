"""What was said in a thread since a page of it was opened.

Every open page asks every few seconds, so the answer is nearly always that there is nothing,
and has to cost nearly nothing: the latest comments of a public thread are read once in two
seconds for all its readers together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.core.cache import caches

from discussions import access
from discussions.blocks import blocks
from discussions.comments.models import Comment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from discussions.thread.models import Thread

# What is told as a number; beyond it one more reads "99+".
MAX_COUNTED = 99
SHARED_SECONDS = 2


class NewComment(NamedTuple):
    comment_id: int
    author_id: int | None


@dataclass(frozen=True)
class News:
    """Comments that are new to a page, the oldest first."""

    comment_ids: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.comment_ids)

    @property
    def are_too_many(self) -> bool:
        """Whether some may be missing here: then the page is to be opened anew."""
        return len(self) > MAX_COUNTED

    @property
    def label(self) -> str:
        """Return their number as it is told."""
        return f"{MAX_COUNTED}+" if self.are_too_many else str(len(self))


def news_of(thread_id: int, *, after: int, reader: User | AnonymousUser) -> News:
    """Return what others said after a comment, or raise 404 for a thread not to be known of.

    No query for most, one in two seconds for all of them; for a member to whom something
    is new one more.
    """
    said = [each for each in _latest(thread_id, reader) if each.comment_id > after]
    if said and reader.is_authenticated:
        apart = {reader.pk, *blocks.kept_apart(reader)}
        said = [each for each in said if each.author_id not in apart]
    return News(tuple(each.comment_id for each in reversed(said)))


def _latest(thread_id: int, reader: User | AnonymousUser) -> list[NewComment]:
    """Return the latest comments of a thread that the reader may read."""
    fragments, key = caches["fragments"], f"discussions:latest:{thread_id}"
    kept: list[NewComment] | None = fragments.get(key)
    if kept is not None:
        return kept
    thread = access.get_thread(reader, thread_id)
    said = _read(thread)
    if thread.paper_id is not None:
        # Only what everybody may read is shared.
        fragments.set(key, said, SHARED_SECONDS)
    return said


def _read(thread: Thread) -> list[NewComment]:
    comments = Comment.objects.shown().filter(thread=thread).order_by("-id")
    rows = comments.values_list("id", "author_id")[: MAX_COUNTED + 1]
    return [NewComment(comment_id, author_id) for comment_id, author_id in rows]
