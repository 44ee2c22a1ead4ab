"""What a text with TeX consists of: words, formulas and emphasis."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its delimiters, and how it was typed."""

    source: str
    typed: str
    is_display: bool = False
    # Between dollar signs, brackets or `\\begin` and `\\end`.
    is_delimited: bool = True


@dataclass(frozen=True, slots=True)
class Tag:
    """The beginning or the end of emphasis: em, strong, sub or sup."""

    name: str
    is_end: bool = False


Node = Words | Formula | Tag


@dataclass(slots=True)
class _Group:
    """What a closing brace ends."""

    tags: list[str] = field(default_factory=list)
    closing: str = ""
    is_literal: bool = False


_SPACES = re.compile(r"\s+")
# No base of a script is longer, and a search from each letter of a longer word takes forever.
_MAX_TAKEN = 100


class NodeWriter:
    """Collects the nodes of a text, and closes its groups in order."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._words: list[str] = []
        self._groups: list[_Group] = []

    def say(self, words: str) -> None:
        if words:
            self._words.append(words)

    def add(self, node: Node) -> None:
        self._flush()
        self._nodes.append(node)

    def take_end(self, pattern: re.Pattern[str]) -> str:
        """Take back what the last words end with, or ""; a part of it where it is very long."""
        last = self._words.pop() if self._words else ""
        match = pattern.search(last, max(0, len(last) - _MAX_TAKEN))
        end = match.group() if match else ""
        self.say(last[: len(last) - len(end)])
        return end

    def drop_space(self) -> None:
        if self._words and self._words[-1].endswith(" "):
            self._words[-1] = self._words[-1][:-1]

    def begin_group(self, tag: str = "", closing: str = "", *, is_literal: bool = False) -> None:
        """Begin what a closing brace ends, with what to say there."""
        self._groups.append(_Group(closing=closing, is_literal=is_literal))
        self.begin_tag(tag)

    def begin_tag(self, tag: str) -> None:
        """Begin emphasis that lasts to the end of the group."""
        if tag and self._groups:
            self._groups[-1].tags.append(tag)
            self.add(Tag(tag))

    def end_group(self) -> None:
        if self._groups:
            self._end(self._groups.pop())
        else:
            self.say("}")

    def finish(self) -> list[Node]:
        while self._groups:
            group = self._groups.pop()
            if group.is_literal:
                group.closing = ""
            self._end(group)
        self._flush()
        return self._nodes

    def _end(self, group: _Group) -> None:
        self.say(group.closing)
        for tag in reversed(group.tags):
            self.add(Tag(tag, is_end=True))

    def _flush(self) -> None:
        words = _SPACES.sub(" ", "".join(self._words))
        self._words.clear()
        if not self._nodes:
            words = words.lstrip()
        if words:
            self._nodes.append(Words(unicodedata.normalize("NFC", words)))
