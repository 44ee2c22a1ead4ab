"""arXiv's announcements, from recorded feeds."""

from __future__ import annotations

import gzip
from datetime import date

import pytest

from common.fetching import Fetched
from papers.clients import arxiv_rss
from papers.clients.errors import ClientError, MalformedAnswerError
from tests.data import data_folder
from tests.papers.clients.recorded import Replay, recording


def announced(*answers):
    return arxiv_rss.announcements(
        Replay(*answers), "https://rss.example/rss", categories=["cs.CL"]
    )


def test_categories_are_asked_for_together():
    replay = Replay("arxiv_rss.xml")

    arxiv_rss.announcements(replay, "https://rss.example/rss/", categories=["cs.CL", "hep-th"])

    assert replay.urls == ["https://rss.example/rss/cs.CL+hep-th"]


@pytest.mark.parametrize("categories", [[], ["cs.CL/../x"], ["cs.CL?x"], [""]])
def test_what_is_no_category_is_not_asked_for(categories):
    with pytest.raises(ValueError, match="arXiv category"):
        arxiv_rss.announcements(Replay(), "https://rss.example", categories=categories)


def test_a_new_paper_is_read():
    record = announced("arxiv_rss.xml").records[0]

    assert (record.external_id, record.version) == ("2604.00401", 1)
    assert record.title == r"A New Paper on $\alpha$"
    assert record.abstract == "The abstract, with a fold."
    assert [each.name for each in record.authors] == ["Ana Exemplar", "Ben Muster Jr."]
    assert record.categories == ("cs.CL", "cs.AI")
    assert record.announced_on == date(2026, 4, 27)


def test_the_types_of_announcement_are_told_apart():
    records = announced("arxiv_rss.xml").records

    assert [each.announce_type for each in records] == ["new", "cross", "replace-cross"]
    assert [each.announced_on for each in records[1:]] == [None, None]


def test_a_replacement_tells_its_version_and_doi():
    record = announced("arxiv_rss.xml").records[2]

    assert (record.external_id, record.version, record.doi) == (
        "hep-th/9901001",
        4,
        "10.1234/abc",
    )


def test_an_item_that_is_no_paper_is_skipped():
    batch = announced("arxiv_rss.xml")

    assert [(each.position, each.reason) for each in batch.skipped] == [
        (3, "the item has no arXiv id")
    ]


def test_the_day_of_a_feed_is_arxivs_day():
    late = recording("arxiv_rss.xml").replace(
        b"<pubDate>Mon, 27 Apr 2026 00:00:00 -0400</pubDate>\n    <skipDays>",
        b"<pubDate>Mon, 27 Apr 2026 02:00:00 +0000</pubDate>\n    <skipDays>",
    )

    assert announced("arxiv_rss.xml").day == date(2026, 4, 27)
    assert announced(late).day == date(2026, 4, 26)


def test_the_atom_form_is_read():
    batch = announced("arxiv_rss_atom.xml")

    record = batch.records[0]
    assert batch.day == date(2026, 7, 2)
    assert (record.external_id, record.version) == ("2607.00501", 2)
    assert (record.announce_type, record.abstract) == ("replace", "In Atom.")
    assert [each.name for each in record.authors] == ["Dee Placeholder", "Eli Dummy"]


def test_the_old_form_is_read():
    record = announced("arxiv_rdf.xml").records[0]

    assert (record.external_id, record.version) == ("1805.00601", 1)
    assert (record.title, record.abstract) == ("An Asymmetry Measured", "We measure $2<x$ twice.")
    assert [each.name for each in record.authors] == ["Ana Exemplar", "Ben Muster"]
    assert (record.announce_type, record.primary_category) == ("new", "hep-ex")


def test_the_old_forms_marks_are_understood():
    record = announced("arxiv_rdf.xml").records[1]

    assert (record.title, record.announce_type) == ("Updated Elsewhere", "replace-cross")


def test_a_feed_without_items_is_no_fault_here():
    body = (
        b'<rss version="2.0"><channel><pubDate>Sun, 19 Apr 2026 00:00:00 -0400</pubDate>'
        b"</channel></rss>"
    )

    batch = announced(body)

    assert (batch.day, batch.records, batch.skipped) == (date(2026, 4, 19), (), ())


def test_an_unchanged_feed_is_told_as_such():
    assert announced(Fetched("u", 304)).not_modified


@pytest.mark.parametrize("body", [b"", b"<x/>", b"<rss>", b"Rate exceeded.", b"<html>"])
def test_what_is_no_feed_is_an_error(body):
    with pytest.raises(ClientError):
        announced(body)


def test_every_recorded_feed_is_read_whole():
    folder = data_folder("arxiv_api")
    paths = [*folder.glob("rss_2024/*.xml"), *folder.glob("rss_2024_reconstructed/*.gz")]

    for path in paths:
        body = path.read_bytes()
        batch = announced(gzip.decompress(body) if path.suffix == ".gz" else body)
        assert batch.day
        assert not batch.skipped

    assert paths


@pytest.mark.parametrize("name", ["feeds_feedparser.tar.gz", "feeds_w3c.tar.gz"])
def test_no_feed_of_the_test_suites_escapes_the_family(name, hostile_files):
    outcomes = set()
    for body in hostile_files(name):
        try:
            announced(body)
        except ClientError as error:
            outcomes.add(type(error))

    assert outcomes == {MalformedAnswerError}


def test_no_bomb_escapes_the_family():
    folder = data_folder("hostile")
    paths = [*folder.glob("xml/*"), *folder.glob("made_here/*"), *folder.glob("svg/*")]

    for path in paths:
        body = path.read_bytes()
        try:
            announced(gzip.decompress(body) if path.suffix == ".gz" else body)
        except ClientError:
            continue

    assert len(paths) > 20
