"""Where words stand in a text that may have changed since they were quoted."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# How much of its surroundings a passage is kept with. The same as in static/js/passages.js.
CONTEXT_LENGTH = 32
# Of a word that stands on every line, this many occurrences around the old place are compared.
MAX_CANDIDATES = 50


def locate(
    text: str, exact: str, prefix: str = "", suffix: str = "", start: int | None = None
) -> tuple[int, int] | None:
    """Return where the passage begins and ends, or None when its words are gone.

    The same words at the same position are the passage. Else it is where they stand with
    the most of their old surroundings, and of equals the nearest to the old position. Space
    may have changed, words may not.
    """
    spread = _spread(text)
    words = " ".join(exact.split())
    if not words:
        return None
    if start is not None:
        # An end of space belongs to nobody's passage.
        at = start + len(exact) - len(exact.lstrip())
        if at >= 0 and text.startswith(exact.strip(), at):
            return at, at + len(exact.strip())
    found = _best(spread, words, _Surroundings.of(exact, prefix, suffix), start)
    return None if found is None else spread.unfold(found, found + len(words))


@dataclass(frozen=True, slots=True)
class _Surroundings:
    before: str
    after: str

    @classmethod
    def of(cls, exact: str, prefix: str, suffix: str) -> _Surroundings:
        """Fold their space as the text's is folded, the joints to the words included."""
        words = " ".join(exact.split())
        before = " ".join((prefix[-CONTEXT_LENGTH:] + exact).split()).removesuffix(words)
        after = " ".join((exact + suffix[:CONTEXT_LENGTH]).split()).removeprefix(words)
        return cls(before, after)

    def agreement(self, folded: str, start: int, end: int) -> int:
        """Count the signs next to the passage that are as they were."""
        return _common(
            self.before[::-1], folded[max(0, start - len(self.before)) : start][::-1]
        ) + (_common(self.after, folded[end : end + len(self.after)]))


def _common(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((at for at in range(length) if one[at] != other[at]), length)


@dataclass(frozen=True, slots=True)
class _Spread:
    """A text with each stretch of space folded into one, and the way back."""

    folded: str
    mirrored: str
    # Where each word begins, folded and in the text.
    folded_starts: list[int]
    starts: list[int]

    def fold(self, position: int) -> int:
        """Return the place in the folded text that is nearest to a position in the text."""
        word = max(0, bisect_right(self.starts, position) - 1)
        if not self.starts:
            return 0
        return self.folded_starts[word] + max(0, position - self.starts[word])

    def unfold(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the text of a passage that begins and ends with a word."""
        return self._back(start), self._back(end - 1) + 1

    def _back(self, place: int) -> int:
        word = bisect_right(self.folded_starts, place) - 1
        return self.starts[word] + place - self.folded_starts[word]


@lru_cache(maxsize=64)
def _spread(text: str) -> _Spread:
    starts, folded_starts, at, length = [], [], 0, 0
    words = text.split()
    for word in words:
        at = text.index(word, at)
        starts.append(at)
        folded_starts.append(length)
        at += len(word)
        length += len(word) + 1
    folded = " ".join(words)
    return _Spread(folded, folded[::-1], folded_starts, starts)


def _best(spread: _Spread, words: str, around: _Surroundings, start: int | None) -> int | None:
    place = 0 if start is None else spread.fold(start)
    best, best_rank = None, (-1, 0)
    for found in islice(_occurrences(spread, words, place), MAX_CANDIDATES):
        agreement = around.agreement(spread.folded, found, found + len(words))
        rank = (agreement, -abs(found - place))
        if rank > best_rank:
            best, best_rank = found, rank
    return best


def _occurrences(spread: _Spread, words: str, place: int) -> Iterator[int]:
    """Find the words around a place, the nearest first."""
    # Backwards in the mirrored text, because only str.find is linear whatever it looks for.
    length, mirrored = len(spread.folded), words[::-1]
    after = spread.folded.find(words, place)
    before = spread.mirrored.find(mirrored, max(0, length - place - len(words) + 1))
    while after >= 0 or before >= 0:
        earlier = length - before - len(words)
        if before < 0 or (after >= 0 and after - place <= place - earlier):
            yield after
            after = spread.folded.find(words, after + 1)
        else:
            yield earlier
            before = spread.mirrored.find(mirrored, before + 1)
