"""Letters with accents: `\\"o`, `\\c{c}`, `\\v S`, and what only looks like one."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from common.tex.tables import BROKEN_GREEK, COMBINING

if TYPE_CHECKING:
    from common.tex.source import TexSource

_BARE = r"\\[ij](?![A-Za-z])|[^\W\d_]"
# An accent that is a sign may touch its letter, one that is a letter needs a space.
_AFTER_SIGN = re.compile(rf"\s*({_BARE})")
_AFTER_LETTER = re.compile(r"(\\[ij])(?![A-Za-z])|\s+([^\W\d_])(?![A-Za-z]*\{)")
# `J\{=}anis`
_SWAPPED = re.compile(r"([`'^~=.\"uvHcdkr])\}([A-Za-z])")
_CONTRACTION = re.compile(r"(?:s|t|re|ve|ll|d|m)(?![A-Za-z])")
_ACCENT_WITHIN = re.compile(r"\\([`'^~=.\"])\{?([^\W\d_])\}?\Z")
# The letters that have commands of their own.
_LETTERS = {"\\i": "i", "\\j": "j", "\\I": "I", "\\ae": "æ", "\\AE": "Æ", "\\o": "ø", "\\O": "Ø"}
_MAX_BRACED = 14


def accent_at(source: TexSource, accent: str, at: int) -> tuple[str, int] | None:
    """Return the letter of an accent's command that ends at a position, and where it ends."""
    if found := source.content(at):
        inner, end = found
        letter = _braced(accent, inner.strip())
        return (letter, end) if letter else None
    return _bare(source.text, accent, at)


def swapped_accent_at(text: str, at: int) -> tuple[str, int] | None:
    match = _SWAPPED.match(text, at)
    return (_accented(match[2], match[1]), match.end()) if match else None


def _braced(accent: str, inner: str) -> str:
    if greek := BROKEN_GREEK.get((accent, inner)):
        return greek
    if len(inner) > _MAX_BRACED:
        return ""
    if within := _ACCENT_WITHIN.match(inner):
        # Vietnamese has two: \'{\^e}.
        return _accented(_accented(within[2], within[1]), accent)
    inner = _LETTERS.get(inner, inner)
    return _accented(inner[0], accent) + inner[1:] if inner[:1].isalpha() else ""


def _bare(text: str, accent: str, at: int) -> tuple[str, int] | None:
    match = (_AFTER_LETTER if accent.isalpha() else _AFTER_SIGN).match(text, at)
    if match is None:
        return None
    is_within_word = text[max(at - 3, 0) : max(at - 2, 0)].isalpha()
    if accent == "'" and is_within_word and _CONTRACTION.match(text, at):
        return "'", at
    letter = match[1] or match[2]
    written = _accented(_LETTERS.get(letter, letter), accent)
    # What has no character of its own is rather an author's macro.
    return None if accent.isalpha() and len(written) > 1 else (written, match.end())


def _accented(letter: str, accent: str) -> str:
    return unicodedata.normalize("NFC", letter + COMBINING[accent])
