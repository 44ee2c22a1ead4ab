"""Rendering of members' texts to HTML, done on writing so that no page parses.

A preview uses the same function as the stored HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings

from accounts.models import User
from accounts.names.usernames import username_key
from common.rendered_text import RenderedText
from discussions.markdown.comment_text import MAX_LENGTH, TextError, clean_text
from discussions.markdown.parsing import Parsed, as_typed, host_of, parse
from papers.models import Paper
from papers.sources.arxiv import ARXIV

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Self

    from django.utils.safestring import SafeString

# Increase it whenever the HTML for the same text changes: all texts of members are then
# rendered again.
RENDERED_WITH = 4
# Names and papers beyond these limits stay plain text.
MAX_NAMES = 60
MAX_PAPERS = 200

_ARXIV_HOSTS = frozenset({"arxiv.org", "www.arxiv.org", "export.arxiv.org"})


@dataclass(frozen=True, slots=True)
class Rendered:
    html: SafeString
    # Members mentioned outside quotes, in the order of the text, each once.
    mentioned_ids: tuple[int, ...]
    # Links to sites other than this one and arXiv.
    foreign_links: tuple[str, ...]
    rendered_with: int = RENDERED_WITH

    @property
    def links_out(self) -> bool:
        return bool(self.foreign_links)


@dataclass(frozen=True, slots=True)
class _Known:
    """The members and papers that exist: pk and username by lower-case name; ids."""

    members: Mapping[str, tuple[int, str]]
    papers: Collection[str]


def render(text: str) -> Rendered:
    """Render a text that a member typed, in at most two queries, or raise `TextError`."""
    parsed = parse(clean_text(text))
    return _rendered(parsed, _known([parsed]))


def preview(text: str) -> SafeString:
    """Return the HTML that would be stored, or raise `TextError`."""
    return render(text).html


def render_many(texts: Sequence[str], *, limit: int = MAX_LENGTH) -> list[Rendered]:
    """Render stored texts in two queries altogether.

    A text that would be refused today is shown as typed. `limit` is the maximum number of
    characters of a text: its cost grows with it, at worst with its square.
    """
    parsed = [_parsed_or_none(text, limit) for text in texts]
    known = _known([each for each in parsed if each is not None])
    return [
        _as_typed(text) if each is None else _rendered(each, known)
        for text, each in zip(texts, parsed, strict=True)
    ]


class MarkdownText(RenderedText):
    """Markdown written by members. Each of `SOURCES` has its HTML in one of `OUTPUTS`."""

    RENDERED_WITH = RENDERED_WITH
    SOURCES: ClassVar[tuple[str, ...]] = ("text",)
    OUTPUTS: ClassVar[tuple[str, ...]] = ("html",)
    MAX_LENGTH: ClassVar[int] = MAX_LENGTH

    class Meta(RenderedText.Meta):
        abstract = True

    def render_texts(self) -> None:
        """Render a row that is about to be saved, or raise `TextError`."""
        for source, output in zip(self.SOURCES, self.OUTPUTS, strict=True):
            text = getattr(self, source)
            setattr(self, output, render(text).html if text else "")
        self.rendered_with = RENDERED_WITH

    @classmethod
    def render_rows(cls, rows: Sequence[Self]) -> None:
        for source, output in zip(cls.SOURCES, cls.OUTPUTS, strict=True):
            texts = [getattr(row, source) for row in rows]
            rendered = render_many(texts, limit=cls.MAX_LENGTH)
            for row, text, each in zip(rows, texts, rendered, strict=True):
                setattr(row, output, each.html if text else "")

    def keep_as_typed(self) -> None:
        for source, output in zip(self.SOURCES, self.OUTPUTS, strict=True):
            text = getattr(self, source)
            setattr(self, output, as_typed(text) if text else "")


def _as_typed(text: str) -> Rendered:
    return Rendered(as_typed(text), (), ())


def _parsed_or_none(text: str, limit: int) -> Parsed | None:
    try:
        return parse(clean_text(text, limit=limit))
    except TextError:
        return None


def _known(parsed: Collection[Parsed]) -> _Known:
    names = {name for each in parsed for name in each.names[:MAX_NAMES]}
    paper_ids = {paper_id for each in parsed for paper_id in each.paper_ids[:MAX_PAPERS]}
    return _Known(_members(names), _papers(paper_ids))


def _members(names: Collection[str]) -> dict[str, tuple[int, str]]:
    """Find members by name, ignoring case. Look-alike names do not match."""
    if not names:
        return {}
    keys = {username_key(name) for name in names}
    members = User.objects.present().filter(username_key__in=keys).values_list("pk", "username")
    return {username.lower(): (pk, username) for pk, username in members}


def _papers(paper_ids: Collection[str]) -> frozenset[str]:
    if not paper_ids:
        return frozenset()
    return Paper.objects.known(ARXIV.key, paper_ids)


def _rendered(parsed: Parsed, known: _Known) -> Rendered:
    members = {name: username for name, (_, username) in known.members.items()}
    mentioned = [known.members[name][0] for name in parsed.addressed if name in known.members]
    return Rendered(
        html=parsed.html(members, known.papers),
        mentioned_ids=tuple(mentioned),
        foreign_links=tuple(link for link in parsed.links if _is_foreign(link)),
    )


def _is_foreign(link: str) -> bool:
    return host_of(link) not in {settings.SITE_HOST, *_ARXIV_HOSTS}
