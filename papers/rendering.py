"""The HTML twins of a paper's words, made when they arrive, so that no page parses TeX."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import escape

from common.tex.parsing import parse
from common.tex.rendering import LEAD_LENGTH, beginning, render_inline, to_html, to_plain

# Raise it whenever common.tex or common.maths writes something else than before: every paper
# is then rendered anew.
RENDERED_WITH = 4


@dataclass(frozen=True, slots=True)
class RenderedTitle:
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class RenderedAbstract:
    html: str
    lead_html: str


def render_title(title: str) -> RenderedTitle:
    """Render the title. A title that renders to nothing, such as `{}`, is shown as typed."""
    html = str(render_inline(title)) or escape(title)
    return RenderedTitle(html=html, text=to_plain(title) or title)


def render_abstract(abstract: str) -> RenderedAbstract:
    """Render the abstract, and the beginning that a list shows."""
    nodes = parse(abstract)
    return RenderedAbstract(
        html=str(to_html(nodes)) or escape(abstract),
        lead_html=str(to_html(beginning(nodes))) or escape(abstract[:LEAD_LENGTH]),
    )
