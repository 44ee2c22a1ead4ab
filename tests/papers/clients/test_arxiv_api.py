"""arXiv's query interface, from recorded answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from common.fetch_errors import FetchStatusError
from papers.clients import arxiv_api
from papers.clients.errors import MalformedAnswerError, RateLimitedError, RefusedError
from tests.data import data_folder
from tests.papers.clients.recorded import Replay, recording

BASE = "https://export.example/api/query"


def by_ids(*answers, ids=("2401.00301", "hep-th/9901001")):
    return arxiv_api.by_ids(Replay(*answers), BASE, ids=ids)


def test_many_ids_are_asked_for_at_once():
    replay = Replay("arxiv_api.xml")

    arxiv_api.by_ids(replay, BASE, ids=["2401.00301", "math.GT/0309136v2", "2401.00301"])

    assert replay.urls == [f"{BASE}?id_list=2401.00301,math/0309136v2&max_results=2"]


def test_more_ids_than_an_address_holds_are_asked_for_in_turns():
    replay = Replay("arxiv_api.xml", "arxiv_api.xml")

    arxiv_api.by_ids(replay, BASE, ids=[f"2402.{n:05}" for n in range(1, 200)])

    assert [url.count("2402.") for url in replay.urls] == [150, 49]


def test_an_entry_is_read():
    record = by_ids("arxiv_api.xml").records[0]

    assert (record.external_id, record.version) == ("2401.00301", 3)
    assert record.title == r"Bounds for $K$-means after G\"{o}del"
    assert record.abstract == "We bound $K$-means by $a < b$."
    assert [each.name for each in record.authors] == ["Ana Exemplár", "Ben Muster"]
    assert record.published_at == datetime(2024, 1, 2, 9, 30, tzinfo=UTC)
    assert record.revised_at == datetime(2024, 3, 5, 10, tzinfo=UTC)


def test_an_entrys_details_are_read():
    record = by_ids("arxiv_api.xml").records[0]

    assert (record.primary_category, record.categories) == ("cs.LG", ("cs.LG", "stat.ML"))
    assert record.doi == "10.1234/ex.5678"
    assert record.pdf_url == "https://arxiv.org/pdf/2401.00301v3"
    assert record.withdrawn is False


def test_a_withdrawal_is_seen_in_the_text():
    record = by_ids("arxiv_api.xml").records[1]

    assert (record.external_id, record.withdrawn) == ("hep-th/9901001", True)
    assert record.published_at == datetime(1999, 1, 4, 9, tzinfo=UTC)


def test_an_entry_without_title_is_skipped():
    skipped = by_ids("arxiv_api.xml").skipped

    assert [(each.external_id, each.reason) for each in skipped] == [
        ("2401.00302", "there is no title")
    ]


def test_ids_that_do_not_come_are_missing():
    ids = ["2401.00301", "math/0309136", "abc", "2401.00302"]

    assert by_ids("arxiv_api.xml", ids=ids).missing == ("math/0309136", "abc")


def test_nothing_is_asked_when_no_id_is_one():
    assert by_ids(ids=["abc", ""]).missing == ("abc", "")


def test_an_error_that_comes_as_an_entry_is_an_error():
    with pytest.raises(RefusedError, match="arXiv says: start must be an integer"):
        by_ids("arxiv_api_error.xml")


def test_an_error_entry_with_an_error_status_tells_its_message():
    answer = FetchStatusError(400, body=recording("arxiv_api_error.xml"))

    with pytest.raises(RefusedError, match="start must be an integer"):
        by_ids(answer)


def test_rate_exceeded_with_status_200_is_a_rate_limit():
    with pytest.raises(RateLimitedError):
        by_ids(b"Rate exceeded.")


@pytest.mark.parametrize(
    "body", [b"", b"<feed", b"<html><body>Down", b"<other/>", b"nonsense", b"<!DOCTYPE a><feed/>"]
)
def test_a_malformed_answer_is_an_error(body):
    with pytest.raises(MalformedAnswerError):
        by_ids(body)


def test_one_control_character_does_not_cost_the_answer():
    body = recording("arxiv_api.xml").replace(b"Bounds", b"Bou\x00\x0bnd\xffs")

    assert by_ids(body).records[0].title.startswith("Bound\N{REPLACEMENT CHARACTER}s for")


def test_a_count_without_entries_is_a_fault_and_no_result():
    body = b'<feed xmlns="http://www.w3.org/2005/Atom"><totalResults>7</totalResults></feed>'

    with pytest.raises(MalformedAnswerError, match="counts 7 papers and sent none"):
        arxiv_api.search(Replay(body), BASE, query="cat:cs.CL")


def test_a_search_says_how_many_there_are():
    replay = Replay("arxiv_api.xml")

    batch = arxiv_api.search(replay, BASE, query="cat:cs.LG", start=10, max_results=9_999)

    assert batch.total == 2
    assert "search_query=cat:cs.LG&start=10&max_results=2000&" in replay.urls[0]


def test_the_first_and_the_latest_version_are_dated():
    third, second = arxiv_api.search(Replay("arxiv_api.xml"), BASE, query="x").records

    assert [(each.number, each.submitted_at) for each in third.versions] == [
        (1, third.published_at),
        (3, third.revised_at),
    ]
    assert [each.number for each in second.versions] == [1, 2]


def test_a_window_of_submission_is_told_in_arxivs_words():
    zone = timezone(timedelta(hours=-5))
    query = arxiv_api.submitted_between(
        datetime(2026, 1, 1, 20, tzinfo=zone),
        datetime(2026, 1, 3, tzinfo=UTC),
        categories=["cs.CL", "hep-th"],
    )

    assert query == ("(cat:cs.CL OR cat:hep-th) AND submittedDate:[202601020100 TO 202601030000]")


def test_a_doi_finds_the_paper_that_bears_it():
    batch = arxiv_api.search_doi(Replay("arxiv_api.xml"), BASE, doi="10.1234/EX.5678")

    assert [each.external_id for each in batch.records] == ["2401.00301"]


def test_a_doi_that_no_paper_bears_is_missing():
    batch = arxiv_api.search_doi(Replay("arxiv_api.xml"), BASE, doi="10.1234/none")

    assert (batch.records, batch.missing) == ((), ("10.1234/none",))


def test_every_recorded_answer_is_read():
    folder = data_folder("arxiv_api") / "atom_api"
    answers = [json.loads(path.read_text()) for path in folder.glob("q_*.json")]

    for answer in answers:
        batch = arxiv_api.search(Replay(answer["body"].encode()), BASE, query="testing")
        assert batch.records
        assert not batch.skipped

    assert answers
