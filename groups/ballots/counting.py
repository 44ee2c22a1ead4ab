"""Counting a ballot: approval, instant runoff, and the Schulze method.

Pure functions from slips to a Count, which does not depend on the order of the slips. A slip is a
list of candidates' numbers: those approved of, or a ranking with the best first. Candidates are
numbered in order of nomination.

Two rules hold for every method:

- Withdrawn candidates are removed from every slip before counting. A slip that then names nobody is
  blank: it counts toward the quorum but for no paper.

- Ties go to the earlier nomination, the lower number. In a runoff, among those with equally few
  slips, the later nomination is eliminated first.

Without a slip that names a candidate there is no winner.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

Method = Literal["approval", "runoff", "schulze"]
# Equal slips are counted together: thousands of slips hold few distinct rankings.
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

    # The slips of each remaining candidate, by number.
    totals: dict[int, int]
    # Slips without a remaining candidate, not including blank ones.
    exhausted: int
    # The candidate eliminated in this round; None in the last round.
    eliminated: int | None = None
    # Candidates with equally few slips, if the order of elimination could matter.
    tied: tuple[int, ...] = ()


@dataclass(frozen=True)
class Count:
    """The result of counting a ballot.

    Its JSON format, in the database and in the file (lists are in the order of `candidates`):

        {"method": "approval" | "runoff" | "schulze",
         "slips": 17,                 cast
         "blank": 1,                  of these, naming no remaining candidate
         "candidates": [1, 2, 4],     numbers of those not withdrawn
         "withdrawn": [3],
         "totals": [9, 7, 4],         approval: slips that approve. Runoff: slips in the
                                      candidate's last round. Schulze: how many of the others
                                      it beats
         "rounds": [                  runoff only
           {"totals": [9, 7, null],   null: eliminated before
            "exhausted": 0, "eliminated": 4, "tied": []}],
         "pairwise": [[0, 9, 8], …],  Schulze only: slips that prefer the row to the column
         "paths": [[0, 9, 9], …],     Schulze only: strongest path from the row to the column
         "ranking": [1, 2, 4],        the winner first
         "winner": 1,                 or null
         "by_tie_rule": false}        whether the tie rule was used: without it another could
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
        """Return the count in the format that the class describes."""
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
        """Return the count from the format of `as_json`."""
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
    """Count slips by the named method. `candidates` includes the withdrawn ones."""
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
    """Count approvals: the paper with most approvals wins (Brams and Fishburn, 1978)."""
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

    In each round a slip counts for its highest-ranked remaining candidate. A candidate with more
    than half of the slips that count in the round wins. Otherwise the one with the fewest is
    eliminated, one at a time; among several with the fewest, the later nomination.
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
    """Count one round among the remaining candidates, and find whom it eliminates."""
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
    # If the tied candidates together have fewer slips than the next above, all of them are
    # eliminated before it in any order: transfers among them cannot lift one above it. Only
    # otherwise can the order matter.
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
    number of slips that rank i above j; unranked candidates rank equally, below all ranked ones.
    Where d(i, j) > d(j, i) there is a link from i to j with strength d(i, j). The strength of a
    path is that of its weakest link, p(i, j) is that of the strongest path, and i beats j where
    p(i, j) > p(j, i). That order is transitive (section 4.1), so at least one candidate is
    unbeaten; among several, the earlier nomination wins. The rest of the ranking follows in the
    same way.
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
    """Count for each pair the slips that rank the first above the second."""
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
    """Return p(i, j) of every pair, by the Floyd-Warshall algorithm."""
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
    """Return the remaining candidates, and the slips without withdrawn ones, grouped."""
    standing = sorted(set(candidates) - set(withdrawn))
    known = set(standing)
    struck = (tuple(number for number in slip if number in known) for slip in slips)
    # Of a number that is repeated on a slip, only the first position counts.
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
