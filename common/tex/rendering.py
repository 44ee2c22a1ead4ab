"""Titles and abstracts with TeX as HTML and as plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.maths.mathml import MAX_FORMULAS, FormulaError, to_mathml
from common.maths.plain import plain_maths
from common.tex.nodes import Formula, Node, Tag, Words
from common.tex.parsing import parse
from common.text import tidy_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Characters of an abstract that a list shows.
LEAD_LENGTH = 320
_BLANK = re.compile(r"(?:\s|<[^>]*>)*")


def render_inline(text: str) -> SafeString:
    """Return the text as HTML for use in a paragraph, with formulas as MathML."""
    return to_html(parse(text))


def to_html(nodes: Iterable[Node]) -> SafeString:
    """Write the nodes as HTML. A text in which nothing is to be seen gives ""."""
    html = "".join(_html_parts(nodes)).strip()
    # Each part is escaped text, one of four tags, or markup that passed common.maths.
    return mark_safe("" if _BLANK.fullmatch(html) else html)  # noqa: S308


def _html_parts(nodes: Iterable[Node]) -> Iterator[str]:
    formula_count = 0
    for node in nodes:
        match node:
            case Words(text):
                yield escape(text)
            case Tag(name, is_end):
                yield f"</{name}>" if is_end else f"<{name}>"
            case Formula():
                formula_count += 1
                yield _formula_html(node) if formula_count <= MAX_FORMULAS else _typed_html(node)


def _formula_html(formula: Formula) -> str:
    try:
        html = to_mathml(formula.source, is_display=formula.is_display)
    except FormulaError:
        return _typed_html(formula)
    return " " if _BLANK.fullmatch(html) else html


def _typed_html(formula: Formula) -> str:
    typed = escape(formula.typed)
    return f'<code class="tex">{typed}</code>' if formula.is_delimited else typed


def to_plain(text: str) -> str:
    """Return the text, including formulas, without markup."""
    parts = [
        node.text if isinstance(node, Words) else plain_maths(node.source)
        for node in parse(text)
        if not isinstance(node, Tag)
    ]
    return " ".join("".join(parts).split())


def plain_name(name: str) -> str:
    """Return a person's name without TeX; no maths and no braces in it."""
    words = (node.text for node in parse(tidy_line(name)) if isinstance(node, Words))
    plain = re.sub(r"[{}\\]", "", "".join(words))
    return " ".join(plain.split()).strip(" ,;")


def beginning(nodes: Iterable[Node], limit: int = LEAD_LENGTH) -> list[Node]:
    """Return the first nodes, cut between words and never in a formula, with an ellipsis."""
    kept: list[Node] = []
    open_tags: list[str] = []
    room = limit
    for node in nodes:
        match node:
            case Tag(name, is_end):
                open_tags = open_tags[:-1] if is_end else [*open_tags, name]
                length = 0
            case Words(text):
                length = len(text)
            case Formula(source):
                length = len(source)
        if length > room:
            break
        room -= length
        kept.append(node)
    else:
        return kept
    if isinstance(node, Words):
        kept.append(Words(_cut_between_words(node.text, room)))
    while kept and isinstance(kept[-1], Words) and not kept[-1].text.rstrip(" ,;:.–—-("):
        kept.pop()
    if kept and isinstance(kept[-1], Words):
        kept[-1] = Words(kept[-1].text.rstrip(" ,;:.–—-("))
    return [*kept, Words("…"), *(Tag(name, is_end=True) for name in reversed(open_tags))]


def _cut_between_words(words: str, room: int) -> str:
    piece, is_mid_word = words[:room], not words[room : room + 1].isspace()
    if is_mid_word and " " in piece:
        return piece.rpartition(" ")[0]
    return piece
