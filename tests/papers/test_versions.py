"""The versions of papers: kept as far as sources date them, and shown on the paper's page."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from papers.clients.records import PaperRecord, VersionRecord
from papers.importing import import_records
from papers.models import PaperVersion
from tests.builders import make_paper

pytestmark = pytest.mark.django_db


def at(day, hour=12):
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def record(external_id="2611.00001", **fields):
    return PaperRecord(external_id=external_id, title="On versions", **fields)


def dates():
    rows = PaperVersion.objects.order_by("paper__external_id", "number")
    return list(rows.values_list("number", "submitted_at"))


FIRST, SECOND, THIRD = (VersionRecord(n, at(day)) for n, day in [(1, 1), (2, 5), (3, 9)])
# As the query interface tells of two moments, and the nightly sync of the last.
ACCOUNTS = [
    record(version=1, versions=(FIRST,)),
    record(version=2, versions=(FIRST, SECOND)),
    record(version=3, versions=(FIRST, SECOND, THIRD)),
]


@pytest.mark.parametrize("accounts", list(permutations(ACCOUNTS)))
def test_versions_add_up_in_whatever_order_they_come(accounts):
    for each in accounts:
        import_records(records=[each])

    assert dates() == [(1, at(1)), (2, at(5)), (3, at(9))]


@pytest.mark.parametrize("days", [(3, 4), (4, 3)])
def test_of_two_dates_for_a_version_the_earlier_stands(days):
    for day in days:
        import_records(records=[record(version=1, versions=(VersionRecord(1, at(day)),))])

    assert dates() == [(1, at(3))]


def test_a_paper_that_did_not_change_still_learns_of_its_versions():
    import_records(records=[record(version=2)])

    counts = import_records(records=[record(version=2, versions=(FIRST, SECOND))])

    assert counts.unchanged == 1
    assert [number for number, _ in dates()] == [1, 2]


def test_a_version_that_is_none_does_not_cost_the_paper():
    counts = import_records(records=[record(versions=(VersionRecord(0, at(1)),))])

    assert counts.created == 1
    assert dates() == []


def test_a_batch_of_versions_costs_one_statement(count_queries):
    def import_many(count):
        ids = [f"2611.{count:02}{number:03}" for number in range(count)]
        records = [record(each, version=2, versions=(FIRST, SECOND)) for each in ids]
        return count_queries(lambda: import_records(records=records))

    assert import_many(3) == import_many(30)


# The page ------------------------------------------------------------------------------------


def page_of(client, paper):
    return client.get(paper.get_absolute_url()).content.decode()


def test_the_page_lists_the_versions_with_their_dates_and_links_each_to_the_source(client):
    paper = make_paper(version=3, published_at=at(1), revised_at=at(9))
    PaperVersion.objects.create(paper=paper, number=2, submitted_at=at(5))

    page = page_of(client, paper)

    for number, day in [(1, 1), (2, 5), (3, 9)]:
        assert f'<a href="{paper.source_url}v{number}" rel="external noopener nofollow">' in page
        assert f'<time datetime="2026-11-0{day}">November {day}, 2026</time>' in page


def test_a_version_without_a_known_date_is_listed_without_one(client):
    paper = make_paper(version=3, published_at=at(1), revised_at=at(9))

    page = page_of(client, paper)

    assert f'{paper.source_url}v2"' in page
    assert "Date not known" in page


@pytest.mark.parametrize("version", [None, 1])
def test_a_paper_with_one_version_has_no_list_of_them(client, version):
    assert 'id="versions"' not in page_of(client, make_paper(version=version))


def test_a_withdrawal_is_the_last_version(client):
    paper = make_paper(version=2, revised_at=at(9), withdrawn_at=at(9))

    assert "Withdrawn" in page_of(client, paper).partition('id="versions"')[2].partition("</ol>")[0]


def test_more_versions_than_a_list_holds_are_shown_as_far_as_they_are_known(client):
    paper = make_paper(version=32_000)
    PaperVersion.objects.create(paper=paper, number=7, submitted_at=at(5))

    page = page_of(client, paper)

    assert f'{paper.source_url}v7"' in page
    assert page.count('rel="external noopener nofollow">Version') < 100
