"""Passages of an abstract that comments point at: found by their words, shown as marks.

A passage is stored as W3C Web Annotation selectors, its words with some text around them and
its position: https://www.w3.org/TR/annotation-model/#selectors. Positions count code points in
the abstract's textContent in a browser, from 0.

The abstract's HTML is our own (common.maths.mathml); it is parsed here, never sanitized.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.words import counted
from discussions.anchors.passage_search import context_of, locate, locate_only
from discussions.anchors.passage_text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from discussions.anchors.passage_text import Piece

    Selectors = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a passage, the text around them and their position, as far as known."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None

    @classmethod
    def of(cls, selectors: Selectors) -> Quote:
        """Read a quote from stored selectors; without one, its words are empty."""
        words = _first(selectors, "TextQuoteSelector")
        position = _first(selectors, "TextPositionSelector")
        return cls(
            exact=words.get("exact", ""),
            prefix=words.get("prefix", ""),
            suffix=words.get("suffix", ""),
            start=position.get("start"),
        )


def _first(selectors: Selectors, kind: str) -> Mapping[str, Any]:
    return next((each for each in selectors if each.get("type") == kind), {})


def selectors_in(html: str, quote: Quote) -> list[dict[str, Any]] | None:
    """Return selectors for the quoted passage, or None when the abstract lacks it.

    Words without their surroundings must stand in the abstract once. What is returned is taken
    from the abstract, not from the quote.
    """
    text = text_of(html).plain
    found = locate(text, quote.exact, quote.prefix, quote.suffix, quote.start)
    if found is None and not (quote.prefix or quote.suffix):
        found = locate_only(text, quote.exact)
    if found is None:
        return None
    start, end = found
    prefix, suffix = context_of(text, start, end)
    return [
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": prefix,
            "suffix": suffix,
        },
        {"type": "TextPositionSelector", "start": start, "end": end},
    ]


def contains(html: str, words: str) -> bool:
    return " ".join(words.split()) in " ".join(text_of(html).plain.split())


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the abstract, and the comments that point at it, the oldest first."""

    start: int
    end: int
    comment_ids: tuple[int, ...]

    @property
    def id(self) -> str:
        """The id of the passage on the page."""
        return f"passage-{self.comment_ids[0]}"


@dataclass(frozen=True, slots=True)
class Marked:
    """An abstract with marked passages, the passage of each comment, and lost comments."""

    html: SafeString
    passages: Mapping[int, Passage] = field(default_factory=dict)
    lost: frozenset[int] = frozenset()


def mark_passages(
    html: str,
    anchors: Iterable[tuple[int, Selectors]],
    *,
    links: Mapping[int, str] | None = None,
) -> Marked:
    """Mark the passages of these comments in the abstract, each followed by a count.

    `links` gives the URLs of comments that are not on this page. The counts are in elements
    with `data-skip`, which positions do not count.
    """
    # The HTML is our own, and only numbers and escaped links are added.
    comments = sorted(anchors, key=lambda anchor: anchor[0])
    if not comments:
        return Marked(mark_safe(html))  # noqa: S308
    text = text_of(html)
    found: dict[tuple[int, int], list[int]] = {}
    lost: list[int] = []
    for comment_id, selectors in comments:
        quote = Quote.of(selectors)
        place = locate(text.plain, quote.exact, quote.prefix, quote.suffix, quote.start)
        if place is None:
            lost.append(comment_id)
        else:
            found.setdefault(_around_formulas(text.pieces, *place), []).append(comment_id)
    passages = [Passage(*place, tuple(found[place])) for place in sorted(found)]
    return Marked(
        mark_safe(_Writer(passages, links or {}).write(text.pieces)),  # noqa: S308
        {comment_id: passage for passage in passages for comment_id in passage.comment_ids},
        frozenset(lost),
    )


def _around_formulas(pieces: Sequence[Piece], start: int, end: int) -> tuple[int, int]:
    """Widen a range so that it divides no formula."""
    for piece in pieces:
        if piece.is_formula and piece.start < end and start < piece.end:
            start, end = min(start, piece.start), max(end, piece.end)
    return start, end


class _Writer:
    """A writer of the abstract with marks, which never cross a tag or each other."""

    def __init__(self, passages: Sequence[Passage], links: Mapping[int, str]) -> None:
        self._passages = passages
        self._links = links
        self._parts: list[str] = []
        self._open: int | None = None
        self._named: set[str] = set()
        # The same passages apply everywhere between two neighbors of these.
        self._bounds = sorted({at for each in passages for at in (each.start, each.end)})
        self._number = {bound: number for number, bound in enumerate(self._bounds)}
        self._holding = self._count_holding()
        self._unnamed = deque(passages)
        self._ending: dict[int, list[Passage]] = {}
        for passage in passages:
            self._ending.setdefault(passage.end, []).append(passage)

    def _count_holding(self) -> list[int]:
        """Return how many passages apply from each bound to the next."""
        changes = Counter(each.start for each in self._passages)
        changes.subtract(each.end for each in self._passages)
        return list(accumulate(changes[bound] for bound in self._bounds))

    def write(self, pieces: Sequence[Piece]) -> str:
        stretch = -1
        for piece in pieces:
            if piece.is_tag:
                self._close()
                self._parts.append(piece.markup)
                continue
            at = piece.start
            while at < piece.end:
                while stretch + 1 < len(self._bounds) and self._bounds[stretch + 1] <= at:
                    stretch += 1
                is_last = stretch + 1 == len(self._bounds)
                until = piece.end if is_last else min(piece.end, self._bounds[stretch + 1])
                self._write(piece.cut(at, until), stretch)
                at = until
                self._count(at)
            if not piece.text:
                self._parts.append(piece.markup)
        self._close()
        return "".join(self._parts)

    def _write(self, markup: str, stretch: int) -> None:
        holds = stretch >= 0 and self._holding[stretch] > 0
        if self._open is not None and self._open != stretch:
            self._close()
        # White space between two tags gets no mark.
        if holds and self._open is None and not markup.isspace():
            self._parts.append(f'<mark class="passage"{self._id(stretch)} data-mark="{stretch}">')
            self._open = stretch
        self._parts.append(markup)

    def _id(self, stretch: int) -> str:
        """Return the id of a passage here that has no mark with an id yet."""
        while self._unnamed and self._unnamed[0].start <= self._bounds[stretch]:
            passage = self._unnamed.popleft()
            if passage.end > self._bounds[stretch]:
                self._named.add(passage.id)
                return f' id="{passage.id}"'
        return ""

    def _close(self) -> None:
        if self._open is not None:
            self._parts.append("</mark>")
            self._open = None

    def _count(self, at: int) -> None:
        """Write the counts of the passages that end here."""
        for passage in self._ending.get(at, ()):
            self._close()
            count = len(passage.comment_ids)
            first = passage.comment_ids[0]
            link = escape(self._links.get(first, f"#comment-{first}"))
            # A passage with the same bounds as others has no mark of its own for the id.
            name = "" if passage.id in self._named else f' id="{passage.id}"'
            marks = f"{self._number[passage.start]} {self._number[passage.end]}"
            self._parts.append(
                f'<a class="passage-count"{name} href="{link}" data-skip'
                f' data-passage="{passage.id}" data-marks="{marks}"'
                f' data-comments="{" ".join(map(str, passage.comment_ids))}"'
                f' aria-label="{counted(count, "comment")} on this passage">'
                f"{count}</a>"
            )
