"""Counting a ballot: approval, instant runoff, and the Schulze method.

Pure: slips go in, a Count comes out, and the same slips give the same Count in whatever order
they come. A slip is a list of candidates' numbers: those approved of, or a ranking with the best
first. A candidate's number is its place in the order of nomination.

Two rules hold for every method:

- Candidates that were withdrawn are struck from every slip before anything is counted, as if
  they had never stood. A slip that then names nobody is blank: it counts toward the quorum and
  for no paper.
- Where the slips leave a choice, the earlier nomination wins: the lower number. In a runoff that
  means that, of those who share the fewest slips, the later nomination goes out first.

With no slip that names a candidate there is no winner.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

Method = Literal["approval", "runoff", "schulze"]
# Slips that say the same are counted together: thousands of slips are few rankings.
_Ballots = Counter[tuple[int, ...]]

TIE_RULE = "If there is a tie, the earlier nomination wins."
TIE_RULES: dict[str, str] = {
    "approval": TIE_RULE,
    "runoff": (
        "If several papers have the fewest votes, the latest nomination is eliminated first."
    ),
    "schulze": TIE_RULE,
}


@dataclass(frozen=True)
class Round:
    """One round of a runoff."""

    # The slips that each candidate still standing has, by number.
    totals: dict[int, int]
    # Slips on which nobody is left who stands; blank ones are not among them.
    exhausted: int
    # Who goes out after it; None in the last round.
    eliminated: int | None = None
    # Those who shared the fewest slips, where their order of going out could matter.
    tied: tuple[int, ...] = ()


@dataclass(frozen=True)
class Count:
    """What came of a ballot.

    As JSON, which is what a ballot keeps and its file holds (lists go in the order of
    `candidates`):

        {"method": "approval" | "runoff" | "schulze",
         "slips": 17,                 handed in
         "blank": 1,                  of these, naming nobody who stands
         "candidates": [1, 2, 4],     numbers of those who stood to the end
         "withdrawn": [3],
         "totals": [9, 7, 4],         approval: slips that approve. Runoff: slips in the last
                                      round that the candidate saw. Schulze: how many of the
                                      others the candidate beats
         "rounds": [                  runoff only
           {"totals": [9, 7, null],   null: out before
            "exhausted": 0, "eliminated": 4, "tied": []}],
         "pairwise": [[0, 9, 8], …],  Schulze only: slips that prefer the row to the column
         "paths": [[0, 9, 9], …],     Schulze only: strongest path from the row to the column
         "ranking": [1, 2, 4],        the winner first
         "winner": 1,                 or null
         "by_tie_rule": false}        whether the tie rule was asked: without it another could
                                      have won
    """

    method: Method
    slips: int
    blank: int
    candidates: tuple[int, ...]
    withdrawn: tuple[int, ...]
    totals: dict[int, int]
    ranking: tuple[int, ...]
    winner: int | None
    by_tie_rule: bool
    rounds: tuple[Round, ...] = ()
    pairwise: tuple[tuple[int, ...], ...] = ()
    paths: tuple[tuple[int, ...], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the count in the shape that the class describes."""
        return {
            "method": self.method,
            "slips": self.slips,
            "blank": self.blank,
            "candidates": list(self.candidates),
            "withdrawn": list(self.withdrawn),
            "totals": [self.totals[number] for number in self.candidates],
            "rounds": [
                {
                    "totals": [each.totals.get(number) for number in self.candidates],
                    "exhausted": each.exhausted,
                    "eliminated": each.eliminated,
                    "tied": list(each.tied),
                }
                for each in self.rounds
            ],
            "pairwise": [list(row) for row in self.pairwise],
            "paths": [list(row) for row in self.paths],
            "ranking": list(self.ranking),
            "winner": self.winner,
            "by_tie_rule": self.by_tie_rule,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Count:
        """Return the count that `as_json` wrote."""
        numbers = tuple(said["candidates"])
        return cls(
            method=said["method"],
            slips=said["slips"],
            blank=said["blank"],
            candidates=numbers,
            withdrawn=tuple(said["withdrawn"]),
            totals=dict(zip(numbers, said["totals"], strict=True)),
            ranking=tuple(said["ranking"]),
            winner=said["winner"],
            by_tie_rule=said["by_tie_rule"],
            rounds=tuple(_round_from_json(each, numbers) for each in said["rounds"]),
            pairwise=tuple(tuple(row) for row in said["pairwise"]),
            paths=tuple(tuple(row) for row in said["paths"]),
        )


def _round_from_json(said: Mapping[str, Any], numbers: Sequence[int]) -> Round:
    totals = zip(numbers, said["totals"], strict=True)
    return Round(
        totals={number: total for number, total in totals if total is not None},
        exhausted=said["exhausted"],
        eliminated=said["eliminated"],
        tied=tuple(said["tied"]),
    )


def count(
    method: str,
    slips: Iterable[Sequence[int]],
    *,
    candidates: Collection[int],
    withdrawn: Collection[int] = (),
) -> Count:
    """Count slips by the method's name. `candidates` are all numbers, the withdrawn among them."""
    methods: dict[str, Callable[..., Count]] = {
        "approval": approval,
        "runoff": runoff,
        "schulze": schulze,
    }
    return methods[method](slips, candidates=candidates, withdrawn=withdrawn)


def approval(
    slips: Iterable[Sequence[int]],
    *,
    candidates: Collection[int],
    withdrawn: Collection[int] = (),
) -> Count:
    """Count approvals: the paper that most slips approve of wins (Brams and Fishburn, 1978)."""
    standing, ballots = _strike(slips, candidates, withdrawn)
    totals = dict.fromkeys(standing, 0)
    for choices, times in ballots.items():
        for number in choices:
            totals[number] += times
    ranking = tuple(sorted(standing, key=lambda number: (-totals[number], number)))
    highest = [number for number in standing if totals[number] == max(totals.values())]
    winner = ranking[0] if _names_anybody(ballots) else None
    return Count(
        method="approval",
        **_head(standing, withdrawn, ballots),
        totals=totals,
        ranking=ranking,
        winner=winner,
        by_tie_rule=winner is not None and len(highest) > 1,
    )


def runoff(
    slips: Iterable[Sequence[int]],
    *,
    candidates: Collection[int],
    withdrawn: Collection[int] = (),
) -> Count:
    """Count by instant runoff, also known as the alternative vote (Ware's rule, 1871).

    In each round a slip counts for the candidate it ranks highest among those still standing.
    Whoever has more than half of the slips that count in the round wins. Otherwise the one with
    the fewest goes out, one at a time; among several with the fewest it is the later nomination.
    """
    standing, ballots = _strike(slips, candidates, withdrawn)
    rounds: list[Round] = []
    left, out = list(standing), []
    while left and _names_anybody(ballots):
        this = _round(ballots, left)
        rounds.append(this)
        if this.eliminated is None:
            break
        left.remove(this.eliminated)
        out.append(this.eliminated)
    totals = dict.fromkeys(standing, 0)
    for each in rounds:
        totals |= each.totals
    best_first = sorted(left, key=lambda number: (-totals[number], number))
    return Count(
        method="runoff",
        **_head(standing, withdrawn, ballots),
        totals=totals,
        ranking=(*best_first, *reversed(out)),
        winner=best_first[0] if rounds else None,
        by_tie_rule=any(each.tied for each in rounds),
        rounds=tuple(rounds),
    )


def _round(ballots: _Ballots, left: Sequence[int]) -> Round:
    """Count one round among those left, and say who goes out."""
    totals, exhausted = dict.fromkeys(left, 0), 0
    for choices, times in ballots.items():
        first = next((number for number in choices if number in totals), None)
        if first is not None:
            totals[first] += times
        elif choices:
            exhausted += times
    if 2 * max(totals.values()) > sum(totals.values()):
        return Round(totals, exhausted)
    fewest = min(totals.values())
    lowest = [number for number in left if totals[number] == fewest]
    above = [total for total in totals.values() if total > fewest]
    # Those who together have less than the next above all go out before it, in whatever order:
    # what one leaves to another cannot lift it. Only otherwise the order can matter.
    matters = len(lowest) > 1 and not (above and fewest * len(lowest) < min(above))
    return Round(totals, exhausted, max(lowest), tuple(lowest) if matters else ())


def schulze(
    slips: Iterable[Sequence[int]],
    *,
    candidates: Collection[int],
    withdrawn: Collection[int] = (),
) -> Count:
    """Count by the Schulze method, with winning votes.

    M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
    single-winner election method", Social Choice and Welfare 36 (2011), 267-303. d(i, j) is the
    number of slips that rank i above j; a candidate left out ranks below all that are named, and
    level with the others left out. Where d(i, j) > d(j, i) there is a link from i to j as strong
    as d(i, j). A path is as strong as its weakest link, p(i, j) is the strongest path, and i
    beats j where p(i, j) > p(j, i). That order is transitive (his section 4.1), so somebody is
    beaten by nobody; among several such the earlier nomination wins, and the ranking goes on so.
    """
    standing, ballots = _strike(slips, candidates, withdrawn)
    pairwise = _pairwise(ballots, len(standing), {each: i for i, each in enumerate(standing)})
    paths = _strongest_paths(pairwise)
    places = range(len(standing))
    beaten_by = {j: {i for i in places if paths[i][j] > paths[j][i]} for j in places}
    ranking: list[int] = []
    while len(ranking) < len(standing):
        left = [i for i in places if i not in ranking]
        ranking.append(next(i for i in left if beaten_by[i].isdisjoint(left)))
    winner = standing[ranking[0]] if _names_anybody(ballots) else None
    unbeaten = [i for i in places if not beaten_by[i]]
    return Count(
        method="schulze",
        **_head(standing, withdrawn, ballots),
        totals={standing[i]: sum(i in those for those in beaten_by.values()) for i in places},
        ranking=tuple(standing[i] for i in ranking),
        winner=winner,
        by_tie_rule=winner is not None and len(unbeaten) > 1,
        pairwise=tuple(tuple(row) for row in pairwise),
        paths=tuple(tuple(row) for row in paths),
    )


def _pairwise(ballots: _Ballots, size: int, place: Mapping[int, int]) -> list[list[int]]:
    """Count for each pair the slips that rank the one above the other."""
    table = [[0] * size for _ in range(size)]
    for choices, times in ballots.items():
        below = set(range(size))
        for number in choices:
            row = place[number]
            below.discard(row)
            for column in below:
                table[row][column] += times
    return table


def _strongest_paths(pairwise: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return p(i, j) of every pair, by the algorithm of Floyd and Warshall."""
    places = range(len(pairwise))
    paths = [
        [pairwise[i][j] if pairwise[i][j] > pairwise[j][i] else 0 for j in places] for i in places
    ]
    # The middle is the outer loop: Schulze's section 2.3.
    for middle in places:
        for i in places:
            for j in places:
                if i != j:
                    through = min(paths[i][middle], paths[middle][j])
                    paths[i][j] = max(paths[i][j], through)
    return paths


def _strike(
    slips: Iterable[Sequence[int]], candidates: Collection[int], withdrawn: Collection[int]
) -> tuple[list[int], _Ballots]:
    """Return who stands, and the slips without those who do not, alike ones together."""
    standing = sorted(set(candidates) - set(withdrawn))
    known = set(standing)
    struck = (tuple(number for number in slip if number in known) for slip in slips)
    # A number twice on a slip says no more than once: its first place holds.
    return standing, Counter(tuple(dict.fromkeys(choices)) for choices in struck)


def _names_anybody(ballots: _Ballots) -> bool:
    return any(ballots)


def _head(standing: list[int], withdrawn: Collection[int], ballots: _Ballots) -> dict[str, Any]:
    return {
        "slips": ballots.total(),
        "blank": ballots[()],
        "candidates": tuple(standing),
        "withdrawn": tuple(sorted(set(withdrawn))),
    }
