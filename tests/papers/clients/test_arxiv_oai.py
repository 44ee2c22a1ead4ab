"""arXiv's OAI-PMH interface, from recorded answers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from common.fetch_errors import FetchStatusError
from papers.clients import arxiv_oai
from papers.clients.errors import (
    MalformedAnswerError,
    NotFoundError,
    RefusedError,
    UnavailableError,
)
from tests.data import data_folder
from tests.papers.clients.recorded import Replay, recording

BASE = "https://oai.example/oai"


def changes(*answers, **asked):
    return list(arxiv_oai.changes(Replay(*answers), BASE, since=date(2026, 8, 16), **asked))


def error(code: str, text: str = "") -> bytes:
    return f'<OAI-PMH><error code="{code}">{text}</error></OAI-PMH>'.encode()


def test_the_span_and_the_set_are_asked_for_and_then_the_token():
    replay = Replay("arxiv_oai_raw_1.xml", "arxiv_oai_raw_2.xml")

    list(
        arxiv_oai.changes(
            replay, BASE, since=date(2026, 8, 16), until=date(2026, 8, 17), set_spec="cs:cs:CV"
        )
    )

    assert replay.urls == [
        (
            f"{BASE}?verb=ListRecords&metadataPrefix=arXivRaw&from=2026-08-16&until=2026-08-17"
            "&set=cs%3Acs%3ACV"
        ),
        f"{BASE}?verb=ListRecords&resumptionToken=token-2",
    ]


def test_pages_come_one_by_one():
    pages = changes("arxiv_oai_raw_1.xml", "arxiv_oai_raw_2.xml")

    assert [[each.external_id for each in page.records] for page in pages] == [
        ["1905.00701"],
        ["1907.00703"],
    ]


def test_versions_and_dates_are_read():
    record = changes("arxiv_oai_raw_1.xml", "arxiv_oai_raw_2.xml")[0].records[0]

    assert record.version == 2
    assert record.published_at == datetime(2019, 5, 15, 9, 30, tzinfo=UTC)
    assert record.revised_at == datetime(2019, 6, 1, 10, tzinfo=UTC)
    assert record.withdrawn is False


def test_every_version_is_read_with_its_date():
    record = changes("arxiv_oai_raw_1.xml", "arxiv_oai_raw_2.xml")[0].records[0]

    assert [(each.number, each.submitted_at) for each in record.versions] == [
        (1, datetime(2019, 5, 15, 9, 30, tzinfo=UTC)),
        (2, datetime(2019, 6, 1, 10, tzinfo=UTC)),
    ]


def test_a_version_without_a_date_or_a_number_costs_nobody_the_paper():
    page = recording("arxiv_oai_raw_1.xml").decode()
    odd = '<version version="v2"><date>soon</date></version><version version="x"/>'
    answer = page.replace('<version version="v2">', f'{odd}<version version="v2">', 1)

    record = changes(answer.encode(), "arxiv_oai_raw_2.xml")[0].records[0]

    assert [each.number for each in record.versions] == [1, 2]


def test_a_record_is_read():
    record = changes("arxiv_oai_raw_1.xml", "arxiv_oai_raw_2.xml")[0].records[0]

    assert record.title == "Optical Response of an Invented Material"
    assert [each.name for each in record.authors] == [
        "Béa Researcher",
        "Chen Scientist",
        "Dee Placeholder",
    ]
    assert (record.primary_category, record.doi) == ("physics.optics", "10.1234/x.1")


def test_an_empty_last_version_is_a_withdrawal():
    record = changes("arxiv_oai_raw_1.xml", "arxiv_oai_raw_2.xml")[1].records[0]

    assert record.withdrawn is True


def test_deleted_records_and_other_formats_are_told():
    pages = changes("arxiv_oai_raw_1.xml", "arxiv_oai_raw_2.xml")

    assert pages[0].deleted == ("1905.00702",)
    assert [each.external_id for each in pages[1].skipped] == ["1907.00704"]


def test_one_record_is_read_in_the_format_with_full_names():
    replay = Replay("arxiv_oai.xml")

    batch = arxiv_oai.record(replay, BASE, arxiv_id="1401.0801", metadata_format="arXiv")

    author = batch.records[0].authors[0]
    assert author.name == "B. H. Muster Jr"
    assert batch.records[0].published_at == datetime(2014, 1, 9, tzinfo=UTC)
    assert "identifier=oai%3AarXiv.org%3A1401.0801" in replay.urls[0]


def test_no_change_is_no_page():
    assert changes(error("noRecordsMatch")) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("badArgument", RefusedError),
        ("badResumptionToken", arxiv_oai.TokenExpiredError),
        ("idDoesNotExist", NotFoundError),
        ("somethingNew", RefusedError),
    ],
)
def test_the_protocols_errors_are_told_apart(code, expected):
    with pytest.raises(expected):
        changes(error(code, "because"))


def test_flow_control_carries_the_wait():
    with pytest.raises(UnavailableError) as caught:
        changes(FetchStatusError(503, retry_after=20))

    assert caught.value.retry_after == 20


def test_a_token_that_comes_back_is_a_fault():
    with pytest.raises(MalformedAnswerError, match="the same page again"):
        changes("arxiv_oai_raw_1.xml", "arxiv_oai_raw_1.xml", "arxiv_oai_raw_1.xml")


def test_a_page_cut_short_keeps_the_ones_before():
    cut = recording("arxiv_oai_raw_2.xml")[:700]
    pages = arxiv_oai.changes(Replay("arxiv_oai_raw_1.xml", cut), BASE, since=date(2026, 8, 16))

    assert next(pages).records
    with pytest.raises(MalformedAnswerError):
        next(pages)


@pytest.mark.parametrize("body", [b"<x/>", b"<OAI-PMH/>", b"<OAI-PMH><Identify/></OAI-PMH>"])
def test_what_is_no_list_is_an_error(body):
    with pytest.raises(MalformedAnswerError):
        changes(body)


def test_every_recorded_answer_is_read():
    paths = list((data_folder("arxiv_api") / "oai").glob("*.xml"))

    for path in paths:
        body = path.read_bytes()
        if b"<ListRecords" in body:
            batch = changes(body)[0]
        else:
            batch = arxiv_oai.record(Replay(body), BASE, arxiv_id="1401.2122")
        assert batch.records
        assert not batch.skipped

    assert paths
