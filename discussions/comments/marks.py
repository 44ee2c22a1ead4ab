"""The vote and the reactions under a comment, as `_comment_marks.jinja` shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from common.jinja import render_macro
from discussions.comments.models import Reaction

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.utils.safestring import SafeString

# Written out: reversing URLs takes longer than the rest of a comment.
COMMENTS_URL = "/comments/"

_KINDS = [(kind.value, kind.label) for kind in Reaction.Kind]


class ReactionMark(NamedTuple):
    """One kind of reaction to a comment."""

    value: str
    label: str
    total: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CommentMarks:
    """The marks on one comment, and the viewer's own."""

    pk: int
    vote_count: int = 0
    is_upvoted: bool = False
    reaction_counts: Mapping[str, int] = field(default_factory=dict)
    chosen: Collection[str] = ()
    # Authors cannot mark their own comments: they only see the counts.
    is_own: bool = False

    @property
    def url(self) -> str:
        return f"{COMMENTS_URL}{self.pk}"

    @property
    def reactions(self) -> list[ReactionMark]:
        """The kinds that somebody has chosen."""
        counts, chosen = self.reaction_counts, self.chosen
        return [
            ReactionMark(value, label, counts[value], value in chosen)
            for value, label in _KINDS
            if counts.get(value)
        ]

    @property
    def choices(self) -> list[ReactionMark]:
        """All kinds, for members who may react."""
        return [ReactionMark(value, label, 0, value in self.chosen) for value, label in _KINDS]


def render_vote(marks: CommentMarks) -> SafeString:
    """Show a member's vote for a comment, as htmx swaps it."""
    return render_macro("discussions/_comment_marks.jinja", "vote", marks)


def render_reactions(marks: CommentMarks) -> SafeString:
    """Show a member the reactions to a comment, as htmx swaps them."""
    return render_macro("discussions/_comment_marks.jinja", "reactions", marks)


def render_choices(pk: int, marks: CommentMarks | None) -> SafeString:
    """Show the reactions to choose from, as htmx swaps them; none without `marks`."""
    choices = marks.choices if marks else []
    return render_macro("discussions/_comment_marks.jinja", "choices", CommentMarks(pk), choices)
