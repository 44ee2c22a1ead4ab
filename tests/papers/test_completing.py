from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models.functions import Now

from common import due_work
from papers import completing
from papers.clients.records import AuthorRecord, PaperRecord
from papers.importing import import_records
from papers.models import Paper
from tests.builders import make_paper
from tests.papers.conftest import entry

pytestmark = pytest.mark.django_db


def arrive(*ids: str) -> None:
    """Let papers come as the daily feed gives them: without version and categories."""
    authors = (AuthorRecord("Ada Lovelace"),)
    import_records(
        records=[
            PaperRecord(external_id=each, title=f"On {each}", authors=authors) for each in ids
        ],
        announced_on=date(2026, 11, 17),
    )


def test_arxiv_gives_what_the_daily_feed_leaves_out(feed):
    feed.save(date(2026, 11, 17), entry("2611.00001"))
    arrive("2611.00001")

    completing.complete_papers()

    paper = Paper.objects.get()
    assert (paper.version, paper.categories) == (1, ["cs.LG", "cs.CL"])
    assert paper.completed_at is not None


def test_papers_are_asked_for_a_hundred_at_a_time(feed):
    ids = [f"2611.{number:05}" for number in range(1, 251)]
    feed.save(date(2026, 11, 17), *map(entry, ids))
    arrive(*ids)

    completing.complete_papers()

    assert feed.answers["200"] == 3
    assert not Paper.objects.filter(completed_at__isnull=True).exists()


def test_a_complete_paper_is_not_asked_for(feed):
    complete = PaperRecord(
        external_id="2611.00001", title="Whole", version=2, categories=("cs.CL",)
    )
    import_records(records=[complete])

    completing.complete_papers()

    assert not feed.answers


def test_a_paper_that_arxiv_does_not_know_yet_is_asked_for_later(feed):
    arrive("2611.00009")

    completing.complete_papers()
    completing.complete_papers()

    paper = Paper.objects.get()
    assert feed.answers["200"] == 1
    assert (paper.completed_at, paper.completion_attempts) == (None, 1)


def test_a_paper_that_arxiv_never_knows_is_noted_as_asked(feed):
    arrive("2611.00009")
    for _ in range(due_work.MAX_ATTEMPTS):
        Paper.objects.update(completion_due_at=Now())
        completing.complete_papers()

    paper = Paper.objects.get()
    assert paper.completed_at is not None
    assert paper.version is None


def test_a_failure_puts_papers_off_for_longer_each_time(feed, settings):
    settings.ARXIV_API_URL = f"{feed.server.url}/nothing-here"
    arrive("2611.00001")
    pauses = []
    for _ in range(3):
        Paper.objects.update(completion_due_at=Now())
        completing.complete_papers()
        due_at, now = Paper.objects.values_list("completion_due_at", Now()).get()
        pauses.append(round((due_at - now) / timedelta(minutes=1)))

    assert pauses == [20, 40, 80]


def test_completing_touches_no_other_paper(feed):
    feed.save(date(2026, 11, 17), entry("2611.00001"))
    arrive("2611.00001")
    import_records(
        records=[PaperRecord(external_id="2611.00002", title="B", version=1, categories=("x",))]
    )
    before = Paper.objects.get(external_id="2611.00002").updated_at

    completing.complete_papers()

    assert Paper.objects.get(external_id="2611.00002").updated_at == before


@pytest.mark.parametrize(
    ("stored", "kept"),
    [
        ("10.1002/(sici)1099-1727(199821)14:1", ""),
        ("10.1002/(sici)1097-0258(19980815/30)17:15/16", ""),
        ("10.1130/0016-7606(1989)101", ""),
        ("10.1002/(sici)1099-1727(199821)14:1<3::aid-sdr140>3.0.co;2-k",) * 2,
        ("10.1641/0006-3568(2000)050[0053:iaeo]2.3.co;2",) * 2,
        ("10.1016/0370-2693(92)90710-l",) * 2,
        ("10.1088/0305-4470/39/6/011",) * 2,
    ],
)
def test_a_doi_that_was_cut_is_forgotten_and_the_paper_is_asked_for_again(feed, stored, kept):
    paper = make_paper("2611.00001", doi=stored, completed_at=Now(), completion_attempts=3)

    import_module("papers.migrations.0010_mend_cut_dois").forget(apps, None)

    paper.refresh_from_db()
    assert paper.doi == kept
    feed.save(date(2026, 11, 17), entry("2611.00001"))
    completing.complete_papers()
    assert bool(feed.answers) is (kept == "")
