"""Conversion of a form's anchor fields to W3C selectors.

https://www.w3.org/TR/annotation-model/#selectors
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices

from common.numbers import whole_number
from common.text import harmless
from discussions.anchors import passages

if TYPE_CHECKING:
    from collections.abc import Sequence

# Defines the fragments of PDF pages.
_PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"

# The longest passage, and the longest surroundings that a page sends with it.
MAX_PASSAGE = 1_000
_MAX_AROUND = 100
_MAX_POSITION = 100_000
# Numbers of sections, figures and equations: "4.3", "12", "A.1", "S2", "3a", "IV".
_NUMBER = re.compile(r"[0-9A-Za-z]{1,6}(?:[.\-][0-9A-Za-z]{1,4}){0,4}", re.ASCII)
_PAGE = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)

Selectors = list[dict[str, Any]]


class AnchorKind(TextChoices):
    SECTION = "section", "Section"
    PAGE = "page", "Page"
    FIGURE = "figure", "Figure"
    TABLE = "table", "Table"
    EQUATION = "equation", "Equation"


class AnchorError(ValueError):
    """The anchor cannot be resolved. The message is fit to show."""


def in_abstract(html: str, *, exact: str, prefix: str, suffix: str, start: str) -> Selectors:
    """Return selectors for a passage of the abstract, which must hold it."""
    if not exact.strip():
        raise AnchorError("No passage is selected. Select one again, or remove it.")
    if len(exact) > MAX_PASSAGE:
        raise AnchorError(f"Select a shorter passage: at most {MAX_PASSAGE:,} characters.")
    if max(len(prefix), len(suffix)) > _MAX_AROUND:
        raise AnchorError("The passage could not be read. Select it again, or remove it.")
    quote = passages.Quote(exact, prefix, suffix, _position(start))
    selectors = passages.selectors_in(html, quote)
    if selectors is None:
        raise AnchorError(
            "The abstract no longer contains this passage. Select one again, or remove it."
        )
    return selectors


def copied_from(html: str, *, exact: str) -> Selectors | None:
    """Return selectors for words that somebody copied, if the abstract contains them.

    Used to point at a passage without JavaScript.
    """
    if len(exact) > MAX_PASSAGE or not exact.strip():
        return None
    selectors = passages.selectors_in(html, passages.Quote(exact))
    if selectors is None and passages.contains(html, exact):
        raise AnchorError(
            "The abstract contains these words more than once. Quote a few more words around them."
        )
    return selectors


def in_paper(*, kind: str, number: str, exact: str) -> Selectors:
    """Return selectors for a section, page, figure, table or equation of the paper."""
    if kind not in AnchorKind.values:
        raise AnchorError("Choose a part of the paper: a section, page, figure, table or equation.")
    number = number.strip().rstrip(".").removeprefix("(").removesuffix(")")
    if not number:
        raise AnchorError("Enter the number too, such as 4.3 for a section or 7 for a page.")
    shape = _PAGE if kind == AnchorKind.PAGE else _NUMBER
    if not shape.fullmatch(number):
        example = "7" if kind == AnchorKind.PAGE else "4.3, 2 or A.1"
        raise AnchorError(
            f"“{number[:20]}” is not the number of a {kind}. Write it like {example}."
        )
    fragment = {"type": "FragmentSelector", "value": f"{kind}={number}"}
    if kind == AnchorKind.PAGE:
        fragment["conformsTo"] = _PDF_FRAGMENTS
    return [fragment, *_copied(exact)]


def _copied(exact: str) -> Selectors:
    words = " ".join(harmless(exact[: 2 * MAX_PASSAGE]).split())
    if len(words) > MAX_PASSAGE or len(exact) > 2 * MAX_PASSAGE:
        raise AnchorError(f"Quote a shorter passage: at most {MAX_PASSAGE:,} characters.")
    return [{"type": "TextQuoteSelector", "exact": words}] if words else []


def _position(text: str) -> int | None:
    """Parse a position. A wrong one only makes the search less accurate."""
    position = whole_number(text)
    return position if position is not None and position <= _MAX_POSITION else None


def label_of(selectors: Sequence[dict[str, Any]]) -> str:
    """Return the location in the paper, as "Section 4.3"; "" for a passage of the abstract."""
    for selector in selectors:
        kind, _, number = str(selector.get("value", "")).partition("=")
        if selector.get("type") == "FragmentSelector" and kind in AnchorKind.values:
            return f"{AnchorKind(kind).label} {number}"
    return ""
