"""The same counts by other ways: slow, short and close to the words of the rules.

Schulze winners are found by looking at every path there is, a runoff by crossing out names on
every single slip, approvals by asking each candidate.
"""

from __future__ import annotations

from itertools import pairwise, permutations


def struck(slips, withdrawn):
    """Cross the withdrawn out on each slip."""
    return [[number for number in slip if number not in withdrawn] for slip in slips]


def approval(slips, candidates, withdrawn=()):
    slips = struck(slips, withdrawn)
    best = None
    for number in sorted(set(candidates) - set(withdrawn)):
        votes = sum(1 for slip in slips if number in slip)
        if votes and (best is None or votes > best[0]):
            best = (votes, number)
    return best[1] if best else None


def runoff(slips, candidates, withdrawn=()):
    """Cross out the weakest until one is left: whoever has a majority is that one."""
    slips = [slip for slip in struck(slips, withdrawn) if slip]
    left = sorted(set(candidates) - set(withdrawn))
    if not slips:
        return None
    while len(left) > 1:
        piles = {number: [slip for slip in slips if slip and slip[0] == number] for number in left}
        weakest = min(left, key=lambda number: (len(piles[number]), -number))
        left.remove(weakest)
        slips = [[number for number in slip if number != weakest] for slip in slips]
    return left[0]


def schulze(slips, candidates, withdrawn=()):
    slips = struck(slips, withdrawn)
    left = sorted(set(candidates) - set(withdrawn))
    if not any(slips):
        return None

    def prefer(one, other):
        return sum(
            1
            for slip in slips
            if one in slip and (other not in slip or slip.index(one) < slip.index(other))
        )

    def strength(one, other):
        won, lost = prefer(one, other), prefer(other, one)
        return won if won > lost else 0

    def strongest(one, other):
        between = [number for number in left if number not in (one, other)]
        paths = (
            [one, *through, other]
            for length in range(len(between) + 1)
            for through in permutations(between, length)
        )
        return max(min(strength(a, b) for a, b in pairwise(path)) for path in paths)

    unbeaten = [
        one
        for one in left
        if all(strongest(one, other) >= strongest(other, one) for other in left if other != one)
    ]
    return unbeaten[0]


def condorcet_winner(slips, candidates):
    """Return whom more prefer to each other one than the other way round, if there is one."""
    for one in candidates:
        for other in candidates:
            if one == other:
                continue
            above = below = 0
            for slip in slips:
                places = {number: at for at, number in enumerate(slip)}
                mine, theirs = places.get(one, 99), places.get(other, 99)
                above += mine < theirs
                below += theirs < mine
            if above <= below:
                break
        else:
            return one
    return None
