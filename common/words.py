"""Numbers and lists in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 paper", "2,814 papers", or "2 replies" where `many` is given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def short_number(number: int) -> str:
    """Return at most four characters: "87", "1.2k", "23k", "2.3M". Rounded down."""
    for unit, name in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")):
        if number >= unit:
            tenths = number * 10 // unit
            return f"{tenths // 10}{name}" if tenths >= 100 else f"{tenths / 10:.1f}{name}"
    return str(number)


def listed(items: Sequence[str]) -> str:
    """Return "A, B and C"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
