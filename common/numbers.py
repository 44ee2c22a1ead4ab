"""Parsing of numbers in URLs and forms."""

from __future__ import annotations


def whole_number(text: str, *, digits: int = 18) -> int | None:
    """Parse a non-negative number with at most so many digits; return None for all else.

    The database accepts any number of eighteen digits as an id.
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if is_number else None
