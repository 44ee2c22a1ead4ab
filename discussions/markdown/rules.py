"""Our Markdown: the enabled rules of markdown-it, and a few of our own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import table
from markdown_it.rules_inline.linkify import linkify
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def, footnote_ref

from common.tex.formulas import formula_at, reads_as_prose
from discussions.markdown.sanitizing import keeps_address
from papers.identifiers import IdentifierError, parse_arxiv_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

MAX_NESTING = 20
# Limit, since short rows under a wide header are filled with empty cells.
_MAX_CELLS = 5_000
_MAX_FOOTNOTE_LABEL = 40
_MAX_FORMULA_LINES = 60

_SCHEMES = ("http://", "https://", "mailto:")
_SCHEME_BEFORE = re.compile(r"https?\Z", re.IGNORECASE)
_LONGEST_SCHEME = 16
_CLOSING = {"$$": "$$", "\\[": "\\]"}
_ENDS_PARAGRAPHS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}

_ID = r"(?:[a-z-]{2,10}+(?:\.[a-z-]{2,6}+)?/[0-9]{7}|[0-9]{4}\.[0-9]{4,5})"
_VERSION = "(?:v[1-9][0-9]{0,2})?"
_NAMED = re.compile(
    # Possessive, so that the beginning of a longer name does not match.
    r"(?<![\w@/.+-])@(?P<name>[a-z][a-z0-9_-]{2,29}+)(?![\w@])"
    rf"|(?<![\w/.:@-])(?P<prefix>arxiv:\s?|(?:https?://)?(?:www\.|export\.)?arxiv\.org/abs/)?"
    rf"(?P<id>{_ID})(?P<version>{_VERSION})(?![\w/%]|[.,][0-9])",
    re.IGNORECASE,
)
_ABSTRACT_PAGE = re.compile(
    rf"https?://(?:www\.|export\.)?arxiv\.org/abs/(?P<id>{_ID})(?P<version>{_VERSION})/?",
    re.IGNORECASE,
)


def build_parser() -> MarkdownIt:
    parser = MarkdownIt(
        "js-default",
        {
            "html": False,
            "linkify": True,
            "breaks": True,
            "tasklists": True,
            "maxNesting": MAX_NESTING,
        },
    )
    parser.use(footnote_plugin, inline=False)
    parser.use(container_plugin, name="quote")
    parser.block.ruler.at("table", _small_table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.at("footnote_def", _footnote, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.before("fence", "formula", _display_formula, _ENDS_PARAGRAPHS)
    parser.inline.ruler.at("footnote_ref", _footnote_mark)
    parser.inline.ruler.at("linkify", _bare_link)
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.core.ruler.after("linkify", "names_and_papers", _find_names_and_papers)
    # Fuzzy matching takes bare file names ("train.py", "README.md") for hosts.
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
        parser.linkify.add("ftp:", None).add("//", None)
    parser.validateLink = _is_safe_link  # type: ignore[method-assign]
    return parser


def _is_safe_link(url: str) -> bool:
    return url.lower().startswith(_SCHEMES) and keeps_address(url)


# Formulas -----------------------------------------------------------------------------


def _formula(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """A formula in a line, by the same rule as in titles: "$5 and $10" is money."""
    source, at = state.src, state.pos
    if source[at] not in "$\\":
        return False
    two = source[at : at + 2]
    opening = two if two in {"$$", "\\(", "\\["} else source[at]
    found = formula_at(source, at, opening) if opening != "\\" else None
    if found is None or found[2] > state.posMax:
        return False
    start, inner_end, end = found
    inner = source[start:inner_end]
    # A bracket may be escaped as such: \[citation needed\].
    if opening.startswith("\\") and reads_as_prose(inner):
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = inner
        token.markup = source[at:end]
        token.meta = {"is_display": opening in _CLOSING}
    state.pos = end
    return True


def _display_formula(
    state: StateBlock,
    start_line: int,
    end_line: int,
    silent: bool,  # noqa: FBT001
) -> bool:
    """A formula that begins a line with `$$` or `\\[` and ends one."""
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    closing = _CLOSING.get(state.src[begin : begin + 2])
    last = None if closing is None else _closing_line(state, start_line, end_line, closing)
    if last is None:
        return False
    source = state.getLines(start_line, last + 1, state.blkIndent, keepLastLF=False).strip()
    if closing == "\\]" and reads_as_prose(source[2:-2]):
        return False
    if not silent:
        token = state.push("display_formula", "", 0)
        token.content = source[2:-2]
        token.markup = source
        token.map = [start_line, last + 1]
        state.line = last + 1
    return True


def _closing_line(state: StateBlock, start_line: int, end_line: int, closing: str) -> int | None:
    for line in range(start_line, min(end_line, start_line + _MAX_FORMULA_LINES)):
        begin, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
        if begin >= end or state.sCount[line] < state.blkIndent:
            return None
        text = state.src[begin + 2 * (line == start_line) : end].rstrip()
        if closing in text:
            is_all = text.endswith(closing) and text.index(closing) == len(text) - 2
            is_empty = line == start_line and not text[:-2].strip()
            return line if is_all and not is_empty else None
    return None


# Guards around rules that a hostile text can stall or break --------------------------


def _small_table(
    state: StateBlock,
    start_line: int,
    end_line: int,
    silent: bool,  # noqa: FBT001
) -> bool:
    head = state.src[state.bMarks[start_line] : state.eMarks[start_line]]
    if head.count("|") * (end_line - start_line) > _MAX_CELLS:
        return False
    return table(state, start_line, end_line, silent)


def _footnote(
    state: StateBlock,
    start_line: int,
    end_line: int,
    silent: bool,  # noqa: FBT001
) -> bool:
    """Allow footnotes at the top level only, because moving one out of a quote would break it."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    return (
        state.level == 0
        and state.src.find("]", begin, begin + _MAX_FOOTNOTE_LABEL) > 0
        and footnote_def(state, start_line, end_line, silent)
    )


def _footnote_mark(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    return (
        state.src.startswith("[^", state.pos)
        and state.src.find("]", state.pos, state.pos + _MAX_FOOTNOTE_LABEL) > 0
        and footnote_ref(state, silent)
    )


def _bare_link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if not _SCHEME_BEFORE.search(state.src, max(0, state.pos - 8), state.pos):
        return False
    # The rule searches the whole pending text for the scheme, from its beginning.
    waiting = state.pending
    if not silent and len(waiting) > 2 * _LONGEST_SCHEME:
        state.pending = waiting[:-_LONGEST_SCHEME]
        state.pushPending()
        state.pending = waiting[-_LONGEST_SCHEME:]
    return linkify(state, silent)


# Names and papers -----------------------------------------------------------------------


def _find_names_and_papers(state: StateCore) -> None:
    """Mark `@name` and arXiv ids in plain text, and bare links to abstracts on arXiv.

    Rendering decides whether there is such a member or paper.
    """
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_with_marks(block.children))


def _with_marks(tokens: list[Token]) -> Iterator[Token]:
    link_depth = 0
    skip_until = 0
    for place, token in enumerate(tokens):
        if place < skip_until:
            continue
        if token.type == "link_open" and token.info == "auto":
            paper = _linked_paper(tokens[place : place + 3])
            if paper is not None:
                skip_until = place + 3
                yield paper
                continue
        link_depth += token.nesting if token.type in {"link_open", "link_close"} else 0
        if token.type == "text" and not link_depth:
            yield from _marks_in(token)
        else:
            yield token


def _linked_paper(link: list[Token]) -> Token | None:
    """Return a paper token for a bare link to an abstract page."""
    match = _ABSTRACT_PAGE.fullmatch(str(link[0].attrs.get("href", "")))
    if match is None or len(link) < 3 or link[2].type != "link_close":
        return None
    return _paper(match, link[0].level, link[1].content, is_explicit=True)


def _marks_in(text: Token) -> Iterator[Token]:
    written_to = 0
    for match in _NAMED.finditer(text.content):
        if match["name"]:
            token = Token("name", "", 0, content=match["name"], level=text.level)
        else:
            found = _paper(
                match, text.level, match.group(), is_explicit=match["prefix"] is not None
            )
            if found is None:
                continue
            token = found
        if match.start() > written_to:
            yield _text(text.content[written_to : match.start()], text.level)
        yield token
        written_to = match.end()
    if written_to < len(text.content):
        yield _text(text.content[written_to:], text.level)


def _paper(match: re.Match[str], level: int, content: str, *, is_explicit: bool) -> Token | None:
    try:
        paper_id = parse_arxiv_id(match["id"]).id
    except IdentifierError:
        return None
    if "/" in paper_id and not is_explicit:
        return None
    meta = {"id": paper_id, "version": match["version"].lower(), "is_explicit": is_explicit}
    return Token("paper", "", 0, content=content, level=level, meta=meta)


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)
