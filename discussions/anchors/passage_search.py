"""Search for quoted words in a text that may have changed since."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Characters kept before and after a passage. The same as in static/js/passages.js.
CONTEXT_LENGTH = 32
# At most this many occurrences around the old position are compared.
MAX_CANDIDATES = 50


def locate(
    text: str, exact: str, prefix: str = "", suffix: str = "", start: int | None = None
) -> tuple[int, int] | None:
    """Return where the passage begins and ends, or None when its words are gone.

    The same words at the same position are the passage. Otherwise it is the occurrence that
    shares most of the old surroundings, and among equals the nearest to the old position. White
    space may have changed, words may not.
    """
    spread = _spread(text)
    words = " ".join(exact.split())
    if not words:
        return None
    if start is not None:
        # White space at the ends is not part of the passage.
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
        """Collapse white space as in the text, including where they meet the words."""
        words = " ".join(exact.split())
        before = " ".join((prefix[-CONTEXT_LENGTH:] + exact).split()).removesuffix(words)
        after = " ".join((exact + suffix[:CONTEXT_LENGTH]).split()).removeprefix(words)
        return cls(before, after)

    def agreement(self, folded: str, start: int, end: int) -> int:
        """Count the unchanged characters next to the passage."""
        return _common(
            self.before[::-1], folded[max(0, start - len(self.before)) : start][::-1]
        ) + (_common(self.after, folded[end : end + len(self.after)]))


def _common(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((at for at in range(length) if one[at] != other[at]), length)


@dataclass(frozen=True, slots=True)
class _Spread:
    """A text with white space collapsed, and a mapping back to the original."""

    folded: str
    mirrored: str
    # Where each word begins, in the folded text and in the original.
    folded_starts: list[int]
    starts: list[int]

    def fold(self, position: int) -> int:
        """Return the position in the folded text nearest to a position in the text."""
        word = max(0, bisect_right(self.starts, position) - 1)
        if not self.starts:
            return 0
        return self.folded_starts[word] + max(0, position - self.starts[word])

    def unfold(self, start: int, end: int) -> tuple[int, int]:
        """Return the position in the text of a passage that begins and ends with a word."""
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
    """Yield occurrences of the words around a position, the nearest first."""
    # Backwards in the mirrored text, because only str.find is linear for any pattern.
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
