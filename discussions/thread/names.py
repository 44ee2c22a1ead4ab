"""Names to choose from after an @ is typed: those who speak in the thread, then others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.names.usernames import MAX_LENGTH, username_key
from discussions import owners
from discussions.blocks import blocks
from discussions.comments.models import Comment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from discussions.thread.models import Thread

MAX_NAMES = 8
# In a long thread, those who spoke lately are who is answered.
LATEST_COMMENTS = 300
# More than are shown, because a closed thread's readers are sorted out afterwards.
MAX_CANDIDATES = 50


@dataclass(frozen=True)
class Name:
    username: str
    display_name: str
    # Whether they speak in the thread.
    is_here: bool

    @classmethod
    def of(cls, member: User, *, is_here: bool) -> Name:
        return cls(member.username, member.display_name, is_here)


def names_beginning(typed: str, *, thread: Thread | None, reader: User) -> list[Name]:
    """Return members whom the reader may mean, at most eight. Two queries, or three.

    A name in the thread is found by any part of it, one outside by how it begins. Where
    nobody has spoken there is no thread yet, and everybody could read it.
    """
    typed = typed.strip()[:MAX_LENGTH]
    apart = blocks.kept_apart(reader)
    here = [
        Name.of(member, is_here=True)
        for member in _readers(thread, _speakers(thread))
        if member.pk != reader.pk and member.pk not in apart and _is_meant(member, typed)
    ][:MAX_NAMES]
    if not typed or len(here) == MAX_NAMES:
        return here
    known = {name.username for name in here}
    others = _readers(thread, _beginning(typed, without={reader.pk, *apart}))
    away = (Name.of(member, is_here=False) for member in others if member.username not in known)
    return [*here, *islice(away, MAX_NAMES - len(here))]


def _members() -> QuerySet[User]:
    """Members who may be named: those who could read it."""
    is_free = Q(suspended_until__isnull=True) | Q(suspended_until__lte=timezone.now())
    members: QuerySet[User] = User.objects.present().filter(is_free)
    return members.only("username", "full_name")


def _speakers(thread: Thread | None) -> list[User]:
    """Return who spoke in the thread lately, by name. One query."""
    if thread is None:
        return []
    latest = Comment.objects.shown().filter(thread=thread).order_by("-id")[:LATEST_COMMENTS]
    return list(_members().filter(pk__in=latest.values("author")).order_by("username_key"))


def _is_meant(member: User, typed: str) -> bool:
    words = [member.username, *member.full_name.split(), member.full_name]
    return any(word.casefold().startswith(typed.casefold()) for word in words)


def _beginning(typed: str, *, without: Iterable[int]) -> Iterable[User]:
    """Return members whose names read as if they began so. One query, by the index."""
    condition = Q()
    for key in _keys(typed):
        # The key is a to z and digits, so that this range is the names that begin with it
        # in every collation; LIKE would want an index of its own.
        condition |= Q(username_key__gte=key, username_key__lte=key.ljust(MAX_LENGTH + 1, "z"))
    if not condition:
        return []
    members = _members().filter(condition).exclude(pk__in=without)
    return members.order_by("username_key")[:MAX_CANDIDATES]


def _keys(typed: str) -> list[str]:
    """Return what the key of a name begins with when the name begins so."""
    key = username_key(typed)
    if not key.isascii() or not key.isalnum():
        return []
    # "rn" is kept as "m": whoever has typed the r alone may mean either.
    halves = {"r": "m", "v": "w"}
    half = halves.get(key[-1])
    return [key, key[:-1] + half] if half else [key]


def _readers(thread: Thread | None, members: Iterable[User]) -> Sequence[User]:
    rows = list(members)
    if thread is None:
        return rows
    readers = owners.readers_among(thread, [member.pk for member in rows])
    return [member for member in rows if member.pk in readers]
