"""Casting and removing votes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from papers import trending
from papers.models import PaperTally, Upvote

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User
    from papers.models import Paper

# Common practice: votes of brand-new accounts are shown but do not affect ranking, and those of
# young ones count less, so that many new accounts cannot affect lists.
NEW_FOR = timedelta(hours=24)
YOUNG_FOR = timedelta(days=7)
YOUNG_WEIGHT = 0.3


@dataclass(frozen=True)
class VoteState:
    """The state of a vote button for one member, on a paper or a comment."""

    is_upvoted: bool
    vote_count: int


def weight_of(*, member: User, paper: Paper, now: datetime) -> float:
    """Return the weight of the member's vote for the paper, from 0 (shown only) to 1.

    A claimed authorship makes it 0 too; `cast_vote` checks that in the database.
    """
    return 0.0 if paper.submitted_by_id == member.pk else weight_by_age(member=member, now=now)


def weight_by_age(*, member: User, now: datetime) -> float:
    """Return the weight of a vote by the age of the member's account, for any subject."""
    age = now - member.joined_at
    if age < NEW_FOR:
        return 0.0
    return YOUNG_WEIGHT if age < YOUNG_FOR else 1.0


def cast_vote(*, paper: Paper, member: User) -> VoteState:
    """Cast the member's vote, and update count and score.

    One statement, so one transaction and one round trip. Idempotent.
    """
    now = timezone.now()
    weight = weight_of(member=member, paper=paper, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            _CAST_SQL,
            {"paper": paper.pk, "member": member.pk, "weight": weight, "now": now},
        )
        row = cursor.fetchone()
    if row is None:
        # Cast before; a vote that a moderator has voided does not count again.
        is_counted = Upvote.objects.counted().filter(paper=paper, member=member).exists()
        return VoteState(is_upvoted=is_counted, vote_count=_count(paper))
    return VoteState(is_upvoted=True, vote_count=row[0])


def remove_vote(*, paper: Paper, member: User) -> VoteState:
    """Remove the member's vote. Without one, nothing changes."""
    with transaction.atomic():
        # Locked first: a vote that commits later adds itself to what we write, and one that
        # committed earlier is in the snapshot of the statements below.
        PaperTally.objects.select_for_update().get(paper=paper)
        gone, _ = Upvote.objects.counted().filter(paper=paper, member=member).delete()
        if not gone:
            return VoteState(is_upvoted=False, vote_count=_count(paper))
        vote_count = trending.recount(paper_ids=[paper.pk])[paper.pk]
    return VoteState(is_upvoted=False, vote_count=vote_count)


def void_votes(*, member: User, reason: str) -> int:
    """Remove all votes of a member from the counts, and return their number.

    The row of a void vote stays, so that it can be neither cast again nor lost.
    """
    votes = Upvote.objects.counted().filter(member=member)
    return _change_votes(votes, voided_at=timezone.now(), void_reason=reason)


def restore_votes(*, member: User) -> int:
    """Count the member's void votes again, and return their number."""
    votes = Upvote.objects.filter(member=member, voided_at__isnull=False)
    return _change_votes(votes, voided_at=None, void_reason="")


@transaction.atomic
def _change_votes(votes: QuerySet[Upvote], **values: Any) -> int:
    # Locked in one order, and before the votes: see remove_vote. A vote cast meanwhile for
    # another paper stays as it is.
    tallies = PaperTally.objects.filter(paper__in=votes.values("paper")).order_by("paper")
    paper_ids = list(tallies.select_for_update().values_list("paper", flat=True))
    changed = votes.filter(paper__in=paper_ids).update(**values)
    trending.recount(paper_ids=paper_ids)
    return changed


def _count(paper: Paper) -> int:
    return PaperTally.objects.values_list("vote_count", flat=True).get(paper=paper)


_NEW_SCORE = trending.score_with_vote(
    score="tally.hot_score", moment="vote.moment", weight="vote.weight"
)
_CAST_SQL = f"""
    WITH vote AS (
        INSERT INTO papers_upvote (paper_id, member_id, weight, cast_at, void_reason)
        SELECT %(paper)s, %(member)s,
               CASE WHEN EXISTS (
                   SELECT FROM papers_authorship
                   WHERE paper_id = %(paper)s AND claimed_by_id = %(member)s
               ) THEN 0 ELSE %(weight)s END,
               %(now)s, ''
        ON CONFLICT (member_id, paper_id) DO NOTHING
        RETURNING weight, moment
    )
    UPDATE papers_papertally AS tally
    SET vote_count = tally.vote_count + 1,
        hot_score = {_NEW_SCORE}
    FROM vote
    WHERE tally.paper_id = %(paper)s
    RETURNING tally.vote_count
"""  # noqa: S608 - constants only
