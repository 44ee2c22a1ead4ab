"""Cards: papers in lists.

A card is cached by its content, including the reader's own marks, so nothing has to be
invalidated: most readers have no mark on most papers.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from common.components import Link
from common.jinja import RememberedFragment
from common.relative_times import short_date
from common.words import short_number
from papers.import_rows import author_slug
from papers.sources import Ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from papers.models import Paper


# The columns of a card; `of_rows` takes rows in this order.
COLUMNS = (
    "id",
    "source",
    "external_id",
    "title_html",
    "lead_html",
    "lead_authors",
    "author_count",
    "organization__slug",
    "organization__name",
    "published_at",
    "withdrawn_at",
    "code_url",
    "star_count",
    "thumbnail__digest",
    "tally__comment_count",
    "tally__external_vote_count",
    "tally__external_votes_read_at",
    "tally__vote_count",
)


class ExternalVotes(NamedTuple):
    """The votes at the service whose feed lists a paper, and the day they were read."""

    vote_count: int
    read_iso: str
    read: str


class CardBody(NamedTuple):
    """The content of a card's body. Hashable: it is a part of the cache key."""

    ref: Ref
    title_html: str
    lead_html: str
    lead_authors: tuple[str, ...]
    author_count: int
    organization_slug: str | None
    organization_name: str | None
    published_iso: str
    published: str
    is_withdrawn: bool
    code_url: str
    star_count: int
    # Part of the picture's address; "" for none.
    thumbnail_digest: str
    comment_count: int
    # None without external votes.
    external_votes: ExternalVotes | None
    # Why the paper trends, in at most three words; "" in other lists.
    why: str

    @property
    def url(self) -> str:
        return reverse("discussions:paper_page", args=[self.ref])

    @property
    def abstract_url(self) -> str:
        return reverse("papers:paper_abstract", args=[self.ref])

    @property
    def organization_url(self) -> str:
        return reverse("papers:organization_page", args=[self.organization_slug])

    @property
    def thumbnail_url(self) -> str:
        digest = self.thumbnail_digest
        return reverse("papers:thumbnail", args=[digest]) if digest else ""

    @property
    def authors(self) -> list[Link]:
        """The first authors, each linked to the page of that name."""
        return [
            Link(name, reverse("papers:author_page", args=[author_slug(name)]))
            for name in self.lead_authors
        ]

    @property
    def stars(self) -> str:
        return short_number(self.star_count) if self.star_count else ""

    @property
    def has_more(self) -> bool:
        return self.lead_html.endswith("…")

    @property
    def other_author_count(self) -> int:
        return self.author_count - len(self.lead_authors)


class OwnMarks(NamedTuple):
    """The ids of papers that one reader has voted for and saved."""

    upvoted: frozenset[int] = frozenset()
    saved: frozenset[int] = frozenset()


class PaperMarks(NamedTuple):
    """A reader's own marks on a paper, with the counts."""

    paper_id: int
    vote_url: str
    save_url: str
    vote_count: int = 0
    is_upvoted: bool = False
    is_saved: bool = False


class Card(NamedTuple):
    """A paper in a list, as one reader sees it."""

    body: CardBody
    marks: PaperMarks


def render(cards: Iterable[Card], *, is_member: bool) -> SafeString:
    """Render cards: with buttons for a member, with links to the sign-in for a visitor."""
    return SafeString(
        "".join(_rendered(card=each.body, marks=each.marks, is_member=is_member) for each in cards)
    )


def marks_of(paper: Paper, **marks: Any) -> PaperMarks:
    return PaperMarks(paper.pk, *_mark_urls(paper.ref), **marks)


def of_rows(
    rows: Iterable[tuple],  # type: ignore[type-arg]
    own: OwnMarks,
    reasons: Mapping[int, str] = MappingProxyType({}),
) -> list[Card]:
    """Make cards from rows of COLUMNS. `reasons` says why papers trend, by id."""
    year = timezone.now().year
    return [_card(row, year, own, reasons.get(row[0], "")) for row in rows]


def _card(row: tuple, year: int, own: OwnMarks, why: str) -> Card:  # type: ignore[type-arg]
    paper_id, source, external_id, *shown = row
    title, lead, authors, author_count, slug, name, at, gone, code, stars, picture, *counts = shown
    comment_count, *external, vote_count = counts
    ref = Ref(source, external_id)
    body = CardBody(
        ref,
        title,
        lead,
        tuple(authors),
        author_count,
        slug,
        name,
        *(_dates(at.date(), year) if at else ("", "")),
        gone is not None,
        code,
        stars or 0,
        (picture or "") if settings.SHOW_THUMBNAILS else "",
        comment_count,
        external_votes_of(*external, year=year),
        why,
    )
    marks = PaperMarks(
        paper_id,
        *_mark_urls(ref),
        vote_count,
        is_upvoted=paper_id in own.upvoted,
        is_saved=paper_id in own.saved,
    )
    return Card(body, marks)


def external_votes_of(
    vote_count: int | None, read_at: datetime | None, *, year: int
) -> ExternalVotes | None:
    if not vote_count or read_at is None:
        return None
    return ExternalVotes(vote_count, *_dates(read_at.date(), year))


@lru_cache(maxsize=16_384)
def _mark_urls(ref: Ref) -> tuple[str, str]:
    return (
        reverse("papers:paper_vote", args=[ref]),
        reverse("papers:paper_save", args=[ref]),
    )


@lru_cache(maxsize=4096)
def _dates(on: date, year: int) -> tuple[str, str]:
    return on.isoformat(), short_date(on, year)


_rendered = RememberedFragment("papers/_card.jinja", size=4096)
