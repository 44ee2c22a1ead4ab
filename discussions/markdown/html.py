"""Rendering of a comment's tokens to HTML, to which formulas are added after sanitizing.

The sanitizer gets a skeleton in which each formula is an unguessable placeholder. Formulas are
inserted last, because a sanitizer that allows MathML has more holes; `common.maths.mathml` checks
its output against its own list.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

from django.utils.html import escape
from markdown_it.renderer import RendererHTML

from common.maths.mathml import MAX_FORMULAS, FormulaError, to_mathml
from common.text import harmless
from discussions.markdown.highlighting import highlight

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from markdown_it.token import Token

_MAX_SOURCE_LINE = 200
_ALIGNED = {"text-align:left": "", "text-align:center": "is-centered", "text-align:right": "is-end"}
# Headings in a comment are below those of its page.
_HEADINGS = {"h1": "h4", "h2": "h5"}


class Writer(RendererHTML):
    """A renderer of one comment's skeleton that keeps its formulas until it is sanitized."""

    def __init__(self, members: Mapping[str, str], papers: Collection[str], key: str) -> None:
        super().__init__()
        self._members = members
        self._papers = papers
        self._key = key
        self._formulas: list[str] = []
        self._nonce = secrets.token_hex(8)
        self._link_depth = 0
        self._link_end = ""
        self._sources: list[str] = []

    def write(self, tokens: Sequence[Token], options: Any) -> str:
        return self.render(tokens, options, {})

    def with_formulas(self, skeleton: str) -> str:
        """Replace the placeholders by the formulas."""
        marks = re.compile(rf"\ufdd0{self._nonce}([0-9]+)\ufdd1")
        return marks.sub(lambda match: self._formulas[int(match[1])], skeleton)

    # Words ----------------------------------------------------------------------------

    def text(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        return escape(harmless(tokens[place].content))

    # The parser emits no such tokens while HTML is off; if it did, they would be text.
    def html_inline(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        return self.text(tokens, place)

    def html_block(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        return self.text(tokens, place)

    def heading_open(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        return f"<{_HEADINGS.get(tokens[place].tag, 'h6')}>"

    def heading_close(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        return f"</{_HEADINGS.get(tokens[place].tag, 'h6')}>\n"

    def code_inline(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        return f"<code>{escape(harmless(tokens[place].content))}</code>"

    def fence(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        language = tokens[place].info.strip().partition(" ")[0]
        code = highlight(tokens[place].content, language)
        # Code wider than the column scrolls, also by keyboard.
        return f'<pre tabindex="0"><code>{code}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        return self.fence(tokens, place)

    def table_open(self, *_: Any) -> str:
        # A group, not a region: a landmark for each table would hide those of the page.
        return '<div class="table-box" role="group" aria-label="Table" tabindex="0"><table>\n'

    def table_close(self, *_: Any) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        return _cell("th", tokens[place])

    def td_open(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        return _cell("td", tokens[place])

    def list_item_open(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        is_done = tokens[place].meta.get("checked")
        if is_done is None:
            return "<li>"
        state = ' checked="" aria-label="Done"' if is_done else ' aria-label="To do"'
        return f'<li class="task"><input type="checkbox" disabled=""{state}> '

    def container_quote_open(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        source = tokens[place].info.strip().removeprefix("quote").strip()
        self._sources.append(harmless(source[:_MAX_SOURCE_LINE]))
        return '<figure class="quoted"><blockquote>\n'

    def container_quote_close(self, *_: Any) -> str:
        source = self._sources.pop() if self._sources else ""
        caption = f"<figcaption>{escape(source)}</figcaption>" if source else ""
        return f"</blockquote>{caption}</figure>\n"

    # Links ----------------------------------------------------------------------------

    def link_open(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        self._link_depth += 1
        # An empty URL, as in [this](), is a link in Markdown but leads nowhere.
        self._link_end = "</a>" if tokens[place].attrs["href"] else ""
        return _link(tokens[place].attrs["href"]) if self._link_end else ""

    def link_close(self, *_: Any) -> str:
        self._link_depth -= 1
        return self._link_end

    def image(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        """Render an image as a link, so that readers' browsers contact no other host."""
        token = tokens[place]
        alt = plain(token.children or []).strip()
        label = escape(harmless(f"Image: {alt}" if alt else "Image"))
        if self._link_depth or not token.attrs["src"]:
            return label
        return f"{_link(token.attrs['src'])}{label}</a>"

    def name(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        typed = tokens[place].content
        username = self._members.get(typed.lower())
        if username is None:
            return escape(f"@{typed}")
        return f'<a class="mention" href="/@{escape(username)}">@{escape(username)}</a>'

    def paper(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        token = tokens[place]
        paper_id: str = token.meta["id"]
        label: str = escape(harmless(token.content))
        versioned = escape(f"{paper_id}{token.meta['version']}")
        if paper_id in self._papers:
            # A title with another site's URL would mislead on a link within this site.
            label = f"arXiv:{versioned}" if "/abs/" in label else label
            return f'<a class="paper" href="/papers/{escape(paper_id)}">{label}</a>'
        if token.meta["is_explicit"]:
            return f"{_link(f'https://arxiv.org/abs/{versioned}')}{label}</a>"
        return label

    # Formulas -------------------------------------------------------------------------

    def formula(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        token = tokens[place]
        return self._mark(token, is_display=token.meta["is_display"])

    def display_formula(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        return f'<p class="display-maths">{self._mark(tokens[place], is_display=True)}</p>\n'

    def _mark(self, token: Token, *, is_display: bool) -> str:
        if len(self._formulas) >= MAX_FORMULAS:
            return _source(token)
        try:
            markup = to_mathml(harmless(token.content), is_display=is_display)
        except FormulaError:
            return _source(token)
        self._formulas.append(markup)
        return f"\ufdd0{self._nonce}{len(self._formulas) - 1}\ufdd1"

    # Footnotes ------------------------------------------------------------------------

    def footnote_ref(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        number, use = _numbers(tokens[place])
        return (
            f'<sup><a class="note-mark" id="fnref-{self._key}-{number}-{use}"'
            f' href="#fn-{self._key}-{number}" aria-label="Note {number}">{number}</a></sup>'
        )

    def footnote_block_open(self, *_: Any) -> str:
        return '<section class="notes" aria-label="Notes"><ol>\n'

    def footnote_block_close(self, *_: Any) -> str:
        return "</ol></section>\n"

    def footnote_open(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        number, _use = _numbers(tokens[place])
        return f'<li id="fn-{self._key}-{number}">'

    def footnote_close(self, *_: Any) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], place: int, *_: Any) -> str:
        number, use = _numbers(tokens[place])
        return (
            f' <a class="note-back" href="#fnref-{self._key}-{number}-{use}"'
            f' aria-label="Back to where note {number} is used">↩</a>'
        )


def plain(tokens: Sequence[Token]) -> str:
    """Return a line's tokens without markup, formulas as TeX."""
    parts: list[str] = []
    for token in tokens:
        if token.type == "name":
            parts.append(f"@{token.content}")
        elif token.type == "image":
            parts.append(plain(token.children or []))
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        else:
            parts.append(token.content)
    return "".join(parts)


def _link(address: object) -> str:
    return f'<a href="{escape(address)}" rel="nofollow ugc noopener noreferrer">'


def _cell(tag: str, token: Token) -> str:
    aligned = _ALIGNED.get(str(token.attrs.get("style", "")), "")
    return f'<{tag} class="{aligned}">' if aligned else f"<{tag}>"


def _source(token: Token) -> str:
    return f'<code class="tex">{escape(harmless(token.markup))}</code>'


def _numbers(token: Token) -> tuple[int, int]:
    """Return the number of a footnote, and that of this reference to it."""
    return token.meta["id"] + 1, token.meta.get("subId", 0) + 1
