"""Conversion of Markdown to HTML in two steps, with the database queries in between.

`parse` finds the members and papers that a comment names; the caller looks up which exist and
calls `Parsed.html`. Nothing here accesses the database.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.maths.plain import plain_maths
from common.text import harmless, is_visible
from discussions.markdown.comment_text import TextError
from discussions.markdown.html import Writer, plain
from discussions.markdown.rules import MAX_NESTING, build_parser
from discussions.markdown.sanitizing import sanitize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from markdown_it.token import Token

# One definition can serve a thousand short links, each rendered with its full URL.
MAX_ADDRESSES = 60_000

# For a comment shown in one line: enough to get past a quote.
_START_READ = 2_000

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
    """A parsed comment, before it is known which names and papers exist."""

    tokens: tuple[Token, ...]
    # In the order of the text, each once; usernames in lower case.
    names: tuple[str, ...]
    # Those outside quotes: quoting somebody does not mention whom they mentioned.
    addressed: tuple[str, ...]
    # Without version, each once.
    paper_ids: tuple[str, ...]
    # Web and mail URLs, including those of images, as the reader would open them.
    links: tuple[str, ...]
    # Makes the ids of footnotes differ from those of other comments.
    key: str

    @property
    def links_out(self) -> bool:
        return bool(self.links)

    def html(
        self, members: Mapping[str, str], papers: Collection[str], *, key: str = ""
    ) -> SafeString:
        """Return the HTML.

        `members` maps lower-case names to usernames, `papers` are the ids with a page here.
        `key` (lower-case letters and digits) is for the ids of footnotes.
        """
        writer = Writer(members, papers, key or self.key)
        skeleton = sanitize(writer.write(self.tokens, _parser.options))
        # Sanitized; the formulas inserted now were checked against a list as well.
        return mark_safe(writer.with_formulas(skeleton))  # noqa: S308

    def skeleton(self, members: Mapping[str, str], papers: Collection[str]) -> str:
        """Return the sanitizer's input, with placeholders for formulas: for its tests."""
        return sanitize(Writer(members, papers, self.key).write(self.tokens, _parser.options))

    def to_plain(self, limit: int | None = None) -> str:
        """Return the text in one line without markup, cut between words.

        Quotes are left out if there is other text: they are somebody else's.
        """
        own = _joined(_plain_parts(self.tokens, with_quotes=False))
        return _cut(own or _joined(_plain_parts(self.tokens, with_quotes=True)), limit)


def parse(text: str) -> Parsed:
    """Parse a cleaned text, or raise `TextError`."""
    tokens = _parser.parse(text)
    if any(token.type in _HOLDERS and token.level >= MAX_NESTING - 1 for token in tokens):
        raise TextError("Quotes and lists can be nested about 10 levels deep. Remove a few levels.")
    found = _Found()
    for token, is_quoted in _in_lines(tokens):
        found.note(token, is_quoted=is_quoted)
    if found.address_length > MAX_ADDRESSES:
        raise TextError("This comment has too many long links. Remove a few.")
    if not found.is_visible:
        raise TextError("Write something first.")
    key = hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=5).hexdigest()
    return Parsed(
        tokens=tuple(tokens),
        names=tuple(found.names),
        addressed=tuple(name for name, is_addressed in found.names.items() if is_addressed),
        paper_ids=tuple(found.paper_ids),
        links=tuple(found.links),
        key=key,
    )


class _Found:
    """Collector of the names, papers and links in a comment's tokens."""

    def __init__(self) -> None:
        self.names: dict[str, bool] = {}
        self.paper_ids: dict[str, None] = {}
        self.links: dict[str, None] = {}
        self.address_length = 0
        self.is_visible = False

    def note(self, token: Token, *, is_quoted: bool) -> None:
        if token.type == "name":
            name = token.content.lower()
            self.names[name] = self.names.get(name, False) or not is_quoted
        elif token.type == "paper":
            self.paper_ids[token.meta["id"]] = None
        elif token.type in {"link_open", "image"}:
            address = str(token.attrs.get("href") or token.attrs.get("src") or "")
            self.address_length += len(address)
            if address.lower().startswith(("http://", "https://", "mailto:")):
                self.links[address] = None
        self.is_visible = self.is_visible or is_visible(_content(token))


def to_plain(text: str, limit: int | None = None) -> str:
    """Return a stored text in one line without markup. Never fails."""
    # Pages call this for many comments, so only the part shown is parsed.
    start = text if limit is None else text[: max(_START_READ, 10 * limit)]
    return _plain_start(start, limit)


@lru_cache(maxsize=1_024)
def _plain_start(text: str, limit: int | None) -> str:
    try:
        return parse(text).to_plain(limit)
    except TextError:
        return _cut(" ".join(harmless(text).split()), limit)


def host_of(link: str) -> str:
    """Return the host of a link in lower case, "" if there is none."""
    try:
        return (urlsplit(link).hostname or "").rstrip(".")
    except ValueError:
        return ""


def as_typed(text: str) -> SafeString:
    """Return a stored text that can no longer be parsed, as it was typed."""
    lines = escape(harmless(text)).replace("\n", "<br>")
    return mark_safe(sanitize(f"<p>{lines}</p>"))  # noqa: S308


def _in_lines(tokens: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Yield all tokens, including inline ones, and whether each is in a quote."""
    quote_depth = 0
    for token in tokens:
        quote_depth += (token.type in _QUOTES) - (token.type in _QUOTES_END)
        yield token, quote_depth > 0
        for child in token.children or ():
            yield child, quote_depth > 0


def _content(token: Token) -> str:
    if token.type == "inline":
        return ""
    return plain([token]) or ("image" if token.type == "image" else "")


def _plain_parts(tokens: Sequence[Token], *, with_quotes: bool) -> Iterator[str]:
    for token, is_quoted in _in_lines(tokens):
        if is_quoted and not with_quotes:
            continue
        # Block boundaries separate words, and children represent an inline token.
        yield " " if token.block or token.type == "inline" else ""
        if token.type != "inline":
            yield _plain_part(token)


def _plain_part(token: Token) -> str:
    return plain_maths(token.content) if token.type in _FORMULAS else plain([token])


def _joined(parts: Iterator[str]) -> str:
    return " ".join(harmless("".join(parts)).split())


def _cut(line: str, limit: int | None) -> str:
    if limit is None or len(line) <= limit:
        return line
    piece = line[: limit - 1]
    if not line[limit - 1].isspace() and " " in piece:
        piece = piece.rpartition(" ")[0]
    return piece.rstrip(" ,;:.–—-(") + "…"
