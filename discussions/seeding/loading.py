"""Loading of recorded comment trees under papers, to test long threads.

A file has one thread a line: {"thread", "tree": [{"id", "parent", "author", "created", "score",
"body"}]}, the oldest comment first. Authors become local members without name and password.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from discussions.comments.models import Comment
from discussions.markdown.comment_text import TextError, clean_text
from discussions.seeding import rows
from discussions.seeding.rows import Draft
from discussions.thread.models import Thread
from papers.models import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_NAMESPACE = UUID("6a1f0d1e-70cf-4d3b-9d0b-5d2a4b6f0c11")
# More votes than this do not affect the order.
_MOST_VOTES = 20
_GONE = frozenset({"", "[deleted]", "[removed]"})


class LoadError(Exception):
    """The threads cannot be loaded. The message is fit to show."""


@dataclass(frozen=True)
class Recorded:
    """One thread of the file."""

    name: str
    tree: list[dict[str, Any]]

    def key(self, comment_id: str, copy: int = 0) -> UUID:
        """Return a permanent key for a comment, so that it is loaded once."""
        return uuid5(
            _NAMESPACE, f"{self.name} {comment_id} {copy}" if copy else f"{self.name} {comment_id}"
        )

    @property
    def first_key(self) -> UUID:
        return self.key(self.tree[0]["id"])


def read(path: Path, *, only: str = "") -> list[Recorded]:
    """Read the threads of a file, or the one of that name."""
    is_packed = path.suffix == ".gz"
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if is_packed
            else path.open(encoding="utf-8") as lines
        ):
            found = [_recorded(json.loads(line)) for line in lines if line.strip()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LoadError(f"{path} is no file of threads: {error}") from error
    return [each for each in found if each.tree and only in {"", each.name}]


def _recorded(row: dict[str, Any]) -> Recorded:
    return Recorded(str(row["thread"]), sorted(row["tree"], key=lambda each: each["created"]))


def papers_for(threads: Sequence[Recorded], *, chosen: Paper | None) -> dict[str, Paper]:
    """Assign a paper to each thread: the one that has it already, or one without comments.

    Threads get none once no paper is left.
    """
    if chosen is not None:
        return {thread.name: chosen for thread in threads}
    first = {thread.first_key: thread.name for thread in threads}
    loaded = Comment.objects.filter(key__in=first, thread__paper__isnull=False)
    found = {
        first[comment.key]: comment.thread.paper
        for comment in loaded.select_related("thread__paper")
        if comment.thread.paper
    }
    free = Paper.objects.listed().exclude(thread__comments__isnull=False).newest()
    waiting = [thread.name for thread in threads if thread.name not in found]
    return found | dict(zip(waiting, free[: len(waiting)], strict=False))


@transaction.atomic
def load(recorded: Recorded, *, paper: Paper, size: int, now: datetime) -> int:
    """Load a recorded thread under the paper, repeating its tree up to `size` comments.

    Return how many were added; existing ones are not changed.
    """
    thread, _ = Thread.objects.get_or_create(paper=paper)
    there = set(thread.comments.values_list("key", flat=True))
    members = _members(recorded, now)
    drafts = [
        draft
        for draft in islice(_drafts(recorded, members, now), size or len(recorded.tree))
        if draft.key not in there
    ]
    rows.insert(thread, sorted(drafts, key=lambda draft: draft.created_at))
    return len(drafts)


def _members(recorded: Recorded, now: datetime) -> dict[str, User]:
    """Create local members for the authors of the thread."""
    names = {
        each["author"]: f"t{recorded.name}-{each['author']}"[:30]
        for each in recorded.tree
        if each["author"] and each["author"].isalnum()
    }
    known = User.objects.filter(username__in=names.values()).in_bulk(field_name="username")
    span = _moment(recorded.tree[-1]) - _moment(recorded.tree[0])
    missing = [
        User(
            username=username,
            email=f"{username}@example.org",
            password=make_password(None),
            joined_at=now - span - timedelta(days=30),
        )
        for username in names.values()
        if username not in known
    ]
    known |= {user.username: user for user in User.objects.bulk_create(missing)}
    return {author: known[username] for author, username in names.items()}


def _drafts(recorded: Recorded, members: dict[str, User], now: datetime) -> Iterator[Draft]:
    """Yield the tree's comments, then repeat it with other keys, each time further back."""
    first, last = _moment(recorded.tree[0]), _moment(recorded.tree[-1])
    voters = list(members.values())[: _MOST_VOTES + 1]
    texts = [_text(row) for row in recorded.tree]
    for copy in count():
        moved = now - last - copy * (last - first + timedelta(minutes=1))
        for row, text in zip(recorded.tree, texts, strict=True):
            author, at = members.get(row["author"]), _moment(row) + moved
            votes = min(max(row.get("score") or 0, 0), _MOST_VOTES)
            gone = {} if text else {"taken_back_at": at}
            yield Draft(
                key=recorded.key(row["id"], copy),
                author=author,
                text=text,
                created_at=at,
                parent=recorded.key(row["parent"], copy) if row["parent"] else None,
                voters=[who for who in voters if who != author][:votes] if text else [],
                columns={"notified_at": at} | gone,
            )


def _moment(row: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(row["created"], tz=UTC)


def _text(row: dict[str, Any]) -> str:
    """Return the comment's text, or "" if it is deleted or would be refused here."""
    if row["body"] in _GONE:
        return ""
    try:
        return clean_text(row["body"])
    except TextError:
        return ""
