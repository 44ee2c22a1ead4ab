from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from papers import day_order, importing, voting
from papers.clients.records import AuthorRecord, PaperRecord, SignalsRecord
from papers.importing import import_records
from papers.models import Author, Authorship, Paper, PaperTally
from tests.builders import make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

READ_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
PAPERS, WORKERS = 119, 6
NAMES = [f"Author {number}" for number in range(40)]


def import_all(worker: int) -> None:
    """Import the same papers as the other workers, in another order, by other authors."""
    numbers = list(range(1, PAPERS + 1))
    authors = tuple(AuthorRecord(NAMES[(worker + place) % 40]) for place in range(12))
    try:
        import_records(
            records=[
                PaperRecord(
                    external_id=f"2611.{number:05}",
                    title=f"Paper {number}",
                    version=worker + 1,
                    authors=authors,
                )
                for number in (numbers if worker % 2 else reversed(numbers))
            ]
        )
    finally:
        connection.close()


@pytest.mark.usefixtures("committed")
def test_imports_at_the_same_time_neither_deadlock_nor_double(monkeypatch):
    # Several statements a table, as for thousands of papers.
    monkeypatch.setattr(importing, "PAPERS_A_STATEMENT", 20)
    monkeypatch.setattr(importing, "AUTHORS_A_STATEMENT", 3)
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(import_all, range(WORKERS)))

    assert Paper.objects.filter(version=WORKERS, tally__isnull=False).count() == PAPERS
    assert Authorship.objects.count() == PAPERS * 12
    assert Author.objects.filter(authorships__isnull=False).distinct().count() == 12


@pytest.mark.usefixtures("committed")
def test_votes_readings_and_weights_at_the_same_time_end_in_one_order():
    ids = [f"2611.{number:05}" for number in range(1, 31)]
    members = [make_user() for _ in range(4)]

    def read(hours: int) -> None:
        signals = SignalsRecord(READ_AT + timedelta(hours=hours), votes=hours)
        records = [
            PaperRecord(external_id=each, title="T", announced_on=READ_AT.date(), signals=signals)
            for each in (ids if hours % 2 else reversed(ids))
        ]
        import_records(records=records, has_extras=True)

    def vote(member: User) -> None:
        for paper in Paper.objects.order_by("?"):
            voting.cast_vote(paper=paper, member=member)

    def refresh() -> None:
        for _ in range(10):
            day_order.refresh_weights()

    read(1)
    acts = [*(partial(read, hours) for hours in range(2, 6)), refresh, refresh]
    acts += [partial(vote, member) for member in members]
    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(_closing, acts))
    day_order.refresh_weights()

    weight = day_order.weight_of_day(len(members) * len(ids))
    scores = set(PaperTally.objects.values_list("external_vote_count", "day_score"))
    assert scores == {(5, 4 + weight * 5)}


def _closing(act: Callable[[], None]) -> None:
    try:
        act()
    finally:
        connection.close()
