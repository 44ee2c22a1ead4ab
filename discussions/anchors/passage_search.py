"""Search for quoted words in a text that may have changed since.

The words alone prove little, because abstracts repeat themselves: an occurrence is the passage
only if the text around it agrees. Otherwise a comment would point at the wrong words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Characters of context that a page sends. The same as in static/js/passages.js.
CONTEXT_LENGTH = 32
# At most this many occurrences around the old position are compared.
MAX_CANDIDATES = 50
# A longer sentence is cut.
_MAX_SENTENCE = 300
# A sentence with at least this many words is recognized wherever it is.
_MIN_SENTENCE_WORDS = 4
# At least this many unchanged characters between the start of the sentence and the passage
# distinguish it from other sentences.
_MIN_UNCHANGED = 16
# A small edit changes at most this many words, and moves the passage by at most this length.
_EDITED_WORDS = 3
_EDITED_LENGTH = 40

# No sentence ends in "et al. (2020)", "J. Doe" or "Fig. 3", or before a small letter.
_SENTENCE_END = re.compile(
    r"(?<!\bal)(?<!\b[A-Z])(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)(?<!\bFig)(?<!\bEq)(?<!\bSec)"
    r"[.!?][)\]\"”’]* (?![a-z])"
)


def locate(
    text: str, exact: str, prefix: str = "", suffix: str = "", start: int | None = None
) -> tuple[int, int] | None:
    """Return where the passage begins and ends, or None when it is gone.

    White space may have changed, words may not. The context must be as it was, or the sentence,
    or, near the old position, one side of the context. Without any context the passage must be
    where it was. Among such occurrences the one that shares most of the context is the passage,
    and among equals the nearest to the old position.
    """
    words = " ".join(exact.split())
    if not words:
        return None
    if start is not None:
        # White space at the ends is not part of the passage.
        at = start + len(exact) - len(exact.lstrip())
        end = at + len(exact.strip())
        is_unmoved = at >= 0 and text.startswith(exact.strip(), at)
        if is_unmoved and text[:start].endswith(prefix) and text.startswith(suffix, end):
            return at, end
    spread = _spread(text)
    found = _best(spread, words, _Surroundings.of(exact, prefix, suffix), start)
    return None if found is None else spread.unfold(found, found + len(words))


def locate_only(text: str, exact: str) -> tuple[int, int] | None:
    """Return where the words are, or None unless the text contains them exactly once."""
    spread, words = _spread(text), " ".join(exact.split())
    found = spread.folded.find(words) if words else -1
    if found < 0 or spread.folded.find(words, found + 1) >= 0:
        return None
    return spread.unfold(found, found + len(words))


def context_of(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the text before and after a passage, to be stored with it.

    It reaches beyond the sentence, because two sentences may differ only in their first words.
    """
    first, last = _sentence_around(re.sub(r"\s", " ", text), start, end)
    return text[max(0, first - CONTEXT_LENGTH) : start], text[end : last + CONTEXT_LENGTH]


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentences around a passage begin and end."""
    first, last = max(0, start - _MAX_SENTENCE), min(len(text), end + _MAX_SENTENCE)
    for found in _SENTENCE_END.finditer(text, first, last):
        if found.end() <= start:
            first = found.end()
        elif found.end() > end:
            return first, found.end() - 1
    return first, last


@dataclass(frozen=True)
class _Surroundings:
    """The text around a passage when it was selected, white space collapsed."""

    before: str
    words: str
    after: str
    # Whether a side is long enough to prove a passage on its own.
    has_long_before: bool
    has_long_after: bool

    @classmethod
    def of(cls, exact: str, prefix: str, suffix: str) -> _Surroundings:
        """Collapse white space as in the text, including where it meets the words."""
        words = " ".join(exact.split())
        return cls(
            before=" ".join((prefix + exact).split()).removesuffix(words),
            words=words,
            after=" ".join((exact + suffix).split()).removeprefix(words),
            has_long_before=len(prefix) >= CONTEXT_LENGTH,
            has_long_after=len(suffix) >= CONTEXT_LENGTH,
        )

    @cached_property
    def sentence(self) -> tuple[int, int]:
        """How much of the context is in the passage's own sentence, before and after it."""
        start = len(self.before)
        whole, end = self.before + self.words + self.after, start + len(self.words)
        first, last = _sentence_around(whole, start, end)
        return start - first, last - end

    @cached_property
    def words_before(self) -> list[str]:
        """The words before the passage, the nearest first, without one that is cut."""
        words = self.before.split()[::-1]
        return words[:-1] if self.has_long_before else words

    @cached_property
    def words_after(self) -> list[str]:
        words = self.after.split()
        return words[:-1] if self.has_long_after else words

    def agreement(self, folded: str, start: int) -> tuple[int, int]:
        """Count the unchanged characters next to the words, before and after them."""
        end = start + len(self.words)
        before = folded[max(0, start - len(self.before)) : start]
        after = folded[end : end + len(self.after)]
        return _common(self.before[::-1], before[::-1]), _common(self.after, after)

    def proves(
        self, folded: str, start: int, agreement: tuple[int, int], place: int | None
    ) -> bool:
        """Return whether this occurrence of the words is the passage."""
        before, after = agreement
        is_before, is_after = before == len(self.before), after == len(self.after)
        if not (self.before or self.after):
            is_unmoved = start == place or self.words == folded
            return is_unmoved or self._has_sentence(folded, start, before, after)
        if (is_before and is_after) or self._has_sentence(folded, start, before, after):
            return True
        # Where a sentence was deleted, its neighbor is now next to half of its context.
        if place is None or abs(start - place) > _EDITED_LENGTH:
            return False
        lead, rest = self.sentence
        return (is_before and (lead >= _MIN_UNCHANGED or self._is_edited_after(folded, start))) or (
            is_after and (rest >= _MIN_UNCHANGED or self._is_edited_before(folded, start))
        )

    def _has_sentence(self, folded: str, start: int, before: int, after: int) -> bool:
        """Return whether the sentence is the same, as far as it is known."""
        lead, rest = self.sentence
        end = start + len(self.words)
        if before < lead or after < rest:
            return False
        if folded.count(" ", start - lead, end + rest) + 1 < _MIN_SENTENCE_WORDS:
            return False
        first, last = _sentence_around(folded, start, end)
        # A side without the end of a sentence was cut, unless the text ended there.
        is_cut_before = self.has_long_before and lead == len(self.before)
        is_cut_after = self.has_long_after and rest == len(self.after)
        return (is_cut_before or first == start - lead) and (is_cut_after or last == end + rest)

    def _is_edited_before(self, folded: str, start: int) -> bool:
        reach = len(self.before) + _EDITED_LENGTH
        words = folded[max(0, start - reach) : start].split()[::-1]
        return _is_edited(self.words_before, words)

    def _is_edited_after(self, folded: str, start: int) -> bool:
        end = start + len(self.words)
        words = folded[end : end + len(self.after) + _EDITED_LENGTH].split()
        return _is_edited(self.words_after, words)


def _is_edited(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether a few words in one place were added, removed or replaced, and no more."""
    same = _common(old, new)
    changes = product(range(_EDITED_WORDS + 1), repeat=2)
    return any(
        list(old[same + removed :])
        == list(new[same + added : same + added + len(old) - same - removed])
        for removed, added in changes
        if same + removed <= len(old)
    )


def _common(one: Sequence[str], other: Sequence[str]) -> int:
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
    place = None if start is None else spread.fold(start)
    best, best_rank = None, (-1, 0)
    for found in islice(_occurrences(spread, words, place or 0), MAX_CANDIDATES):
        agreement = around.agreement(spread.folded, found)
        rank = (sum(agreement), -abs(found - (place or 0)))
        if rank > best_rank and around.proves(spread.folded, found, agreement, place):
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
