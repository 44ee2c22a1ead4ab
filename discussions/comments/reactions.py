"""Queries for reactions to a comment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discussions.blocks import blocks
from discussions.comments.models import Reaction

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from discussions.comments.models import Comment

# Further names of the same kind are only counted.
NAMES_SHOWN = 100


@dataclass
class Reacted:
    """The members with one kind of reaction."""

    label: str
    count: int
    people: list[User] = field(default_factory=list)

    @property
    def rest(self) -> int:
        return self.count - len(self.people)


def who_reacted(comment: Comment, *, reader: User | AnonymousUser) -> list[Reacted]:
    """Return who reacted to a comment, by kind, the earliest first.

    Two queries for a member, one for a visitor. Leaves out members separated from the reader by
    a block; a closed account has no name to show.
    """
    rows = (
        comment.reactions.filter(voided_at__isnull=True)
        .exclude(member__in=blocks.kept_apart(reader))
        .select_related("member")
        .order_by("made_at", "pk")
    )
    kinds: dict[str, Reacted] = {}
    for row in rows:
        kind = kinds.setdefault(row.kind, Reacted(row.get_kind_display(), 0))
        kind.count += 1
        if len(kind.people) < NAMES_SHOWN and row.member.closed_at is None:
            kind.people.append(row.member)
    return [kinds[kind] for kind in Reaction.Kind.values if kind in kinds]


def chosen_by(reader: User | AnonymousUser, comment: Comment) -> frozenset[str]:
    """Return the reader's reactions to a comment. One query, and none for a visitor."""
    if not reader.is_authenticated:
        return frozenset()
    mine = comment.reactions.filter(member=reader, voided_at__isnull=True)
    return frozenset(mine.values_list("kind", flat=True))
