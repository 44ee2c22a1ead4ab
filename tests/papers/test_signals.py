"""External votes and comments: kept apart from ours, as of the moment they were read."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from papers.clients import huggingface
from papers.clients.records import PaperRecord, SignalsRecord
from papers.importing import import_records
from papers.models import Paper, PaperTally
from papers.saved_answers import read_day
from tests.builders import make_paper
from tests.papers.clients.recorded import Replay
from tests.papers.conftest import entry

if TYPE_CHECKING:
    from papers.importing import ImportCounts

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)


def read(
    votes: int | None = None, comments: int | None = None, *, hours: float = 0, **fields: Any
) -> None:
    """Import one paper with what was read so many hours after the morning."""
    signals = SignalsRecord(MORNING + timedelta(hours=hours), votes, comments)
    defaults: dict[str, Any] = {
        "external_id": "2611.00001",
        "title": "On folding",
        "announced_on": DAY,
    }
    record = PaperRecord(signals=signals, **defaults | fields)
    import_records(records=[record], has_extras=True)


def read_answer(*, hours: float = 0, comments: Any = 0, **paper: Any) -> ImportCounts:
    """Import an answer of the daily feed that was read so many hours after the morning."""
    answer = [entry("2611.00001", **paper) | {"numComments": comments}]
    batch = huggingface.daily_papers(
        Replay(json.dumps(answer).encode()),
        "https://hub.example",
        day=DAY,
        read_at=MORNING + timedelta(hours=hours),
    )
    return import_records(records=batch.records, has_extras=True)


def kept() -> tuple[int | None, int | None]:
    return PaperTally.objects.values_list("external_vote_count", "external_comment_count").get()


def test_the_feed_s_votes_comments_and_submitter_are_kept_with_the_moment_they_were_read():
    read_answer(upvotes=38, comments=4, submittedOnDailyBy={"fullname": "Ada L.", "user": "ada"})

    tally = PaperTally.objects.select_related("paper").get()
    assert (tally.external_vote_count, tally.external_comment_count) == (38, 4)
    assert tally.external_votes_read_at == MORNING
    assert tally.paper.listed_by == "Ada L."


def test_external_votes_are_not_counted_as_ours():
    read(votes=38, comments=4)

    tally = PaperTally.objects.get()
    assert (tally.vote_count, tally.comment_count, tally.hot_score) == (0, 0, None)


def test_a_later_reading_of_an_unchanged_paper_raises_the_numbers():
    read_answer(upvotes=3, comments=0)

    counts = read_answer(upvotes=38, comments=4, hours=9)

    assert counts.unchanged == 1
    assert kept() == (38, 4)
    assert PaperTally.objects.get().external_votes_read_at == MORNING + timedelta(hours=9)


def test_votes_that_fell_are_believed_of_a_later_reading():
    read_answer(upvotes=38)

    read_answer(upvotes=35, hours=1)

    assert kept()[0] == 35


def test_an_older_reading_that_comes_later_changes_nothing():
    read(votes=38, comments=4, hours=9)

    read(votes=3, comments=1)

    assert kept() == (38, 4)
    assert PaperTally.objects.get().external_votes_read_at == MORNING + timedelta(hours=9)


@pytest.mark.parametrize("bad", [-1, "38", "many", "", None, 1.5, True, [38], {}, 10**18])
def test_votes_that_are_no_number_keep_the_old_ones(bad):
    read_answer(upvotes=7, comments=2)

    counts = read_answer(upvotes=bad, comments=bad, hours=1)

    assert (counts.paper_count, counts.skipped) == (1, ())
    assert kept() == (7, 2)
    assert PaperTally.objects.get().external_votes_read_at == MORNING


def test_missing_votes_keep_the_old_ones():
    read_answer(upvotes=7, comments=2)

    read_answer(hours=1)

    assert kept()[0] == 7


@pytest.mark.parametrize("bad", ["Ada", 7, [], {"fullname": 7}])
def test_a_submitter_that_is_none_costs_neither_paper_nor_votes(bad):
    read_answer(upvotes=7, submittedOnDailyBy=bad)

    assert kept()[0] == 7
    assert Paper.objects.get().listed_by == ""


READINGS = [
    {"votes": 5, "comments": 1, "hours": 0},
    {"votes": 9, "hours": 1},
    {"comments": 3, "hours": 2},
    {"votes": 8, "comments": 2, "hours": 1},
    {"hours": 4},
]


@pytest.mark.parametrize("order", list(permutations(range(5)))[::7])
def test_the_order_of_readings_does_not_matter(order):
    for place in order:
        read(**READINGS[place])

    # Of two readings of one moment the greater number stands.
    assert kept() == (9, 3)


def test_shuffled_readings_end_as_the_latest_of_each_number():
    chance = random.Random(7)
    for number in range(1, 21):
        readings = [
            (chance.choice([None, *range(9)]), chance.choice([None, *range(9)]), hours)
            for hours in range(6)
        ]
        for votes, comments, hours in chance.sample(readings, len(readings)):
            read(votes, comments, hours=hours, external_id=f"2611.{number:05}")

        tally = PaperTally.objects.get(paper__external_id=f"2611.{number:05}")
        votes = [votes for votes, _, _ in readings if votes is not None]
        comments = [comments for _, comments, _ in readings if comments is not None]
        assert tally.external_vote_count == (votes[-1] if votes else None)
        assert tally.external_comment_count == (comments[-1] if comments else None)


def test_a_feed_without_signals_leaves_them_alone():
    read(votes=38, comments=4)

    import_records(
        records=[PaperRecord(external_id="2611.00001", title="At arXiv", version=1)],
    )

    assert kept() == (38, 4)


def test_a_saved_answer_counts_as_read_when_its_day_began(tmp_path):
    path = tmp_path / "2026-11-20.json.gz"
    path.write_bytes(gzip.compress(json.dumps([entry("2611.00001", upvotes=3)]).encode()))

    batch = read_day(path, DAY)

    assert batch.records[0].signals == SignalsRecord(datetime(2026, 11, 20, tzinfo=UTC), 3, None)


# On pages -------------------------------------------------------------------------------


def test_a_card_names_the_external_votes_and_the_day_they_were_read(client):
    make_paper(vote_count=2, external_vote_count=38, external_votes_read_at=MORNING)

    content = client.get("/papers/date/2026-11-20").content.decode()

    assert "38 on Hugging Face" in content
    assert 'datetime="2026-11-20">(read on Nov 20' in content
    assert ">40<" not in content


def test_a_paper_s_page_names_the_external_votes_apart(client):
    paper = make_paper(vote_count=2, external_vote_count=38, external_votes_read_at=MORNING)

    content = client.get(paper.get_absolute_url()).content.decode()

    assert "38 on Hugging Face" in content
    assert "2 votes" in content


@pytest.mark.parametrize("votes", [None, 0])
def test_without_external_votes_nothing_is_said_of_them(client, votes):
    make_paper(external_vote_count=votes, external_votes_read_at=MORNING)

    assert "Hugging Face" not in client.get("/papers/date/2026-11-20").content.decode()
