"""What is left of the TeX of one paper when its title and abstract are shown."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from pylatexenc.latex2text import get_default_latex_context_db

from papers.clients.answers import EntryError
from papers.clients.arxiv_texts import abstract_of, title_of
from papers.rendering import render_abstract, render_title

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
# A command that takes its argument in braces, with a letter glued to it: `\fracab`, `\mathbbZ`.
_GLUED = re.compile(
    r"\\(?:[dt]?frac|sqrt|mathbb|mathcal|mathfrak|mathrm|mathbf|SI|num)(?=[A-Za-z])"
)
_AMOUNT = re.compile(r"\$\s?[.\d]|(?:\bUS|\bA|\bC|\bCA|\bAU|\bHK|\bNZ|\bR|\bS|\bNT)\$")


@cache
def standard_commands() -> frozenset[str]:
    """Return the commands of LaTeX and its usual packages: all others are authors' own."""
    listed = Path(__file__).with_name("standard_commands.txt").read_text().split()
    known = (each.macroname for each in get_default_latex_context_db().iter_macro_specs())
    return frozenset(listed) | frozenset(known)


def is_own(command: str) -> bool:
    return command.isalpha() and command not in standard_commands()


@dataclass
class Counts:
    """Sums over papers, which can be added."""

    papers: int = 0
    refused: int = 0
    abstracts_with: Counter[str] = field(default_factory=Counter)
    titles_with: Counter[str] = field(default_factory=Counter)
    plain_titles_with: Counter[str] = field(default_factory=Counter)
    leftovers: Counter[str] = field(default_factory=Counter)
    own_macros: Counter[str] = field(default_factory=Counter)
    formulas: int = 0
    fallbacks: Counter[str] = field(default_factory=Counter)
    fallback_macros: Counter[str] = field(default_factory=Counter)
    empty_formulas: int = 0
    damaged: int = 0
    slowest: tuple[float, str] = (0.0, "")

    def add(self, other: Counts) -> None:
        for name, value in vars(other).items():
            if isinstance(value, Counter):
                getattr(self, name).update(value)
            elif name == "slowest":
                self.slowest = max(self.slowest, other.slowest)
            else:
                setattr(self, name, getattr(self, name) + value)


class Shown(HTMLParser):
    """The text of a piece of HTML outside of formulas, and the formulas."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.sources: list[str] = []
        self.formulas: list[str] = []
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "math":
            self._inside = tag
            self.formulas.append("")
        elif tag == "code" and not self._inside:
            self._inside = tag
            self.sources.append("")
        elif tag == "mspace" and self._inside == "math":
            self.formulas[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""
            # What stands before a formula does not touch what stands behind it.
            self.text += "\ufffc"

    def handle_data(self, data: str) -> None:
        if self._inside == "math":
            self.formulas[-1] += data
        elif self._inside == "code":
            self.sources[-1] += data
        else:
            self.text += data


def measure(title: str, abstract: str) -> Counts:
    counts = Counts(papers=1)
    shown_title = _shown(counts, title, title_of, lambda text: render_title(text).html)
    shown_abstract = _shown(counts, abstract, abstract_of, lambda text: render_abstract(text).html)
    if shown_title is None or shown_abstract is None:
        counts.refused = 1
        return counts
    counts.abstracts_with.update(_kinds(counts, shown_abstract.text, abstract))
    counts.titles_with.update(_kinds(counts, shown_title.text, title))
    plain = render_title(title_of(title)).text
    counts.plain_titles_with.update(_kinds(Counts(), plain, title))
    for shown in (shown_title, shown_abstract):
        _count_formulas(counts, shown)
    return counts


def _shown(
    counts: Counts, source: str, cleaned: Callable[[str], str], rendered: Callable[[str], str]
) -> Shown | None:
    started_at = time.thread_time()
    try:
        stored = cleaned(source)
    except EntryError:
        return None
    html = rendered(stored)
    took = (time.thread_time() - started_at) * 1_000
    counts.slowest = max(counts.slowest, (took, source[:60]))
    counts.damaged += bool(_GLUED.search(stored) and not _GLUED.search(source))
    return Shown(html)


def _kinds(counts: Counts, shown: str, source: str) -> set[str]:
    """Count the leftovers of a text, and return which kinds it has."""
    commands = _COMMAND.findall(shown)
    own = [each for each in commands if is_own(each) and not _GLUED.match(f"\\{each}")]
    leftovers = [f"\\{each}" for each in commands if each not in own]
    amounts, escaped = len(_AMOUNT.findall(shown)), source.count("\\$")
    dollars = max(shown.count("$") - max(amounts, escaped), 0)
    leftovers += ["$"] * dollars
    counts.leftovers.update(set(leftovers))
    counts.own_macros.update({f"\\{each}" for each in own})
    kinds = {
        "commands": any(each != "$" for each in leftovers),
        "dollars": bool(dollars),
        "leftovers": bool(leftovers),
        "own macros": bool(own),
    }
    return {kind for kind, is_there in kinds.items() if is_there}


def _count_formulas(counts: Counts, shown: Shown) -> None:
    counts.formulas += len(shown.formulas) + len(shown.sources)
    counts.empty_formulas += sum(not each.strip() for each in shown.formulas)
    for source in shown.sources:
        own = {f"\\{each}" for each in _COMMAND.findall(source) if is_own(each)}
        counts.fallbacks["own macros" if own else "standard"] += 1
        counts.fallback_macros.update(own or {source[:60]})
