"""Who voted for a paper, of those who show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from papers.models import Upvote

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from accounts.models import User
    from papers.models import Paper

# Beside the vote on the paper's page.
FACES = 8
PAGE_SIZE = 100


def voters_of(
    paper: Paper, *, without: Collection[int] = (), start: int = 0, limit: int = FACES
) -> list[User]:
    """Return members who voted for the paper, the latest first: one query.

    `without` are the ids of those whom the reader does not see.
    """
    votes = _shown(paper, without).select_related("member")
    votes = votes.only("member__username", "member__full_name")
    # In the order of the index, so that the first eight of a thousand are quickly found.
    votes = votes.order_by(F("cast_at").desc(), F("id").desc())
    return [vote.member for vote in votes[start : start + limit]]


def count_of(paper: Paper, *, without: Collection[int] = ()) -> int:
    """Count the votes that `voters_of` names."""
    return _shown(paper, without).count()


def _shown(paper: Paper, without: Collection[int]) -> QuerySet[Upvote]:
    votes = Upvote.objects.counted().filter(
        paper=paper,
        member__shows_votes=True,
        member__is_active=True,
        member__closed_at__isnull=True,
    )
    return votes.exclude(member__in=without) if without else votes
