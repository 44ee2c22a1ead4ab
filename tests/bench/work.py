"""What is measured without load: background work, counters, and queries of a page."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from papers import trending
from papers.importing import import_records
from papers.models import Author, Paper, PaperTally, Upvote
from papers.seeding.load import generated_records

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from accounts.models import User

_BATCH = 1_000
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a piece of work took."""

    name: str
    seconds: float
    note: str = ""


def time_recomputes(*, repetitions: int) -> list[Timing]:
    """Recompute all scores: when none has drifted, and when every one has."""
    papers = PaperTally.objects.filter(vote_count__gt=0).count()
    trending.recompute_scores()
    still = _median(repetitions, trending.recompute_scores)

    def spoil() -> None:
        PaperTally.objects.update(vote_count=0, hot_score=None)
        _vacuum("papers_papertally")

    all_drifted = _median(repetitions, trending.recompute_scores, before=spoil)
    _vacuum("papers_papertally")
    return [
        Timing("recompute, nothing drifted", still, f"{papers:,} papers with votes"),
        Timing("recompute, all drifted", all_drifted, f"{papers:,} rows written"),
    ]


def time_import(*, papers: int) -> Timing:
    """Import new papers in batches of a thousand, each committed; then take them out again."""
    # Under numbers that no paper will have in this century.
    records = [
        replace(record, external_id=f"9912.{number:05}")
        for number, record in enumerate(
            generated_records(count=papers, now=timezone.now(), seed=papers)
        )
    ]
    last = Paper.objects.latest("pk").pk
    began = time.perf_counter()
    for start in range(0, len(records), _BATCH):
        import_records(records=records[start : start + _BATCH])
    seconds = time.perf_counter() - began
    added = Paper.objects.filter(pk__gt=last)
    count = added.count()
    added.delete()
    Author.objects.filter(authorships__isnull=True).delete()
    return Timing("import", seconds, f"{count:,} papers, {count / seconds:,.0f} a second")


def wrong_tallies() -> int:
    """Count the papers whose shown votes are not those in the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM papers_papertally tally
            LEFT JOIN (
                SELECT paper_id, count(*) AS votes FROM papers_upvote
                WHERE voided_at IS NULL GROUP BY paper_id
            ) AS counted USING (paper_id)
            WHERE tally.vote_count <> coalesce(counted.votes, 0)
            """
        )
        return int(cursor.fetchone()[0])


def take_back_votes(*, since: datetime) -> int:
    """Remove the votes of the bench, so that the next run begins where this one did."""
    votes = Upvote.objects.filter(cast_at__gte=since)
    count: int = votes._raw_delete(votes.db)
    trending.recompute_scores()
    _vacuum("papers_upvote", "papers_papertally")
    return count


def count_queries(pages: dict[str, str], member: User) -> dict[str, tuple[int, int, int]]:
    """Count each page's queries: for a first visitor, for the next one, and for a member."""
    visitor, reader = Client(SERVER_NAME=_HOST), Client(SERVER_NAME=_HOST)
    reader.force_login(member)
    counts = {}
    for name, path in pages.items():
        caches["fragments"].clear()
        first = _queries(lambda path=path: visitor.get(path))  # type: ignore[misc]
        following = _queries(lambda path=path: visitor.get(path))  # type: ignore[misc]
        counts[name] = (first, following, _queries(lambda path=path: reader.get(path)))  # type: ignore[misc]
    return counts


def count_vote_queries(paper: Paper, member: User) -> int:
    """Count the queries of a vote that is cast by htmx."""
    reader = Client(SERVER_NAME=_HOST)
    reader.force_login(member)
    path = f"/papers/{paper.external_id}/vote"
    return _queries(lambda: reader.post(path, {"vote": "up"}, headers={"HX-Request": "true"}))


def _queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = act()
    assert response.status_code == HTTPStatus.OK, response.status_code
    return len(queries)


def _median(
    repetitions: int, act: Callable[[], object], *, before: Callable[[], None] | None = None
) -> float:
    seconds = []
    for _ in range(repetitions):
        if before:
            before()
        began = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _vacuum(*tables: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")
