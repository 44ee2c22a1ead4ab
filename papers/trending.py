"""Trending by forward decay: the order stays right without updates over time.

A vote of weight w cast at moment t (in half-lives since a fixed epoch) adds 2**t * w to its
paper, and the paper keeps the base-2 logarithm of that sum. Every sum decays at the same rate,
so the order at one moment is the order at all times, and a stored, indexed column stays right
for ever. Cormode, Shkapenyuk, Srivastava and Xu, "Forward decay: a practical time decay model
for streaming systems" (ICDE 2009).
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from papers.models.votes import EPOCH, HALF_LIFE_HOURS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

logger = logging.getLogger(__name__)

# Stored and recomputed scores differ by rounding; one vote makes a larger difference than this
# even on a paper with a million votes.
TOLERANCE = 1e-7

# An arbitrary key for this job's advisory lock.
_RECOMPUTE_LOCK = 0x0C7A_0001


def moment(at: datetime) -> float:
    """Return the half-lives between the epoch and `at`."""
    return (at - EPOCH).total_seconds() / (HALF_LIFE_HOURS * 3600)


def _log2(most: str, rest: str) -> str:
    """Return the SQL of the logarithm of 2**most * rest; every sum is stored as one."""
    return f"({most} + ln({rest}) / ln(2::float8))"


def score_with_vote(*, score: str, moment: str, weight: str) -> str:
    """Return the SQL of a score after one more vote.

    The score before the first vote is null, as is the addend of a vote of weight 0: `greatest`
    ignores nulls.
    """
    added = _log2(moment, f"nullif({weight}, 0)")
    # Below 2**-1000 the smaller part is negligible, and the power would underflow.
    lesser = f"power(2, -least(abs({score} - {added}), 1000))"
    return _log2(f"greatest({score}, {added})", f"1 + coalesce({lesser}, 0)")


# 2**t overflows after 1,023 half-lives, so votes are summed by era, each relative to its era's
# start. Votes from two eras back are below rounding.
ERA = 512


def _scores_sql(*, eras: int, only: str = "") -> str:
    """Return the SQL of a table `scores` of papers, their votes and their scores.

    `eras` is their number since the epoch: the first also includes all votes before it, and the
    last all after.
    """
    sums = ", ".join(_sum_of_era(era, eras) for era in range(eras))
    cases = " ".join(_score_of_era(era) for era in reversed(range(eras)))
    return f"""
        sums AS (
            SELECT paper_id, count(*)::int AS votes, {sums}
            FROM papers_upvote WHERE voided_at IS NULL {only} GROUP BY paper_id
        ),
        scores AS (SELECT paper_id, votes, CASE {cases} END AS score FROM sums)
    """  # noqa: S608 - numbers and constants only


def _sum_of_era(era: int, eras: int) -> str:
    ends = [
        f"moment >= {era * ERA}" if era > 0 else "",
        f"moment < {(era + 1) * ERA}" if era < eras - 1 else "",
    ]
    within = " AND ".join(filter(None, ends))
    power = f"power(2, greatest(-1000, least(1000, moment - {era * ERA})))"
    return f"sum(weight * {power}) {f'FILTER (WHERE {within})' if within else ''} AS era_{era}"


def _score_of_era(era: int) -> str:
    before = f" + coalesce(era_{era - 1}, 0) * power(2::float8, {-ERA})" if era else ""
    return f"WHEN era_{era} > 0 THEN {_log2(str(era * ERA), f'era_{era}{before}')}"


def _eras_until(now: datetime) -> int:
    return max(1, math.floor(moment(now) / ERA) + 1)


@dataclass(frozen=True)
class Recount:
    """The result of a recompute. `drifted` papers were corrected."""

    papers: int
    drifted: int
    seconds: float


def recompute_scores() -> Recount | None:
    """Recompute every paper's votes and score from its votes, in one statement.

    Only rows that drifted are written, so that readers and voters wait for no lock if none did.
    Return None when another worker is doing it.
    """
    started = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_RECOMPUTE_LOCK])
        if not cursor.fetchone()[0]:
            return None
        # The sums of 100,000 papers take 75 MB; what does not fit is spilled to disk, which
        # takes half as long again.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        # All rows are joined. After a large import the statistics are old, and the planner would
        # loop over 100,000 papers for each of 100,000 scores.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_recompute_sql(eras=_eras_until(started)))
        papers, drifted = cursor.fetchone()
    recount = Recount(papers, drifted, (timezone.now() - started).total_seconds())
    # Drift indicates a bug: votes and tallies change in one transaction.
    logger.log(
        logging.WARNING if drifted else logging.INFO,
        "Recomputed the scores of %d papers in %.2f s; %d had drifted",
        recount.papers,
        recount.seconds,
        recount.drifted,
    )
    return recount


def _recompute_sql(*, eras: int) -> str:
    # A vote or an import that commits while this runs is not in its snapshot. `seen` is the tally
    # as in the snapshot: if the row has changed since, the comparison fails and the row stays as
    # the other one left it.
    return f"""
        WITH {_scores_sql(eras=eras)},
        moved AS (
            UPDATE papers_papertally AS tally
            SET vote_count = coalesce(scores.votes, 0), hot_score = scores.score,
                announced_on = paper.announced_on
            FROM papers_papertally AS seen
                 JOIN papers_paper AS paper ON paper.id = seen.paper_id
                 LEFT JOIN scores USING (paper_id)
            WHERE tally.paper_id = seen.paper_id
              AND tally.vote_count = seen.vote_count
              AND tally.hot_score IS NOT DISTINCT FROM seen.hot_score
              AND tally.announced_on IS NOT DISTINCT FROM seen.announced_on
              AND (
                  seen.vote_count <> coalesce(scores.votes, 0)
                  OR (seen.hot_score IS NULL) <> (scores.score IS NULL)
                  OR abs(seen.hot_score - scores.score) > {TOLERANCE}
                  OR seen.announced_on IS DISTINCT FROM paper.announced_on
              )
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM scores), (SELECT count(*) FROM moved)
    """  # noqa: S608 - numbers and constants only


def recount(*, paper_ids: Collection[int]) -> dict[int, int]:
    """Recompute some papers from their votes, and return how many votes each has.

    The caller has locked their tallies, and the statement's own snapshot includes every earlier
    vote.
    """
    scores = _scores_sql(
        eras=_eras_until(timezone.now()), only="AND paper_id = ANY(%(papers)s::bigint[])"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH {scores}
            UPDATE papers_papertally AS tally
            SET vote_count = coalesce(scores.votes, 0), hot_score = scores.score
            FROM unnest(%(papers)s::bigint[]) AS asked (paper_id)
                 LEFT JOIN scores USING (paper_id)
            WHERE tally.paper_id = asked.paper_id
            RETURNING tally.paper_id, tally.vote_count
            """,  # noqa: S608 - numbers and constants only
            {"papers": list(paper_ids)},
        )
        return dict(cursor.fetchall())
