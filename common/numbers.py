"""Numbers as addresses and forms carry them."""

from __future__ import annotations


def whole_number(text: str, *, digits: int = 18) -> int | None:
    """Read a number from 0 that is written in so many digits at most; None for all else.

    Whatever has eighteen digits the database takes as an id.
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if is_number else None
