"""Cleaning of members' texts: length, and characters that hide or reorder text."""

from __future__ import annotations

import unicodedata

from common.text import is_visible, tidy_lines

MAX_LENGTH = 10_000


class CleanText(str):
    """A text that `clean_text` has cleaned; it is not cleaned again."""

    __slots__ = ()


class TextError(ValueError):
    """The text is not acceptable. The message is fit to show."""


def clean_text(text: str, *, limit: int = MAX_LENGTH) -> CleanText:
    """Return the text as stored, or raise `TextError`.

    Line ends become newlines; controls, direction overrides and zero-width characters are
    removed; so are spaces at line ends and empty lines around the text.
    """
    if isinstance(text, CleanText) and len(text) <= limit:
        return text
    # What follows takes time; a text this long could be short only by hidden characters.
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
        f"Up to {limit:,} characters fit, and this text has {length:,}. Shorten it, or split it "
        "in two."
    )
