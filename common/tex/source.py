"""A text with TeX, and where its braces, arguments and scripts end."""

from __future__ import annotations

import re

from common.tex.tables import MATHS

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_SPACES = re.compile(r"\s*")
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)|[^A-Za-z])", re.DOTALL)
OPTION = re.compile(r"\s*\[[^\[\]]{0,200}\]")


class TexSource:
    """Answers questions about positions in a text; it has no state."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._closing_braces = _pairs(text)

    def content(self, at: int) -> tuple[str, int] | None:
        """Return what stands in the braces at a position, and where they end."""
        at = self.skip(at)
        end = self._closing_braces.get(at)
        return None if end is None else (self.text[at + 1 : end], end + 1)

    def skip(self, at: int, pattern: re.Pattern[str] = _SPACES) -> int:
        match = pattern.match(self.text, at)
        return match.end() if match else at

    def argument_end(self, at: int, *, may_nest: bool = True) -> int | None:
        """Return where an argument ends: braces, a command, or one character."""
        at = self.skip(self.skip(at, OPTION))
        if found := self.content(at):
            return found[1]
        if command := _COMMAND.match(self.text, at):
            end = None
            if may_nest and command[1] in MATHS:
                end = self.argument_end(command.end(), may_nest=False)
            return end or command.end()
        return at + 1 if self.text[at : at + 1].isalnum() else None

    def scripts_end(self, at: int) -> int:
        """Return where the sub- and superscripts at a position end."""
        for _ in range(3):
            if self.text[at : at + 1] not in {"_", "^"}:
                break
            end = self.argument_end(at + 1)
            if end is None:
                break
            at = end
        return at


def _pairs(text: str) -> dict[int, int]:
    """Return the position of the closing brace for each opening one."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for match in _BRACE.finditer(text):
        if match.group() == "{":
            waiting.append(match.start())
        elif match.group() == "}" and waiting:
            pairs[waiting.pop()] = match.start()
    return pairs
