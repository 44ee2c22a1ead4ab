"""Casting votes and taking them back: what counts, what weighs, and what two at once do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers import trending, voting
from papers.models import PaperTally, Upvote
from tests.builders import make_authorship, make_paper, make_user

pytestmark = pytest.mark.django_db


def tally_of(paper):
    return PaperTally.objects.get(paper=paper)


def test_a_vote_moves_count_and_score():
    paper = make_paper()

    vote = voting.cast_vote(paper=paper, member=make_user())

    assert vote == voting.VoteState(is_upvoted=True, vote_count=1)
    cast = Upvote.objects.get()
    assert tally_of(paper).hot_score == pytest.approx(trending.moment(cast.cast_at))


def test_voting_twice_counts_once():
    paper, member = make_paper(), make_user()
    voting.cast_vote(paper=paper, member=member)
    score = tally_of(paper).hot_score

    assert voting.cast_vote(paper=paper, member=member).vote_count == 1

    assert tally_of(paper).hot_score == score


def test_a_vote_taken_back_leaves_no_trace():
    paper, member = make_paper(), make_user()
    voting.cast_vote(paper=paper, member=make_user())
    before = tally_of(paper).hot_score
    voting.cast_vote(paper=paper, member=member)

    vote = voting.remove_vote(paper=paper, member=member)

    assert vote == voting.VoteState(is_upvoted=False, vote_count=1)
    assert tally_of(paper).hot_score == pytest.approx(before)


def test_taking_back_what_was_not_cast_changes_nothing():
    paper = make_paper()
    voting.cast_vote(paper=paper, member=make_user())

    assert voting.remove_vote(paper=paper, member=make_user()).vote_count == 1


def test_the_vote_for_ones_own_submission_is_shown_and_not_ranked():
    member = make_user()
    paper = make_paper(submitted_by=member)

    assert voting.cast_vote(paper=paper, member=member).vote_count == 1

    assert tally_of(paper).hot_score is None


def test_the_vote_for_ones_own_paper_is_shown_and_not_ranked():
    member, paper = make_user(), make_paper()
    make_authorship(paper, claimed_by=member)

    assert voting.cast_vote(paper=paper, member=member).vote_count == 1

    assert tally_of(paper).hot_score is None
    assert Upvote.objects.get().weight == 0


@pytest.mark.parametrize(
    ("age", "weight"),
    [
        (timedelta(hours=23), 0),
        (timedelta(hours=25), voting.YOUNG_WEIGHT),
        (timedelta(days=6), voting.YOUNG_WEIGHT),
        (timedelta(days=8), 1),
    ],
)
def test_a_vote_weighs_more_as_the_account_ages(age, weight):
    member = make_user(joined_at=timezone.now() - age)

    voting.cast_vote(paper=make_paper(), member=member)

    assert Upvote.objects.get().weight == weight


def test_a_light_vote_ranks_below_a_full_one():
    light, full = make_paper(), make_paper()
    young = make_user(joined_at=timezone.now() - timedelta(days=2))
    voting.cast_vote(paper=light, member=young)
    voting.cast_vote(paper=full, member=make_user())

    assert tally_of(light).hot_score < tally_of(full).hot_score


def test_a_void_vote_cannot_be_taken_back_and_cast_anew():
    paper, member = make_paper(), make_user()
    voting.cast_vote(paper=paper, member=member)
    Upvote.objects.update(voided_at=timezone.now(), void_reason="Bought")
    trending.recompute_scores()

    voting.remove_vote(paper=paper, member=member)
    pressed = voting.cast_vote(paper=paper, member=member)

    assert pressed == voting.VoteState(is_upvoted=False, vote_count=0)
    assert tally_of(paper).vote_count == 0


@pytest.fixture
def busy_member():
    """A member who voted for two papers, the first of which has another vote as well."""
    member, papers = make_user(), [make_paper(), make_paper()]
    voting.cast_vote(paper=papers[0], member=make_user())
    for paper in papers:
        voting.cast_vote(paper=paper, member=member)
    return member, *papers


def test_a_members_votes_are_voided_with_a_reason(busy_member):
    member, shared, own = busy_member

    assert voting.void_votes(member=member, reason="Bought") == 2

    assert (tally_of(shared).vote_count, tally_of(own).vote_count) == (1, 0)
    assert tally_of(own).hot_score is None
    assert set(member.upvotes.values_list("void_reason", flat=True)) == {"Bought"}
    assert trending.recompute_scores().drifted == 0


def test_restored_votes_count_from_when_they_were_cast(busy_member):
    member, shared, own = busy_member
    before = [(tally_of(paper).vote_count, tally_of(paper).hot_score) for paper in (shared, own)]
    voting.void_votes(member=member, reason="Bought")

    assert voting.restore_votes(member=member) == 2

    for paper, (vote_count, hot_score) in zip((shared, own), before, strict=True):
        assert tally_of(paper).vote_count == vote_count
        assert tally_of(paper).hot_score == pytest.approx(hot_score)
    assert trending.recompute_scores().drifted == 0


def test_voiding_twice_and_restoring_twice_changes_nothing(busy_member):
    member, *_ = busy_member
    voting.void_votes(member=member, reason="Bought")

    assert voting.void_votes(member=member, reason="Again") == 0
    assert set(member.upvotes.values_list("void_reason", flat=True)) == {"Bought"}
    voting.restore_votes(member=member)
    assert voting.restore_votes(member=member) == 0


def test_voiding_costs_no_more_queries_for_more_votes(count_queries):
    few, many = make_user(), make_user()
    for member, number in [(few, 1), (many, 8)]:
        for _ in range(number):
            voting.cast_vote(paper=make_paper(), member=member)

    assert count_queries(lambda: voting.void_votes(member=many, reason="Bought")) == count_queries(
        lambda: voting.void_votes(member=few, reason="Bought")
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=12))
def test_any_sequence_of_presses_leaves_a_tally_that_a_recount_confirms(presses):
    paper, members = make_paper(), [make_user() for _ in range(4)]

    for place, up in presses:
        act = voting.cast_vote if up else voting.remove_vote
        act(paper=paper, member=members[place])

    last = dict(presses)
    assert tally_of(paper).vote_count == sum(last.values())
    assert trending.recompute_scores().drifted == 0


def _in_own_connection(act):
    try:
        return act()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_are_neither_lost_nor_doubled():
    paper, members = make_paper(), [make_user() for _ in range(8)]

    def press(turn):
        member = members[turn % 8]
        act = voting.remove_vote if turn % 3 == 2 else voting.cast_vote
        return _in_own_connection(lambda: act(paper=paper, member=member))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(press, range(160)))

    assert tally_of(paper).vote_count == Upvote.objects.filter(paper=paper).count()
    assert trending.recompute_scores().drifted == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("age", [timedelta(days=400), timedelta(0)], ids=["ranked", "shown only"])
def test_a_recompute_among_votes_undoes_none(age):
    joined_at = timezone.now() - age
    paper, members = make_paper(), [make_user(joined_at=joined_at) for _ in range(40)]

    def act(turn):
        if turn % 4 == 0:
            return _in_own_connection(trending.recompute_scores)
        vote = lambda: voting.cast_vote(paper=paper, member=members[turn % 40])  # noqa: E731
        return _in_own_connection(vote)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(act, range(120)))

    assert tally_of(paper).vote_count == Upvote.objects.count()


@pytest.mark.django_db(transaction=True)
def test_voiding_among_votes_leaves_exact_tallies():
    papers, members = [make_paper() for _ in range(4)], [make_user() for _ in range(6)]

    def act(turn):
        member, paper = members[turn % 6], papers[turn % 4]
        acts = {
            0: lambda: voting.void_votes(member=member, reason="Bought"),
            1: lambda: voting.restore_votes(member=member),
            2: lambda: voting.remove_vote(paper=paper, member=member),
        }
        cast = lambda: voting.cast_vote(paper=paper, member=member)  # noqa: E731
        return _in_own_connection(acts.get(turn % 7, cast))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(act, range(200)))

    assert trending.recompute_scores().drifted == 0
