"""The order of trending papers: the arithmetic of scores, and the recompute."""

from __future__ import annotations

import contextlib
import math
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from papers import trending, voting
from papers.models import PaperTally
from tests.builders import make_paper, make_user, make_vote

MOMENTS = st.floats(min_value=-500, max_value=5000)
WEIGHTS = st.sampled_from([0.0, 0.3, 1.0])
VOTES = st.lists(st.tuples(MOMENTS, WEIGHTS), min_size=1, max_size=30)


def decayed_sum(votes, *, now):
    """What the score stands for: every vote, halved once for each half-life since."""
    return sum(weight * 2.0 ** (at - now) for at, weight in votes)


def score_of(votes):
    """The score that the votes make of nothing, one after the other."""
    score = None
    for moment, weight in votes:
        score = with_vote(score, moment, weight)
    return score


def with_vote(*values):
    sql = trending.score_with_vote(score="score", moment="moment", weight="weight")
    vote = "(SELECT %s::float8, %s::float8, %s::float8) AS vote (score, moment, weight)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql} FROM {vote}", values)
        return cursor.fetchone()[0]


@pytest.mark.django_db
@settings(max_examples=40)
@given(VOTES, VOTES)
def test_scores_order_papers_as_their_decayed_votes_do(first, second):
    ranked = [[vote for vote in votes if vote[1]] for votes in (first, second)]
    if not all(ranked):
        return
    now = max(at for votes in ranked for at, _ in votes)
    sums = [decayed_sum(votes, now=now) for votes in ranked]
    scores = [score_of(votes) for votes in ranked]

    if not math.isclose(sums[0], sums[1], rel_tol=1e-9):
        assert (scores[0] < scores[1]) == (sums[0] < sums[1])


@pytest.mark.django_db
@settings(max_examples=40)
@given(VOTES)
def test_the_order_in_which_votes_come_does_not_matter(votes):
    forward, backward = score_of(votes), score_of(reversed(votes))

    assert forward == backward or math.isclose(forward, backward, abs_tol=1e-9)


@pytest.mark.django_db
@settings(max_examples=40)
@given(VOTES, MOMENTS, WEIGHTS)
def test_a_vote_never_lowers_a_score(votes, at, weight):
    before = score_of(votes)
    after = with_vote(before, at, weight)

    assert before is None or after >= before


@pytest.mark.django_db
def test_a_vote_counts_half_after_one_half_life():
    at = datetime(2026, 11, 20, tzinfo=UTC)
    later = at + timedelta(hours=trending.HALF_LIFE_HOURS)
    two_old = score_of([(trending.moment(at), 1.0)] * 2)

    assert two_old == pytest.approx(score_of([(trending.moment(later), 1.0)]))


@pytest.mark.django_db
def test_a_vote_without_weight_leaves_the_score_alone():
    assert with_vote(None, 5, 0) is None
    assert with_vote(7.0, 5, 0) == 7.0


@pytest.mark.django_db
def test_the_recompute_gives_what_the_votes_gave_one_by_one():
    papers = [make_paper() for _ in range(3)]
    for paper in papers:
        for _ in range(4):
            voting.cast_vote(paper=paper, member=make_user())
    stored = list(PaperTally.objects.order_by("pk").values_list("vote_count", "hot_score"))

    recount = trending.recompute_scores()

    assert (recount.papers, recount.drifted) == (3, 0)
    assert list(PaperTally.objects.order_by("pk").values_list("vote_count", "hot_score")) == stored


@pytest.mark.django_db
def test_the_recompute_repairs_and_reports_drift(caplog):
    paper = make_paper(vote_count=7, hot_score=1.0)
    vote = make_vote(paper, cast_at=datetime(2026, 11, 20, tzinfo=UTC))

    assert trending.recompute_scores().drifted == 1

    assert "1 had drifted" in caplog.text
    paper.tally.refresh_from_db()
    assert paper.tally.vote_count == 1
    assert paper.tally.hot_score == pytest.approx(trending.moment(vote.cast_at))


@pytest.mark.django_db
def test_a_paper_that_lost_its_votes_is_recounted_to_nothing():
    paper = make_paper(vote_count=3, hot_score=5.0)

    trending.recompute_scores()

    paper.tally.refresh_from_db()
    assert (paper.tally.vote_count, paper.tally.hot_score) == (0, None)


@pytest.mark.django_db
def test_a_void_vote_counts_for_nothing():
    paper = make_paper()
    make_vote(paper, voided_at=datetime(2026, 11, 21, tzinfo=UTC), void_reason="Bought")

    trending.recompute_scores()

    paper.tally.refresh_from_db()
    assert (paper.tally.vote_count, paper.tally.hot_score) == (0, None)


@pytest.mark.django_db
@pytest.mark.parametrize("years", [(1995, 2024, 2026), (2024, 2050), (2047, 2050), (2027,)])
def test_decades_between_votes_neither_overflow_nor_vanish(years):
    paper = make_paper()
    moments = [datetime(year, 5, 5, tzinfo=UTC) for year in years]
    for at in moments:
        make_vote(paper, cast_at=at)

    with time_machine.travel(moments[-1] + timedelta(days=400), tick=False):
        trending.recompute_scores()

    paper.tally.refresh_from_db()
    expected = score_of((trending.moment(at), 1.0) for at in moments)
    assert paper.tally.hot_score == pytest.approx(expected)


@pytest.mark.django_db
def test_the_database_and_the_code_agree_on_a_vote_s_moment():
    vote = make_vote(make_paper(), cast_at=datetime(2026, 11, 20, 17, 30, tzinfo=UTC))

    vote.refresh_from_db()

    assert vote.moment == pytest.approx(trending.moment(vote.cast_at))


@pytest.mark.django_db
def test_votes_on_both_sides_of_an_era_are_added():
    paper = make_paper()
    edge = trending.EPOCH + timedelta(hours=512 * trending.HALF_LIFE_HOURS)
    make_vote(paper, cast_at=edge - timedelta(minutes=1))
    make_vote(paper, cast_at=edge + timedelta(minutes=1))

    trending.recompute_scores()

    paper.tally.refresh_from_db()
    assert paper.tally.hot_score == pytest.approx(513, abs=1e-3)


@pytest.mark.django_db(transaction=True)
def test_a_second_recompute_at_the_same_time_leaves_it_to_the_first():
    other = connection.copy()
    with contextlib.closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [trending._RECOMPUTE_LOCK])

        assert trending.recompute_scores() is None


@pytest.mark.django_db(transaction=True)
def test_a_recompute_leaves_alone_what_a_vote_moves_meanwhile():
    paper = make_paper(vote_count=7)  # drifted, so that the recompute wants to write it
    other = connection.copy()
    with contextlib.closing(other), other.cursor() as voter, ThreadPoolExecutor(1) as pool:
        voter.execute("BEGIN")
        voter.execute("UPDATE papers_papertally SET vote_count = 8 WHERE paper_id = %s", [paper.pk])
        recompute = pool.submit(_in_own_connection, trending.recompute_scores)
        _wait_until_somebody_waits_for_a_lock()
        voter.execute("COMMIT")
        recompute.result()

    assert PaperTally.objects.get(paper=paper).vote_count == 8


@pytest.mark.django_db(transaction=True)
def test_a_recompute_leaves_alone_what_an_import_moves_to_another_day_meanwhile():
    paper = make_paper(vote_count=7)  # drifted, so that the recompute wants to write it
    other = connection.copy()
    with contextlib.closing(other), other.cursor() as importer, ThreadPoolExecutor(1) as pool:
        importer.execute("BEGIN")
        for table, key in (("papers_paper", "id"), ("papers_papertally", "paper_id")):
            importer.execute(
                f"UPDATE {table} SET announced_on = '2026-11-18' WHERE {key} = %s", [paper.pk]
            )
        recompute = pool.submit(_in_own_connection, trending.recompute_scores)
        _wait_until_somebody_waits_for_a_lock()
        importer.execute("COMMIT")
        recompute.result()

    assert PaperTally.objects.get(paper=paper).announced_on == date(2026, 11, 18)


def _in_own_connection(act):
    try:
        return act()
    finally:
        connection.close()


def _wait_until_somebody_waits_for_a_lock():
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.005)
    pytest.fail("Nobody came to wait for the lock.")
