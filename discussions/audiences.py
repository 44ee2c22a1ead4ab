"""Who may read a thread, who may write in it, and where it stands.

A paper's thread is everybody's. Every other thread belongs to an app above this one, which
registers here who its readers and writers are; a thread that nobody answers for is closed to all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from discussions.thread.models import Thread


@dataclass(frozen=True)
class Place:
    """The page that shows a thread."""

    title: str
    url: str


class Audience(Protocol):
    """What an app answers for the threads that it owns, and for no others."""

    def readable_by(self, reader: User | AnonymousUser) -> Q:
        """Return a condition on Thread: those of the app's that the reader may read."""

    def listed_for(self, reader: User | AnonymousUser) -> Q:
        """Return a condition on Thread: those of them that lists of comments show the reader.

        Of what one may read with its address, not everything is there to be come across.
        """

    def writable_by(self, member: User) -> Q:
        """Return a condition on Thread: those of the app's in which the member may write."""

    def readers_among(self, thread: Thread, member_ids: Collection[int]) -> set[int]:
        """Return which of these members may read the thread."""

    def places(self, thread_ids: Collection[int]) -> Mapping[int, Place]:
        """Return the pages of the app's threads among these, whoever asks."""

    def badges(self, thread: Thread) -> Mapping[int, str]:
        """Return a word beside the names of some members, as "organiser", by their ids."""


_audiences: list[Audience] = []


def register(audience: Audience) -> None:
    """Let an app answer for its threads."""
    if audience not in _audiences:
        _audiences.append(audience)


def unregister(audience: Audience) -> None:
    _audiences.remove(audience)


def readable_by(reader: User | AnonymousUser) -> Q:
    """Return the condition on Thread that holds for those the reader may read."""
    condition = Q(paper__isnull=False)
    for audience in _audiences:
        condition |= audience.readable_by(reader)
    return condition


def listed_for(reader: User | AnonymousUser) -> Q:
    """Return the condition on Thread that holds for those whose comments lists show the reader."""
    condition = Q(paper__isnull=False)
    for audience in _audiences:
        condition |= audience.listed_for(reader)
    return condition


def writable_by(member: User) -> Q:
    """Return the condition on Thread that holds for those in which the member may write.

    To write is to comment, to vote and to react. Whether a moderator closed the thread is
    another question.
    """
    condition = Q(paper__isnull=False)
    for audience in _audiences:
        condition |= audience.writable_by(member)
    return condition


def readers_among(thread: Thread, member_ids: Collection[int]) -> set[int]:
    """Return which of these members may read the thread."""
    if thread.paper_id is not None:
        return set(member_ids)
    return {
        member for audience in _audiences for member in audience.readers_among(thread, member_ids)
    }


def places(thread_ids: Collection[int]) -> dict[int, Place]:
    """Return the pages of those threads that are no paper's: one query for each audience."""
    return {
        thread: place
        for audience in _audiences
        for thread, place in audience.places(thread_ids).items()
    }


def badges(thread: Thread) -> dict[int, str]:
    """Return what members are in the app that owns the thread, by their ids."""
    return {member: badge for each in _audiences for member, badge in each.badges(thread).items()}
