"""OpenReview's notes: of one forum, and of a venue."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from common.fetching import Fetched
from papers.clients import openreview
from papers.clients.errors import MalformedAnswerError
from tests.papers.clients.recorded import Replay, recording

BASE = "https://api2.openreview.test"


def test_a_submission_is_read_from_among_its_reviews():
    get = Replay("openreview_forum.json")

    (record,) = openreview.submission(get, BASE, forum="Hk-Fold01").records

    assert get.urls == [f"{BASE}/notes?forum=Hk-Fold01"]
    assert (record.source, record.external_id) == ("openreview", "Hk-Fold01")
    assert (record.title, record.abstract) == (
        "Unfolding $x^2$ with care",
        "We unfold what others fold.",
    )
    assert [author.name for author in record.authors] == ["Ada Lovelace", "José Núñez"]
    assert record.pdf_url == "https://openreview.net/pdf/0f01.pdf"
    assert record.venue == "ICLR 2024 poster"
    assert record.published_at == datetime(2024, 1, 16, 13, tzinfo=UTC)


def test_a_forum_that_is_not_there_is_missing():
    batch = openreview.submission(Replay(b'{"notes": []}'), BASE, forum="Hk-None")

    assert (batch.records, batch.missing) == ((), ("Hk-None",))


def test_a_withdrawn_submission_says_so():
    answer = json.loads(recording("openreview_forum.json"))
    content = answer["notes"][1]["content"]
    content["venueid"] = {"value": "ICLR.cc/2024/Conference/Withdrawn_Submission"}

    batch = openreview.submission(Replay(json.dumps(answer).encode()), BASE, forum="Hk-Fold01")

    assert batch.records[0].withdrawn


def test_a_venue_is_read_page_by_page_and_an_odd_note_is_skipped():
    get = Replay("openreview_venue.json", "openreview_venue_2.json")

    first, second = openreview.venue(get, BASE, venue_id="ICLR.cc/2024/Conference")

    assert get.urls[1] == (
        f"{BASE}/notes?content.venueid=ICLR.cc/2024/Conference&limit=200&offset=3"
    )
    assert [each.external_id for each in first.records] == ["Hk-Fold01"]
    assert [each.reason for each in first.skipped] == [
        "there is no title",
        "content.title is wrong",
    ]
    assert [each.title for each in second.records] == ["The last fold"]


@pytest.mark.parametrize(
    "body", [b"[]", b'{"notes": 7}', b"<html>A moment, please", b'{"name": "Error"}']
)
def test_what_holds_no_notes_is_an_error(body):
    with pytest.raises(MalformedAnswerError, match="OpenReview sent"):
        openreview.submission(lambda url: Fetched(url, 200, {}, body), BASE, forum="Hk-Fold01")
