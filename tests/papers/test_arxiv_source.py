"""arXiv's three interfaces, as the runs use them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db.models.functions import Now

from papers import import_runs
from papers.clients.errors import RateLimitedError, UnavailableError
from papers.clients.records import PaperRecord
from papers.importing import import_records
from papers.models import ImportRun, Paper
from papers.sources.arxiv import ARXIV, ARXIV_ANNOUNCEMENTS

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 4, 27)


@pytest.fixture(autouse=True)
def _monday_in_new_york(settings):
    settings.ARXIV_CATEGORIES = ["cs.CL", "hep-th"]
    with time_machine.travel(datetime(2026, 4, 27, 14, tzinfo=UTC), tick=True):
        yield


def perform(source: str, day: date) -> ImportRun:
    run = ImportRun.objects.create(source=source, day=day, due_at=Now())
    performed = import_runs.perform(run.pk)
    assert performed is not None
    return performed


def ids() -> set[str]:
    return set(Paper.objects.values_list("external_id", flat=True))


def know(external_id: str, **fields) -> None:
    import_records(records=[PaperRecord(external_id=external_id, title="Known", **fields)])


def test_today_s_announcements_come_from_the_feed(feed):
    feed.serve("rss_cs.CL+hep-th.xml", "arxiv_rss.xml")

    run = perform("arxiv", MONDAY)

    assert (run.state, run.error) == ("done", "")
    paper = Paper.objects.get(external_id="2604.00401")
    assert (paper.announced_on, paper.version) == (MONDAY, 1)
    assert paper.completed_at is not None


def test_a_replacement_is_taken_only_for_a_paper_that_we_have(feed):
    feed.serve("rss_cs.CL+hep-th.xml", "arxiv_rss.xml")
    perform("arxiv", MONDAY)
    assert "hep-th/9901001" not in ids()

    know("hep-th/9901001", version=1)
    import_runs.run_again(ImportRun.objects.get())
    import_runs.perform(ImportRun.objects.get().pk)
    assert Paper.objects.get(external_id="hep-th/9901001").version == 4


def test_a_feed_that_is_still_yesterday_s_is_asked_for_again(feed):
    feed.serve("rss_cs.CL+hep-th.xml", "arxiv_rss.xml")

    with time_machine.travel(datetime(2026, 4, 28, 4, 31, tzinfo=UTC)):
        run = perform("arxiv", date(2026, 4, 28))

    assert (run.state, run.attempts) == ("waiting", 0)
    assert not ids()


def test_an_earlier_day_is_searched_for_by_when_it_was_submitted(feed):
    feed.serve("api_query.xml", "arxiv_api.xml")

    run = perform("arxiv", date(2026, 4, 24))

    assert run.state == "done"
    assert set(Paper.objects.values_list("announced_on", flat=True)) == {date(2026, 4, 24)}
    query = feed.server.statistics.arxiv_queries[0]["search_query"]
    # From Wednesday to Thursday, 14:00 in New York.
    assert "submittedDate:[202604221800 TO 202604231800]" in query
    assert "cat:cs.CL OR cat:hep-th" in query


def test_a_weekend_made_up_for_later_takes_nothing_from_monday(feed):
    feed.serve("api_query.xml", "arxiv_api.xml")

    run = perform("arxiv", date(2026, 4, 25))

    assert (run.state, run.error) == ("empty", "")
    assert not ids()


def test_changes_reach_the_papers_that_we_have_and_add_none(feed):
    feed.serve("oai.xml", "arxiv_oai_raw_1.xml")
    feed.serve("oai_token-2.xml", "arxiv_oai_raw_2.xml")
    know("1905.00701", version=1)
    know("1907.00703", version=1)

    run = perform("arxiv-changes", MONDAY)

    assert (run.state, run.created_count, run.updated_count) == ("done", 0, 2)
    assert ids() == {"1905.00701", "1907.00703"}
    assert Paper.objects.get(external_id="1905.00701").version == 2
    assert Paper.objects.get(external_id="1907.00703").is_withdrawn


def test_a_day_without_changes_is_empty_at_once(feed):
    assert perform("arxiv-changes", MONDAY - timedelta(days=1)).state == "empty"


def test_requests_to_arxiv_keep_their_distance(feed, settings):
    settings.ARXIV_SECONDS_BETWEEN_REQUESTS = 0.3
    feed.serve("oai.xml", "arxiv_oai_raw_1.xml")
    feed.serve("oai_token-2.xml", "arxiv_oai_raw_2.xml")

    perform("arxiv-changes", MONDAY)

    first, second = feed.server.statistics.arxiv_asked_at
    assert second - first >= 0.3


@pytest.mark.parametrize(
    "ask",
    [
        lambda: ARXIV.by_doi("10.1103/PhysRevD.76.013009"),
        lambda: ARXIV_ANNOUNCEMENTS.fetch_day(date(2026, 4, 24), known=frozenset),
    ],
    ids=["one paper", "a day"],
)
def test_told_to_slow_down_under_status_200_nobody_asks_arxiv_for_a_while(feed, ask):
    (feed.folder / "api_query.xml").write_text("Rate exceeded.")
    with pytest.raises(RateLimitedError):
        ask()

    with pytest.raises(UnavailableError):
        ARXIV.by_ids(["2611.00001"], max_wait=0.1)

    assert sum(feed.answers.values()) == 1
