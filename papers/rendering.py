"""The HTML twins of a paper's words, made when they arrive, so that no page parses TeX."""

from __future__ import annotations

from dataclasses import dataclass

from common.math import render_inline
from common.tex import lead, to_plain

# Raise it whenever common.tex or common.math writes something else than before: every paper
# is then rendered anew.
RENDERED_WITH = 3


@dataclass(frozen=True, slots=True)
class RenderedTitle:
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class RenderedAbstract:
    html: str
    lead_html: str


def render_title(title: str) -> RenderedTitle:
    return RenderedTitle(html=str(render_inline(title)), text=to_plain(title))


def render_abstract(abstract: str) -> RenderedAbstract:
    """Render the abstract, and the beginning that a list shows."""
    html = str(render_inline(abstract))
    start = lead(abstract)
    return RenderedAbstract(
        html=html, lead_html=html if start == abstract else str(render_inline(start))
    )
