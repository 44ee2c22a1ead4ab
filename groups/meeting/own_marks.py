"""What of the room is each reader's own: put into what is rendered once for all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import tzinfo

# No text holds a NUL: the database takes none.
_MARK = re.compile("\0([a-z]+) ([0-9]+)\0")


def mark(kind: str, number: int = 0) -> SafeString:
    """Return the place of something that is the reader's own."""
    return mark_safe(f"\0{kind} {number}\0")  # noqa: S308 - our own word and a number


@dataclass(frozen=True)
class Own:
    """What one reader has done, and when it is for them."""

    zone: tzinfo
    # Ids of questions, and of sections that are folded.
    voted: Collection[int] = frozenset()
    unread: Collection[int] = frozenset()
    is_here: bool = False

    def put_into(self, html: str) -> SafeString:
        """Return what was rendered for all as this reader is to see it."""
        own = _MARK.sub(lambda found: self._of(found[1], int(found[2])), html)
        return mark_safe(own)  # noqa: S308 - rendered, and the words below

    def _of(self, kind: str, number: int) -> str:
        if kind == "vote":
            pressed = number in self.voted
            value, state = ("none", "true") if pressed else ("up", "false")
            return f' value="{value}" aria-pressed="{state}"'
        if kind == "open":
            return "" if number in self.unread else " open"
        if kind == "ahead":
            return ", which you have not read yet" if number in self.unread else ""
        if kind == "clock":
            return f"{datetime.fromtimestamp(number, self.zone):%H:%M}"
        if kind == "whilehere":
            return "" if self.is_here else " hidden"
        if kind == "whileaway":
            return " hidden" if self.is_here else ""
        raise ValueError(kind)
