"""Registry of the apps that own threads.

A paper's thread is open to everybody. Every other thread belongs to an app above this one,
which registers a `ThreadOwner` from `ready()`. A thread without an owner is closed to all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from discussions.comments.models import Comment
    from discussions.thread.models import Thread
    from papers.models import Paper


@dataclass(frozen=True)
class Place:
    """The page that shows a thread."""

    title: str
    url: str


@dataclass(frozen=True)
class Subject:
    """The part of a thread's topic that one comment is about, for one reader."""

    # As "section 4, Results", after "About".
    label: str
    # The reader has not read this part, and chose to fold such comments.
    is_ahead: bool = False


class RailSection(NamedTuple):
    """A section of a paper's rail: the template shows `found`."""

    found: Any
    template: str


class ThreadOwner:
    """An app's rules and data for its own threads, and no others.

    A subclass overrides what it needs; by default nobody may read or write.
    """

    # Who may write in the app's threads, and the message for everybody else.
    writers = "members"
    refusal = "You don’t have access to this thread."

    def readable_by(self, reader: User | AnonymousUser) -> Q:
        """Return a condition on Thread for those that the reader may read."""
        return Q(pk__in=[])

    def listed_for(self, reader: User | AnonymousUser) -> Q:
        """Return a condition on Thread for those whose comments the reader's lists may show.

        A thread that is readable only through its URL is not listed.
        """
        return self.readable_by(reader)

    def writable_by(self, member: User) -> Q:
        """Return a condition on Thread for those where the member may comment, vote and react."""
        return Q(pk__in=[])

    def readers_among(self, thread: Thread, member_ids: Collection[int]) -> set[int]:
        """Return which of these members may read the thread."""
        return set()

    def places(self, thread_ids: Collection[int]) -> Mapping[int, Place]:
        """Return the pages of the app's threads among these, for any reader."""
        return {}

    def badges(self, thread: Thread) -> Mapping[int, str]:
        """Return badges for some members' names, as "organiser", by member id."""
        return {}

    def subject_choices(self, thread: Thread) -> Sequence[tuple[int, str]]:
        """Return the subjects for a new comment in the thread: ids and names."""
        return []

    def save_subject(self, *, comment: Comment, subject_id: int) -> None:
        """Save the subject of a new comment, in the transaction that posts it."""

    def subjects(
        self, comment_ids: Collection[int], reader: User | AnonymousUser
    ) -> Mapping[int, Subject]:
        """Return the subjects of those of these comments that have one."""
        return {}

    def closed_events(self, member: User, events: Collection[str]) -> Iterable[str]:
        """Return which of these notification events the member may no longer read."""
        return []

    def rail_section(self, paper: Paper, reader: User | AnonymousUser) -> RailSection | None:
        """Return the app's section in a paper's rail.

        The result for a visitor is shown to every visitor.
        """
        return None


_owners: list[ThreadOwner] = []


def register(owner: ThreadOwner) -> None:
    """Register the owner of an app's threads."""
    _owners.append(owner)


def readable_by(reader: User | AnonymousUser) -> Q:
    """Return the condition on Thread for those that the reader may read."""
    condition = Q(paper__isnull=False)
    for owner in _owners:
        condition |= owner.readable_by(reader)
    return condition


def listed_for(reader: User | AnonymousUser) -> Q:
    """Return the condition on Thread for those whose comments the reader's lists may show."""
    condition = Q(paper__isnull=False)
    for owner in _owners:
        condition |= owner.listed_for(reader)
    return condition


def writable_by(member: User) -> Q:
    """Return the condition on Thread for those in which the member may comment, vote and react.

    This does not consider whether a moderator has locked the thread.
    """
    condition = Q(paper__isnull=False)
    for owner in _owners:
        condition |= owner.writable_by(member)
    return condition


def owner_of(thread: Thread) -> ThreadOwner:
    """Return the app that owns a thread other than a paper's: one query for each app."""
    return next((each for each in _owners if each.places([thread.pk])), ThreadOwner())


def readers_among(thread: Thread, member_ids: Collection[int]) -> set[int]:
    """Return which of these members may read the thread."""
    if thread.paper_id is not None:
        return set(member_ids)
    return {member for owner in _owners for member in owner.readers_among(thread, member_ids)}


def places(thread_ids: Collection[int]) -> dict[int, Place]:
    """Return the pages of the threads that apps own, by thread id. Papers' threads are left out."""
    found: dict[int, Place] = {}
    for owner in _owners:
        found |= owner.places(thread_ids)
    return found


def badges(thread: Thread) -> dict[int, str]:
    """Return the badges for members' names in the thread: no query for a paper's."""
    found: dict[int, str] = {}
    if thread.paper_id is not None:
        return found
    for owner in _owners:
        found |= owner.badges(thread)
    return found


def subject_choices(thread: Thread) -> list[tuple[int, str]]:
    """Return the subjects for a new comment: none for a paper's thread."""
    if thread.paper_id is not None:
        return []
    return [choice for owner in _owners for choice in owner.subject_choices(thread)]


def save_subject(*, comment: Comment, subject_id: int) -> None:
    for owner in _owners:
        owner.save_subject(comment=comment, subject_id=subject_id)


def subjects(
    thread: Thread, comment_ids: Collection[int], reader: User | AnonymousUser
) -> dict[int, Subject]:
    """Return the subjects of a thread's comments by comment id: no query for a paper's."""
    found: dict[int, Subject] = {}
    if thread.paper_id is None and comment_ids:
        for owner in _owners:
            found |= owner.subjects(comment_ids, reader)
    return found


def closed_events(member: User, events: Collection[str]) -> set[str]:
    """Return the events that the member may not read; used whenever notifications are shown."""
    return {event for owner in _owners for event in owner.closed_events(member, events)}


def rail_sections(paper: Paper, reader: User | AnonymousUser) -> list[RailSection]:
    """Return other apps' sections in a paper's rail."""
    found = (owner.rail_section(paper, reader) for owner in _owners)
    return [section for section in found if section]
