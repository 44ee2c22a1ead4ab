from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from papers import importing
from papers.clients.records import AuthorRecord, PaperRecord
from papers.importing import import_records
from papers.models import Author, Authorship, Paper

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
