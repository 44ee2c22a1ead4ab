"""TeX in titles, abstracts and names: cleaning for storage, conversion to plain text.

Maths (`$…$`, `$$…$$`, `\\(…\\)`, `\\[…\\]`) is kept as TeX; `common.math` renders it.
Everything here takes time linear in the length of the text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.tex_prose import untex, without_braces
from common.tex_symbols import plain_maths
from common.text import UNWANTED

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FORMULA = 2_000

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_DELIMITER = re.compile(r"\\[\\$()\[\]]|\$\$?")
_SPACES = re.compile(r"\s+")
# Characters that never occur in prose between two dollar signs.
_SIGNS_OF_MATHS = re.compile(r"[\\^_{}=<>|+*]")
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}(?![A-Za-z])")
_FUNCTIONS = frozenset(
    """
    arccos arcsin arctan arg cos cosh cot deg det dim exp gcd inf ker lg lim ln log max min
    mod poly polylog sec sin sinh sup tan tanh
    """.split()  # noqa: SIM905  (a list of these would fill a page)
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of prose, or one formula without its delimiters."""

    source: str
    formula: str | None = None
    is_display: bool = False


def clean(text: str) -> str:
    """Decode accents and entities, fold whitespace, and keep maths as TeX."""
    text = _decode_entities(UNWANTED.sub("", text))
    text = _SPACES.sub(" ", UNWANTED.sub("", text))
    parts = [
        untex(segment.source) if segment.formula is None else segment.source
        for segment in segments(text)
    ]
    text = unicodedata.normalize("NFC", "".join(parts))
    return _SPACES.sub(" ", text).strip()


def clean_name(name: str) -> str:
    """Decode a person's name; no maths and no braces in it."""
    name = _decode_entities(UNWANTED.sub("", name))
    name = without_braces(untex(_SPACES.sub(" ", UNWANTED.sub("", name))))
    name = unicodedata.normalize("NFC", name.replace("\\", ""))
    return _SPACES.sub(" ", name).strip(" ,;")


def to_plain(text: str) -> str:
    """Return the text, including formulas, without markup."""
    parts = [
        _unescape_dollar(untex(segment.source))
        if segment.formula is None
        else plain_maths(segment.formula)
        for segment in segments(text)
    ]
    return _SPACES.sub(" ", "".join(parts)).strip()


def lead(text: str, limit: int = 320) -> str:
    """Return the beginning of the text as TeX, cut between words and never in a formula."""
    text = text.strip()
    if len(text) <= limit:
        return text
    kept: list[str] = []
    room = limit
    for segment in segments(text):
        if len(segment.source) <= room:
            kept.append(segment.source)
            room -= len(segment.source)
            continue
        if segment.formula is None:
            kept.append(_cut_between_words(segment.source, room))
        break
    start = "".join(kept).rstrip(" ,;:.–—-(\\")
    return f"{start}…" if start else "…"


def _cut_between_words(prose: str, room: int) -> str:
    piece, is_mid_word = prose[:room], not prose[room : room + 1].isspace()
    if is_mid_word and " " in piece:
        return piece.rpartition(" ")[0]
    return piece


def segments(text: str) -> Iterator[Segment]:
    """Split the text into prose and formulas.

    A dollar sign is money rather than maths when nothing closes it, when a digit follows the
    closing one ("$5 and $10"), or when the text between the two reads as prose: a word of two
    letters or more, and no character that only formulas contain.
    """
    prose_start = position = 0
    while match := _DELIMITER.search(text, position):
        position = match.end()
        opening = match.group()
        if opening not in {"$", "$$", "\\(", "\\["}:
            continue
        found = formula_at(text, match.start(), opening)
        if found is None:
            continue
        start, inner_end, end = found
        if match.start() > prose_start:
            yield Segment(text[prose_start : match.start()])
        yield Segment(
            text[match.start() : end],
            formula=text[start:inner_end],
            is_display=opening in {"$$", "\\["},
        )
        prose_start = position = end
    if prose_start < len(text):
        yield Segment(text[prose_start:])


def formula_at(text: str, at: int, opening: str) -> tuple[int, int, int] | None:
    """Return where the formula starts and ends, and where its closing delimiter ends.

    `opening` is the delimiter at the position `at`.
    """
    start = at + len(opening)
    if opening.startswith("\\"):
        closing = {"\\(": "\\)", "\\[": "\\]"}[opening]
        end = text.find(closing, start, start + MAX_FORMULA)
        found = (start, end, end + 2) if end > start else None
    elif opening == "$$":
        end = text.find("$$", start, start + MAX_FORMULA)
        found = (start, end, end + 2) if end > start else None
    else:
        end = _next_dollar(text, start)
        found = (start, end, end + 1) if end > start else None
        if found and _is_money(text[start:end], text[end + 1 : end + 2]):
            found = None
    if found and not text[found[0] : found[1]].strip():
        return None
    return found


def _next_dollar(text: str, start: int) -> int:
    stop = start + MAX_FORMULA
    end = text.find("$", start, stop)
    while end > start and text[end - 1] == "\\" and not text[:end].endswith("\\\\"):
        end = text.find("$", end + 1, stop)
    return end


def _is_money(inner: str, after: str) -> bool:
    return reads_as_prose(inner) or (after.isdigit() and not _SIGNS_OF_MATHS.search(inner))


def reads_as_prose(inner: str) -> bool:
    """Return whether the text between two delimiters is words rather than a formula."""
    if _SIGNS_OF_MATHS.search(inner):
        return False
    words = {word.lower() for word in _WORD.findall(inner)}
    return (
        " " in inner.strip() + inner
        and bool(words - _FUNCTIONS)
        and (inner[:1].isspace() or inner[:1].isdigit() or len(words - _FUNCTIONS) > 1)
    )


def _decode_entities(text: str) -> str:
    """Decode entities, including those that were escaped twice."""
    for _ in range(4):
        decoded = _ENTITY.sub(
            lambda match: html.unescape(match.group()),
            re.sub(r"&(?:amp;)+", "&", text),
        )
        if decoded == text:
            break
        text = decoded
    return text


def _unescape_dollar(prose: str) -> str:
    return prose.replace("\\$", "$")
