"""Crossref's answers of one work."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from common.fetching import Fetched
from papers.clients import crossref
from papers.clients.errors import MalformedAnswerError
from tests.papers.clients.recorded import Replay, recording

BASE = "https://api.crossref.test"
DOI = "10.1145/3292500.3330701"


def work(**changes):
    answer = json.loads(recording("crossref_work.json"))
    answer["message"] |= changes
    get = Replay(json.dumps(answer).encode())
    return crossref.work(get, BASE, doi=DOI)


def test_a_work_is_read_with_all_that_it_says_of_itself():
    record = crossref.work(Replay("crossref_work.json"), BASE, doi=DOI).records[0]

    assert (record.source, record.external_id, record.doi) == ("doi", DOI, DOI)
    assert record.title == "Folding maps: a framework for paper planning"
    names = [author.name for author in record.authors]
    assert names == ["Takuya Ueno", "Ada Núñez", "The Folding Consortium"]
    assert record.published_at == datetime(2019, 7, 25, tzinfo=UTC)
    assert record.venue == "Proceedings of the 25th Conference on Folding"
    assert record.work_type == "proceedings-article"


def test_an_abstract_in_jats_becomes_plain_text_with_its_formulas():
    assert work().records[0].abstract == (
        "We fold maps in $n^2$ steps, for all p < 0.05. Then we unfold them."
    )


def test_it_is_asked_by_the_doi_and_told_whom_to_write_to():
    get = Replay("crossref_work.json")

    crossref.work(get, BASE, doi="10.1002/(sici)1:8<693::aid>3.0;2-o", mailto="me@example.org")

    assert get.urls == [
        f"{BASE}/works/10.1002/%28sici%291%3A8%3C693%3A%3Aaid%3E3.0%3B2-o?mailto=me%40example.org"
    ]


@pytest.mark.parametrize(
    ("parts", "moment"),
    [
        ([[2019]], datetime(2019, 1, 1, tzinfo=UTC)),
        ([[2019, 7]], datetime(2019, 7, 1, tzinfo=UTC)),
        ([[None]], None),
        ([], None),
        ([[2019, 13, 1]], None),
    ],
)
def test_a_date_may_be_less_than_a_day(parts, moment):
    assert work(issued={"date-parts": parts}).records[0].published_at == moment


def test_a_work_without_title_is_skipped_and_said():
    batch = work(title=[])

    assert not batch.records
    assert batch.skipped[0].reason == "there is no title"


@pytest.mark.parametrize(
    "body", [b"[]", b'{"message": []}', b'{"message": {"DOI": 7}}', b"<!doctype html><p>Away"]
)
def test_what_is_no_work_is_an_error(body):
    with pytest.raises(MalformedAnswerError, match="Crossref sent"):
        crossref.work(lambda url: Fetched(url, 200, {}, body), BASE, doi=DOI)
