"""What a comment is about, in a thread that is no paper's: a section of what a meeting reads.

The app that owns the thread knows the parts of what is talked about, and which of them a
reader would rather not hear of yet. A comment under a paper points at a passage instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from discussions.comments.models import Comment
    from discussions.thread.models import Thread


@dataclass(frozen=True)
class Subject:
    """What a comment is about, for one reader."""

    # As "section 4, Results", behind "About".
    label: str
    # The reader has not come so far, and asked to have it folded.
    is_ahead: bool = False


class Subjects(Protocol):
    """What an app answers for the threads that it owns, and for no others."""

    def choices(self, thread: Thread) -> Sequence[tuple[int, str]]:
        """Return what a new comment in the thread may be about, by id, with a name."""

    def note(self, *, comment: Comment, subject_id: int) -> None:
        """Keep what a new comment is about, within the transaction that posts it."""

    def among(
        self, comment_ids: Collection[int], reader: User | AnonymousUser
    ) -> Mapping[int, Subject]:
        """Return what these comments are about, those that are about anything."""


_registered: list[Subjects] = []


def register(subjects: Subjects) -> None:
    """Let an app say what comments in its threads are about."""
    if subjects not in _registered:
        _registered.append(subjects)


def unregister(subjects: Subjects) -> None:
    _registered.remove(subjects)


def choices(thread: Thread) -> list[tuple[int, str]]:
    """Return what a new comment may be about: nothing under a paper."""
    if thread.paper_id is not None:
        return []
    return [choice for each in _registered for choice in each.choices(thread)]


def note(*, comment: Comment, subject_id: int) -> None:
    """Keep what a new comment is about."""
    for each in _registered:
        each.note(comment=comment, subject_id=subject_id)


def among(
    thread: Thread, comment_ids: Collection[int], reader: User | AnonymousUser
) -> dict[int, Subject]:
    """Return what comments of a thread are about, by their ids: no query under a paper."""
    if thread.paper_id is not None or not comment_ids:
        return {}
    return {
        pk: found for each in _registered for pk, found in each.among(comment_ids, reader).items()
    }
