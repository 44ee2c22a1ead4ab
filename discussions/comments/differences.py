"""Word-by-word differences between two texts."""

from __future__ import annotations

import re
from difflib import Match, SequenceMatcher
from itertools import accumulate, takewhile
from typing import NamedTuple

# Chinese and Japanese use no spaces: each character is a word here. White space belongs to the
# word after it, so that a sentence added at the end differs from its first letter on.
_SIGNS = "\u3040-\u30ff\u3400-\u9fff"
_WORDS = re.compile(rf"\s*(?:[{_SIGNS}]|[^\W{_SIGNS}]+|[^\w\s])|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")

# Limit on the cost of a comparison, some 50 ms. The worst case is cubic: 10,000 equal characters.
_MOST_COMPARISONS = 400_000


class DifferencePiece(NamedTuple):
    """A stretch of text that was kept, added or removed."""

    kind: str
    text: str


class _TooManyComparisonsError(Exception):
    pass


def differences(old: str, new: str) -> list[DifferencePiece]:
    """Return what was kept, removed and added, in reading order.

    Kept and removed pieces form the old text, kept and added ones the new. Texts too costly to
    compare by words are compared by lines, or else replaced as a whole.
    """
    for pattern in (_WORDS, _LINES):
        try:
            return _compare(pattern.findall(old), pattern.findall(new))
        except _TooManyComparisonsError:
            continue
    return _pieces([("removed", [old]), ("added", [new])])


def _compare(old: list[str], new: list[str]) -> list[DifferencePiece]:
    # Most edits touch one place: the common beginning and end need no matching.
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    found = [("kept", old[:start])]
    for tag, old_from, old_to, new_from, new_to in _Matcher(before, after).get_opcodes():
        if tag == "equal":
            found.append(("kept", before[old_from:old_to]))
        else:
            found.append(("removed", before[old_from:old_to]))
            found.append(("added", after[new_from:new_to]))
    found.append(("kept", old[len(old) - end :]))
    return _pieces(found)


def _common(old: list[str], new: list[str]) -> int:
    """Return the number of common words at the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _pieces(found: list[tuple[str, list[str]]]) -> list[DifferencePiece]:
    """Join words and neighbors of the same kind into pieces."""
    pieces: list[DifferencePiece] = []
    for kind, words in found:
        text = "".join(words)
        if text and pieces and pieces[-1].kind == kind:
            pieces[-1] = DifferencePiece(kind, pieces[-1].text + text)
        elif text:
            pieces.append(DifferencePiece(kind, text))
    return pieces


class _Matcher(SequenceMatcher[str]):
    """A matcher that counts comparisons beforehand, and gives up at a limit."""

    # Documented as public, but missing from the type stubs.
    a: list[str]
    b2j: dict[str, list[int]]

    def __init__(self, old: list[str], new: list[str]) -> None:
        super().__init__(None, old, new, autojunk=False)
        costs = (1 + len(self.b2j.get(word, ())) for word in old)
        self._cost_up_to = list(accumulate(costs, initial=0))
        self._left = _MOST_COMPARISONS

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        end = len(self.a) if ahi is None else ahi
        self._left -= self._cost_up_to[end] - self._cost_up_to[alo]
        if self._left < 0:
            raise _TooManyComparisonsError
        return super().find_longest_match(alo, ahi, blo, bhi)
