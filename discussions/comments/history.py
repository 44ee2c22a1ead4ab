"""The versions of a comment, from the first to the present one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from discussions.comments.differences import DifferencePiece, differences

if TYPE_CHECKING:
    from datetime import datetime

    from discussions.comments.models import Comment

# Each costs a comparison; a comment is rarely edited more than twice.
PAGE_SIZE = 10


@dataclass(frozen=True)
class Version:
    """One version of a comment, compared with the one before it."""

    # From 1, as first posted.
    number: int
    written_at: datetime
    pieces: list[DifferencePiece]
    is_current: bool


@dataclass(frozen=True)
class CommentHistory:
    """A page of versions, the newest first. `older` is the number where the next page begins."""

    versions: list[Version]
    older: int | None


def history_of(comment: Comment, *, up_to: int | None = None) -> CommentHistory:
    """Return the newest versions of a comment, or those up to a number. One query."""
    newest = comment.revision_count + 1
    last = min(newest, up_to) if up_to else newest
    first = max(1, last - PAGE_SIZE + 1)
    # One more than is shown: the oldest is compared with its predecessor.
    rows = comment.revisions.filter(number__gte=first - 1, number__lte=last).order_by("number")
    wordings = {row.number: (row.text, row.written_at) for row in rows}
    if last == newest:
        wordings[newest] = comment.text, comment.edited_at or comment.created_at
    versions = [
        Version(number, wordings[number][1], _pieces(wordings, number), number == newest)
        for number in range(last, first - 1, -1)
        if number in wordings
    ]
    return CommentHistory(versions, first - 1 if first > 1 else None)


def _pieces(wordings: dict[int, tuple[str, datetime]], number: int) -> list[DifferencePiece]:
    text, _ = wordings[number]
    if number - 1 not in wordings:
        return [DifferencePiece("kept", text)]
    return differences(wordings[number - 1][0], text)
