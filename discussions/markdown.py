"""From what a member typed to HTML, in two steps with the questions to the database between.

`parse` finds out whom and what a comment names; whoever knows which of those exist calls
`Parsed.html`. Nothing here touches the database.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.safestring import SafeString, mark_safe

from common.tex_symbols import plain_maths
from discussions.comment_text import TextError, harmless, is_visible
from discussions.markdown_html import Writer, plain
from discussions.markdown_rules import MAX_NESTING, build_parser
from discussions.sanitizing import sanitize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from markdown_it.token import Token

# One definition can serve a thousand short links, each as long as its address.
MAX_ADDRESSES = 60_000

_parser = build_parser()
_HOLDERS = frozenset(
    f"{name}_open"
    for name in ("blockquote", "bullet_list", "container_quote", "list_item", "ordered_list")
)
_QUOTES = frozenset({"blockquote_open", "container_quote_open"})
_QUOTES_END = frozenset({"blockquote_close", "container_quote_close"})
_FORMULAS = frozenset({"formula", "display_formula"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """A comment taken apart, before anybody knows which names and papers exist."""

    tokens: tuple[Token, ...]
    # In the order of the text, each once; usernames in lower case.
    names: tuple[str, ...]
    # Without version, each once.
    paper_ids: tuple[str, ...]
    # Addresses on the web, also those of pictures, as the reader would open them.
    links: tuple[str, ...]
    # Makes the ids of footnotes differ from those of other comments.
    key: str

    @property
    def links_out(self) -> bool:
        return bool(self.links)

    def html(
        self, members: Mapping[str, str], papers: Collection[str], *, key: str = ""
    ) -> SafeString:
        """Write the HTML.

        `members` gives the username for a name in lower case, `papers` the ids that have
        a page here. `key` (lower-case letters and digits) is for the ids of footnotes.
        """
        writer = Writer(members, papers, key or self.key)
        skeleton = sanitize(writer.write(self.tokens, _parser.options))
        # Sanitized, and what is put in now was written from a list as well.
        return mark_safe(writer.with_formulas(skeleton))  # noqa: S308

    def skeleton(self, members: Mapping[str, str], papers: Collection[str]) -> str:
        """Return what is sanitized, with marks for formulas: for tests of the sanitizer."""
        return sanitize(Writer(members, papers, self.key).write(self.tokens, _parser.options))

    def to_plain(self, limit: int | None = None) -> str:
        """Write the words in one line without markup, cut between words.

        Quoted words are left out where there are others: they are somebody else's.
        """
        own = _joined(_plain_parts(self.tokens, with_quotes=False))
        return _cut(own or _joined(_plain_parts(self.tokens, with_quotes=True)), limit)


def parse(text: str) -> Parsed:
    """Take a cleaned text apart, or raise `TextError`."""
    tokens = _parser.parse(text)
    if any(token.type in _HOLDERS and token.level >= MAX_NESTING - 1 for token in tokens):
        raise TextError("Quotes and lists can stand some 10 deep. Take out a few levels.")
    names: dict[str, None] = {}
    paper_ids: dict[str, None] = {}
    links: dict[str, None] = {}
    room = MAX_ADDRESSES
    for token in _in_lines(tokens):
        if token.type == "name":
            names[token.content.lower()] = None
        elif token.type == "paper":
            paper_ids[token.meta["id"]] = None
        elif token.type in {"link_open", "image"}:
            address = str(token.attrs.get("href") or token.attrs.get("src") or "")
            room -= len(address)
            if address.lower().startswith(("http://", "https://")):
                links[address] = None
    if room < 0:
        raise TextError("That is too many long links for one comment. Take out a few.")
    if not any(is_visible(_content(token)) for token in _in_lines(tokens)):
        raise TextError("Write something first: there is nothing to read yet.")
    key = hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=5).hexdigest()
    return Parsed(tuple(tokens), tuple(names), tuple(paper_ids), tuple(links), key)


def to_plain(text: str, limit: int | None = None) -> str:
    """Write a stored text in one line without markup. Never fails."""
    try:
        return parse(text).to_plain(limit)
    except TextError:
        return _cut(" ".join(harmless(text).split()), limit)


def host_of(link: str) -> str:
    """The host that a link leads to, in lower case; nothing where none can be read."""
    try:
        return (urlsplit(link).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _in_lines(tokens: Sequence[Token]) -> Iterator[Token]:
    """All tokens, and those inside lines of text after the line itself."""
    for token in tokens:
        yield token
        if token.type == "inline":
            yield from token.children or ()


def _content(token: Token) -> str:
    if token.type == "inline":
        return ""
    return plain([token]) or ("image" if token.type == "image" else "")


def _plain_parts(tokens: Sequence[Token], *, with_quotes: bool) -> Iterator[str]:
    quote_depth = 0
    for token in tokens:
        quote_depth += (token.type in _QUOTES) - (token.type in _QUOTES_END)
        if quote_depth > 0 and not with_quotes:
            continue
        if token.type == "inline":
            yield "".join(_plain_part(child) for child in token.children or ())
        elif token.content:
            yield _plain_part(token)
        else:
            yield " "


def _plain_part(token: Token) -> str:
    return plain_maths(token.content) if token.type in _FORMULAS else plain([token])


def _joined(parts: Iterator[str]) -> str:
    return " ".join(harmless(" ".join(parts)).split())


def _cut(line: str, limit: int | None) -> str:
    if limit is None or len(line) <= limit:
        return line
    piece = line[: limit - 1]
    if not line[limit - 1].isspace() and " " in piece:
        piece = piece.rpartition(" ")[0]
    return piece.rstrip(" ,;:.–—-(") + "…"
