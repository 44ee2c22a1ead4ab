"""What a member typed, made fit to keep: its length, and what would hide or reorder it."""

from __future__ import annotations

import unicodedata

from common.tex import UNWANTED

MAX_LENGTH = 10_000
# A letter of any living script carries fewer; more of them climb over the lines around.
MAX_MARKS = 8

# What ends a line in some system or other.
_LINE_ENDS = str.maketrans(
    dict.fromkeys(map(ord, "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), "\n") | {0x1F: None}
)
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_STACKING = frozenset({"Mn", "Me", "Cf"})


class TextError(ValueError):
    """The text cannot be taken. The message is fit to show."""


def clean_text(text: str, *, limit: int = MAX_LENGTH) -> str:
    """Return the text as it is kept, or raise `TextError`.

    Line ends become newlines; controls, direction overrides and what has no width are
    taken out; spaces at line ends and empty lines around the text are dropped.
    """
    # Everything below takes time; a text this long can become short only by what it hides.
    if len(text) > 2 * limit:
        raise _too_long(len(text), limit)
    text = text.replace("\r\n", "\n").translate(_LINE_ENDS)
    text = unicodedata.normalize("NFC", harmless(text))
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    if not is_visible(text):
        raise TextError("Write something first.")
    if len(text) > limit:
        raise _too_long(len(text), limit)
    return text


def harmless(text: str) -> str:
    """Take out what hides or reorders text, and marks piled on one letter."""
    if text.isascii() and text.isprintable():
        return text
    return _without_piles(UNWANTED.sub("", text))


def is_visible(text: str) -> bool:
    """Say whether anything of the text can be seen."""
    return any(
        unicodedata.category(sign)[0] in "LNPS" and sign not in _BLANKS
        for sign in text
        if not sign.isspace()
    )


def _without_piles(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    pile = 0
    for sign in text:
        # Joiners count as well: they have no width, so that marks go on piling after one.
        is_stacking = sign > "\x7f" and unicodedata.category(sign) in _STACKING
        pile = pile + 1 if is_stacking else 0
        if pile <= MAX_MARKS:
            kept.append(sign)
    return "".join(kept)


def _too_long(length: int, limit: int) -> TextError:
    return TextError(
        f"A comment can have up to {limit:,} characters, and this one has {length:,}. Shorten "
        "it, or split it in two."
    )
