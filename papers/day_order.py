"""The order of a day's list: votes here, and external votes by a weight that fades.

A new site has no votes of its own, but the daily feed counts the votes of its service. A paper's
score in the lists of its day, week and month is

    own votes + w * external votes,  w = 1 / (1 + own votes of the day / 10)

so that external votes order a day on which nobody here has voted, count half after ten votes here,
and hardly count on a busy day. Trending and ranks count own votes only.

The score is a generated column of the tally, so it follows every change of a count by itself.
Only the weight has to be brought up to date, for a whole day at once: until then all papers of
the day are compared by the same, slightly older weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from papers.models import PaperTally

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from papers.models import Paper

# After this many own votes of a day, an external vote counts half.
HALVING_VOTES = 10
# The days of this week's and month's lists, and of those before them.
RECENT_DAYS = 65


def weight_of_day(own_votes: int) -> float:
    """Return the weight of an external vote on a day with this many own votes."""
    return 1 / (1 + own_votes / HALVING_VOTES)


def refresh_recent_weights() -> int:
    """Bring the weights of recent days up to date, at the cost of these days alone."""
    # Papers may be announced for tomorrow.
    last = timezone.now().date() + timedelta(days=1)
    return refresh_weights(days=[last - timedelta(days=number) for number in range(RECENT_DAYS)])


@transaction.atomic
def refresh_weights(*, days: Iterable[date] | None = None) -> int:
    """Bring the weights of some days, or of all, up to date. Return how many papers changed.

    All days cost a reading of every tally, some days only theirs.
    It compares, so it may be called late, twice or at once by two workers. Only papers with
    external votes are written, and only those of days whose weight has changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_SQL, {"days": None if days is None else list(days)})
        return int(cursor.rowcount)


# The rows are locked in the order in which everybody locks several tallies.
_REFRESH_SQL = f"""
    WITH days AS (
        SELECT announced_on, 1 / (1 + sum(vote_count)::float8 / {HALVING_VOTES}) AS weight
        FROM papers_papertally
        WHERE announced_on IS NOT NULL
            AND (%(days)s::date[] IS NULL OR announced_on = ANY (%(days)s::date[]))
        GROUP BY announced_on
    ),
    stale AS (
        SELECT tally.paper_id, days.weight
        FROM papers_papertally AS tally JOIN days USING (announced_on)
        WHERE tally.external_vote_count > 0 AND tally.day_weight <> days.weight
        ORDER BY tally.paper_id
        FOR NO KEY UPDATE OF tally
    )
    UPDATE papers_papertally AS tally SET day_weight = stale.weight
    FROM stale WHERE tally.paper_id = stale.paper_id
"""  # noqa: S608 - constants only


@dataclass(frozen=True)
class DayNumbers:
    """What orders a paper in the list of its day."""

    votes: int
    external_votes: int
    # The own votes for all papers of the day, and the weight of an external vote that follows.
    day_votes: int
    weight: float

    @property
    def score(self) -> float:
        return self.votes + self.weight * self.external_votes


def numbers_of(paper: Paper) -> DayNumbers | None:
    """Return a paper's numbers in the list of its day, if it is on one: one query."""
    tally = paper.tally
    if not tally.announced_on or paper.is_withdrawn:
        return None
    day = PaperTally.objects.filter(announced_on=tally.announced_on)
    day_votes = day.aggregate(votes=Sum("vote_count"))["votes"]
    return DayNumbers(
        tally.vote_count,
        tally.external_vote_count or 0,
        day_votes,
        weight_of_day(day_votes),
    )
