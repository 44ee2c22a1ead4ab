"""The daily papers of Hugging Face, from recorded answers."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime

import pytest

from common.fetch_errors import FetchRateLimitedError, FetchStatusError, FetchTimeoutError
from common.fetching import Fetched
from papers.clients import huggingface
from papers.clients.errors import (
    ClientError,
    MalformedAnswerError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
)
from papers.clients.records import AuthorRecord, OrganizationRecord
from tests.data import data_folder
from tests.papers.clients.recorded import Replay

DAY = date(2026, 6, 2)
READ_AT = datetime(2026, 6, 2, 9, tzinfo=UTC)


def daily(*answers, day=DAY):
    return huggingface.daily_papers(
        Replay(*answers), "https://hub.example/", day=day, read_at=READ_AT
    )


def entry(**paper):
    return {"paper": {"id": "2606.00201", "title": "T", "summary": "S", "authors": []} | paper}


def test_one_day_is_asked_for():
    replay = Replay(b"[]")

    batch = huggingface.daily_papers(replay, "https://hub.example/", day=DAY, read_at=READ_AT)

    assert replay.urls == ["https://hub.example/api/daily_papers?date=2026-06-02&limit=100"]
    assert (batch.day, batch.records) == (DAY, ())


def test_the_first_generation_of_entries_is_read():
    record = daily("hf_daily_2024.json", day=date(2024, 5, 27)).records[0]

    assert record.external_id == "2405.00101"
    assert record.title == "A Survey of Surveys"
    assert record.abstract == "We survey surveys in $O(n^2)$ time."
    assert record.authors == (
        AuthorRecord("Ada Example"),
        AuthorRecord("Bo Sample", is_hidden=True),
    )
    assert record.published_at == datetime(2024, 5, 24, 17, 34, 15, tzinfo=UTC)
    assert record.announced_on == date(2024, 5, 27)
    assert record.media_urls == ("https://cdn-uploads.example/clip.mp4",)


def test_todays_generation_of_entries_is_read():
    record = daily("hf_daily_2026.json").records[0]

    assert (record.code_url, record.stars) == ("https://github.com/example/manual", 42)
    assert record.project_url == "https://manual.example/"
    assert record.media_urls == ("https://cdn-uploads.example/a.png",)
    assert (record.ai_summary, record.ai_model) == ("Manuals are read.", "example/model-1")
    assert record.ai_keywords == ("agents", "manuals")
    assert record.organization == OrganizationRecord("example-lab", "Example Lab")


def test_what_is_not_said_stays_unsaid():
    record = daily("hf_daily_2026.json").records[1]

    assert (record.abstract, record.authors, record.published_at) == ("", (), None)
    assert (record.stars, record.ai_keywords, record.organization) == (None, (), None)
    assert record.withdrawn is True


def test_a_malformed_entry_is_skipped_with_its_reason():
    batch = daily("hf_daily_2026.json")

    assert [each.external_id for each in batch.records] == ["2606.00201", "2606.00203"]
    assert [(each.position, each.external_id, each.reason) for each in batch.skipped] == [
        (1, "2606.00202", "paper.title: Input should be a valid string")
    ]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (5, "Input should be a valid dictionary or instance of _Entry"),
        ({}, "paper: Field required"),
        (entry(id=None), "paper.id: Input should be a valid string"),
        (entry(id="../../etc/passwd"), "“../../etc/passwd” is not an arXiv id."),
        (entry(title="", summary="S"), "there is no title"),
        (entry(summary={"a": 1}), "paper.summary: Input should be a valid string"),
        (entry(summary="x" * 60_000), "the abstract has 60,000 characters"),
        (entry(authors="Ada"), "paper.authors: Input should be a valid list"),
        (entry(authors=[{"name": None}]), "paper.authors.0.name: Input should be a valid string"),
        (entry(publishedAt="yesterday"), "“yesterday” is no date"),
        (entry(publishedAt="2024-02-30T00:00:00Z"), "“2024-02-30T00:00:00Z” is no date"),
    ],
)
def test_each_oddity_has_its_reason(odd, reason):
    batch = daily(json.dumps([odd, entry(id="2606.00299")]).encode())

    assert [each.reason for each in batch.skipped] == [reason]
    assert [each.external_id for each in batch.records] == ["2606.00299"]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "//x.org", "https://x.org/ y", 'https://x"y', 5, None, "http://["],
)
def test_a_link_that_is_none_is_left_out(url):
    record = daily(json.dumps([entry(githubRepo=url, projectPage=url)]).encode()).records[0]

    assert (record.code_url, record.project_url) == ("", "")


@pytest.mark.parametrize("stars", [-1, True, 1.5, "7", 10**18])
def test_a_number_of_stars_that_is_none_is_left_out(stars):
    assert daily(json.dumps([entry(githubStars=stars)]).encode()).records[0].stars is None


def test_the_same_paper_twice_comes_once():
    batch = daily(json.dumps([entry(), entry()]).encode())

    assert len(batch.records) == 1
    assert batch.skipped[0].reason == "the same paper came before"


def test_a_full_page_is_followed_by_the_next():
    pages = [[entry(id=f"2606.{n:05}") for n in range(1, 101)], [entry(id="2606.00101")]]
    replay = Replay(*[json.dumps(page).encode() for page in pages])

    batch = huggingface.daily_papers(replay, "https://hub.example", day=DAY, read_at=READ_AT)

    assert len(batch.records) == 101
    assert replay.urls[1].endswith("&limit=100&p=1")


def test_a_mirror_without_pages_is_asked_twice_at_most():
    page = json.dumps([entry(id=f"2606.{n:05}") for n in range(1, 101)]).encode()

    batch = daily(page, page)

    assert (len(batch.records), batch.skipped) == (100, ())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        b'{"error": "no"}',
        b"[",
        b"\xff\xfe",
        b"[" * 100_000,
        b"<html></html>",
        b"<!DOCTYPE html><p>Maintenance",
        b"9" * 5_000,
        b'"x"',
    ],
)
def test_a_malformed_answer_is_an_error(body):
    with pytest.raises(MalformedAnswerError) as caught:
        daily(body)

    assert caught.value.is_retryable


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (FetchTimeoutError("Too slow."), UnavailableError),
        (FetchStatusError(500), UnavailableError),
        (FetchStatusError(404), NotFoundError),
        (FetchRateLimitedError(429, retry_after=5), RateLimitedError),
    ],
)
def test_the_fetchers_errors_become_the_clients(error, expected):
    with pytest.raises(expected, match="Hugging Face: ") as caught:
        daily(error)

    assert caught.value.retry_after == error.retry_after


def test_an_unchanged_day_is_told_as_such():
    assert daily(Fetched("u", 304)).not_modified


def test_an_unchanged_second_page_does_not_undo_the_first():
    first = json.dumps([entry(id=f"2606.{n:05}") for n in range(1, 101)]).encode()

    batch = daily(first, Fetched("u", 304))

    assert (batch.not_modified, len(batch.records)) == (False, 100)


def test_every_recorded_day_is_read_whole():
    days = sorted((data_folder("hf_daily") / "daily").glob("*.json.gz"))

    batches = [
        daily(gzip.decompress(path.read_bytes()), day=date.fromisoformat(path.name[:10]))
        for path in days[::8]
    ]

    assert sum(len(batch.records) for batch in batches) > 500
    assert not [batch.skipped for batch in batches if batch.skipped]


def test_no_json_of_the_test_suites_escapes_the_family(hostile_files):
    for body in hostile_files("json_nst.tar.gz"):
        try:
            daily(body)
        except ClientError:
            continue
