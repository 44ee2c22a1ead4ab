"""What a member typed, made fit to keep: its length, and what would hide or reorder it."""

from __future__ import annotations

import unicodedata

from common.text import is_visible, tidy_lines

MAX_LENGTH = 10_000


class CleanText(str):
    """A text that `clean_text` has cleaned. It is passed on as it is, and cleaned once."""

    __slots__ = ()


class TextError(ValueError):
    """The text cannot be taken. The message is fit to show."""


def clean_text(text: str, *, limit: int = MAX_LENGTH) -> CleanText:
    """Return the text as it is kept, or raise `TextError`.

    Line ends become newlines; controls, direction overrides and what has no width are
    taken out; spaces at line ends and empty lines around the text are dropped.
    """
    if isinstance(text, CleanText) and len(text) <= limit:
        return text
    # Everything below takes time; a text this long can become short only by what it hides.
    if len(text) > 2 * limit:
        raise _too_long(len(text), limit)
    text = unicodedata.normalize("NFC", tidy_lines(text))
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    if not is_visible(text):
        raise TextError("Write something first.")
    if len(text) > limit:
        raise _too_long(len(text), limit)
    return CleanText(text)


def _too_long(length: int, limit: int) -> TextError:
    return TextError(
        f"A comment can have up to {limit:,} characters, and this one has {length:,}. Shorten "
        "it, or split it in two."
    )
