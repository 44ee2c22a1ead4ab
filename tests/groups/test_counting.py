"""Counting ballots, against published examples, a second count, and what must always hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from groups.ballots import counting
from tests.groups import naive_counts

METHODS = ["approval", "runoff", "schulze"]
CANDIDATES = range(1, 6)

slip = st.lists(st.sampled_from(CANDIDATES), unique=True, max_size=5)
slips = st.lists(slip, max_size=14)
withdrawals = st.sets(st.sampled_from(CANDIDATES), max_size=2)


def said(groups, letters):
    """Make slips of lines such as "5 ACBED"; letters are numbered in their order."""
    made = []
    for line in groups.split("\n"):
        times, ranking = line.split()
        made += int(times) * [[letters.index(letter) + 1 for letter in ranking]]
    return made


def winner_letter(count, letters):
    return letters[count.winner - 1]


# Wikipedia, "Schulze method": 45 voters. E wins, and the order is E, A, C, B, D.
SCHULZE_45 = said("5 ACBED\n5 ADECB\n8 BEDAC\n3 CABED\n7 CAEBD\n2 CBADE\n7 DCEBA\n8 EBADC", "ABCDE")
# Schulze (2011), section 3.2: 30 voters, in which D wins.
SCHULZE_30 = said("5 ACBD\n2 ACDB\n3 ADCB\n4 BACD\n3 CBDA\n3 CDBA\n1 DACB\n5 DBAC\n4 DCBA", "ABCD")
# Memphis, Nashville, Chattanooga, Knoxville, in percent: where Tennessee's capital should be.
TENNESSEE = said("42 MNCK\n26 NCKM\n15 CKNM\n17 KCNM", "MNCK")
# Wikipedia, "Instant-runoff voting", of Burlington, Vermont, in 2009: Kiss, Montroll and Wright.
BURLINGTON = said(
    "1332 MKW\n767 MWK\n455 M\n2043 KMW\n371 KWM\n568 K\n1513 WMK\n495 WKM\n1289 W", "KMW"
)


def test_schulzes_45_voters_choose_e():
    count = counting.schulze(SCHULZE_45, candidates=CANDIDATES)

    assert [*"EACBD"] == ["ABCDE"[number - 1] for number in count.ranking]
    assert count.pairwise[0] == (0, 20, 26, 30, 22)
    assert count.paths[4] == (25, 28, 28, 31, 0)
    assert count.paths[3] == (25, 28, 28, 0, 24)
    assert not count.by_tie_rule


def test_schulzes_30_voters_choose_d():
    count = counting.schulze(SCHULZE_30, candidates=range(1, 5))

    assert winner_letter(count, "ABCD") == "D"


def test_tennessee_by_runoff_chooses_knoxville():
    count = counting.runoff(TENNESSEE, candidates=range(1, 5))

    assert winner_letter(count, "MNCK") == "K"
    assert [each.eliminated for each in count.rounds] == [3, 2, None]
    assert count.rounds[-1].totals == {1: 42, 4: 58}


def test_tennessee_by_schulze_chooses_nashville():
    count = counting.schulze(TENNESSEE, candidates=range(1, 5))

    assert winner_letter(count, "MNCK") == "N"
    assert count.ranking == (2, 3, 4, 1)


def test_tennessee_by_approval_of_the_two_nearest_chooses_nashville():
    nearest_two = [ranking[:2] for ranking in TENNESSEE]

    count = counting.approval(nearest_two, candidates=range(1, 5))

    assert winner_letter(count, "MNCK") == "N"
    assert count.totals == {1: 42, 2: 68, 3: 58, 4: 32}


def test_burlington_by_runoff_chooses_kiss_and_by_schulze_montroll():
    assert winner_letter(counting.runoff(BURLINGTON, candidates=[1, 2, 3]), "KMW") == "K"
    assert winner_letter(counting.schulze(BURLINGTON, candidates=[1, 2, 3]), "KMW") == "M"


def test_a_circle_of_three_is_cut_at_its_weakest_link():
    circle = said("9 ABC\n8 BCA\n7 CAB", "ABC")

    count = counting.schulze(circle, candidates=[1, 2, 3])

    # A beats B by 16, B beats C by 17, C beats A by 15: the last gives way.
    assert count.ranking == (1, 2, 3)


@pytest.mark.parametrize("method", METHODS)
def test_the_earlier_nomination_wins_a_tie(method):
    count = counting.count(method, [[2], [1]], candidates=[1, 2])

    assert count.winner == 1
    assert count.by_tie_rule


@pytest.mark.parametrize("method", METHODS)
def test_a_clear_win_needs_no_tie_rule(method):
    count = counting.count(method, [[2], [2], [1]], candidates=[1, 2, 3])

    assert count.winner == 2
    assert not count.by_tie_rule


def test_of_the_lowest_the_later_nomination_goes_out_first():
    count = counting.runoff([[1], [1], [2], [3, 2], [4], [4]], candidates=[1, 2, 3, 4])

    assert count.rounds[0].eliminated == 3
    assert count.rounds[0].tied == (2, 3)
    # With the vote of the third, the second is level with the others: again the later goes.
    assert count.rounds[1].tied == (1, 2, 4)
    assert count.rounds[1].eliminated == 4


def test_a_tie_that_cannot_matter_is_not_called_one():
    count = counting.runoff([[1]] * 4 + [[2]] * 3 + [[3, 2], [4, 2]], candidates=[1, 2, 3, 4])

    assert [each.eliminated for each in count.rounds] == [4, 3, None]
    assert count.winner == 2
    assert not count.by_tie_rule


def test_slips_on_which_nobody_is_left_are_exhausted():
    count = counting.runoff([[1]] * 2 + [[2]] * 2 + [[3]], candidates=[1, 2, 3])

    assert [each.exhausted for each in count.rounds] == [0, 1, 3]


@pytest.mark.parametrize("method", METHODS)
def test_the_withdrawn_are_struck_before_anything_is_counted(method):
    cast = [[3, 1], [3, 2], [3, 2], [3]]

    count = counting.count(method, cast, candidates=[1, 2, 3], withdrawn=[3])

    assert (count.winner, count.slips, count.blank) == (2, 4, 1)
    assert count.candidates == (1, 2)
    assert count.withdrawn == (3,)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("cast", [[], [[]], [[2]]])
def test_without_a_vote_for_anybody_nobody_wins(method, cast):
    count = counting.count(method, cast, candidates=[1, 2], withdrawn=[2])

    assert count.winner is None
    assert not count.by_tie_rule
    assert count.ranking == (1,)


@pytest.mark.parametrize("method", METHODS)
def test_without_candidates_nobody_wins(method):
    count = counting.count(method, [[1], []], candidates=[1], withdrawn=[1])

    assert (count.winner, count.ranking, count.blank) == (None, (), 2)


@given(slips, withdrawals)
@pytest.mark.parametrize("method", METHODS)
def test_a_second_count_finds_the_same_winner(method, cast, withdrawn):
    second_count = getattr(naive_counts, method)

    count = counting.count(method, cast, candidates=CANDIDATES, withdrawn=withdrawn)

    assert count.winner == second_count(cast, CANDIDATES, withdrawn)


@given(slips, st.randoms())
@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_slips_changes_nothing(method, cast, random):
    shuffled = list(cast)
    random.shuffle(shuffled)

    one = counting.count(method, cast, candidates=CANDIDATES)

    assert one == counting.count(method, shuffled, candidates=CANDIDATES)


@given(slips, withdrawals)
@pytest.mark.parametrize("method", METHODS)
def test_a_count_is_the_same_after_a_way_through_json(method, cast, withdrawn):
    count = counting.count(method, cast, candidates=CANDIDATES, withdrawn=withdrawn)

    assert counting.Count.from_json(json.loads(json.dumps(count.as_json()))) == count


@given(slips, withdrawals)
@pytest.mark.parametrize("method", METHODS)
def test_everybody_who_stands_is_ranked_once_and_the_winner_first(method, cast, withdrawn):
    count = counting.count(method, cast, candidates=CANDIDATES, withdrawn=withdrawn)

    assert sorted(count.ranking) == list(count.candidates)
    assert count.winner in {None, *count.ranking[:1]}


@given(slips)
def test_a_condorcet_winner_wins_by_schulze(cast):
    best = naive_counts.condorcet_winner(cast, CANDIDATES)
    assume(best)

    count = counting.schulze(cast, candidates=CANDIDATES)

    assert count.winner == best
    assert not count.by_tie_rule


@given(slips, st.sampled_from(CANDIDATES))
@pytest.mark.parametrize("method", ["runoff", "schulze"])
def test_whoever_most_rank_first_wins(method, cast, best):
    cast = [*cast, *([[best]] * (len(cast) + 1))]

    assert counting.count(method, cast, candidates=CANDIDATES).winner == best


@given(slips, st.data())
def test_one_more_approval_never_hurts(cast, data):
    before = counting.approval(cast, candidates=CANDIDATES)
    assume(before.winner)
    lacking = [at for at, each in enumerate(cast) if before.winner not in each]
    assume(lacking)
    at = data.draw(st.sampled_from(lacking))

    more = [*cast[:at], [*cast[at], before.winner], *cast[at + 1 :]]

    assert counting.approval(more, candidates=CANDIDATES).winner == before.winner


@given(slips, st.data())
def test_to_be_ranked_higher_never_hurts_by_schulze(cast, data):
    before = counting.schulze(cast, candidates=CANDIDATES)
    assume(before.winner)
    at = data.draw(st.integers(0, len(cast) - 1))

    raised = [number for number in cast[at] if number != before.winner]
    more = [*cast[:at], [before.winner, *raised], *cast[at + 1 :]]

    assert counting.schulze(more, candidates=CANDIDATES).winner == before.winner


@given(slips)
def test_every_slip_is_somewhere_in_every_round(cast):
    count = counting.runoff(cast, candidates=CANDIDATES)

    for each in count.rounds:
        assert sum(each.totals.values()) + each.exhausted + count.blank == count.slips


@given(slips, st.permutations(CANDIDATES))
@pytest.mark.parametrize("method", METHODS)
def test_without_a_tie_the_order_of_nomination_does_not_matter(method, cast, names):
    """The check of `by_tie_rule`: where it is false, another numbering chooses the same paper."""
    renamed = [[names[number - 1] for number in each] for each in cast]

    count = counting.count(method, cast, candidates=CANDIDATES)
    assume(count.winner and not count.by_tie_rule)

    other = counting.count(method, renamed, candidates=CANDIDATES)
    assert other.winner == names[count.winner - 1]


def test_five_thousand_slips_of_twelve_are_counted_at_once():
    cast = [[(at * step + step) % 12 + 1 for step in range(12)] for at in range(5000)]

    for method in METHODS:
        count = counting.count(method, cast, candidates=range(1, 13))
        assert (count.slips, len(count.ranking)) == (5000, 12)
