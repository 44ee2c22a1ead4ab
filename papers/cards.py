"""A paper as lists show it.

Nearly all of a card is the same for every reader and changes only with the paper, so it
is rendered once for its content: the memo is keyed by all that the card shows, and
nothing has to be invalidated. Django's template engine takes fifty times as long for a
list's fifty cards as joining fifty finished ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from common.relative_times import short_date

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date


# What a card is made of; `of_rows` takes rows in this order.
COLUMNS = (
    "id",
    "external_id",
    "title_html",
    "lead_html",
    "lead_authors",
    "author_count",
    "organization__slug",
    "organization__name",
    "published_at",
    "withdrawn_at",
    "tally__comment_count",
    "tally__vote_count",
)


class CardBody(NamedTuple):
    """All that the body of a card shows. Hashable: it is the memo's key."""

    external_id: str
    title_html: str
    lead_html: str
    lead_authors: tuple[str, ...]
    author_count: int
    organization_slug: str | None
    organization_name: str | None
    published_iso: str
    published: str
    is_withdrawn: bool
    comment_count: int

    @property
    def url(self) -> str:
        return reverse("discussions:paper_page", args=[self.external_id])

    @property
    def abstract_url(self) -> str:
        return reverse("papers:paper_abstract", args=[self.external_id])

    @property
    def organization_url(self) -> str:
        return reverse("papers:organization_page", args=[self.organization_slug])

    @property
    def has_more(self) -> bool:
        return self.lead_html.endswith("…")

    @property
    def other_author_count(self) -> int:
        return self.author_count - len(self.lead_authors)


@dataclass(frozen=True, slots=True)
class Card:
    """One paper in a list, as one reader sees it."""

    paper_id: int
    external_id: str
    url: str
    vote_url: str
    vote_count: int
    is_upvoted: bool
    body_html: SafeString


def of_rows(rows: Iterable[tuple], upvoted: Collection[int]) -> list[Card]:  # type: ignore[type-arg]
    """Make cards of rows of COLUMNS. `upvoted` holds the ids that the reader voted for."""
    year = timezone.now().year
    return [_card(row, year, row[0] in upvoted) for row in rows]


def _card(row: tuple, year: int, is_upvoted: bool) -> Card:  # type: ignore[type-arg]  # noqa: FBT001
    paper_id, external_id, title, lead, authors, author_count, slug, name, at, gone, said, up = row
    body = CardBody(
        external_id,
        title,
        lead,
        tuple(authors),
        author_count,
        slug,
        name,
        *(_dates(at.date(), year) if at else ("", "")),
        gone is not None,
        said,
    )
    url, vote_url = _urls(external_id)
    return Card(paper_id, external_id, url, vote_url, up, is_upvoted, _body_html(body))


@lru_cache(maxsize=16_384)
def _urls(external_id: str) -> tuple[str, str]:
    return (
        reverse("discussions:paper_page", args=[external_id]),
        reverse("papers:paper_vote", args=[external_id]),
    )


@lru_cache(maxsize=4096)
def _dates(on: date, year: int) -> tuple[str, str]:
    return on.isoformat(), short_date(on, year)


@lru_cache(maxsize=4096)
def _body_html(card: CardBody) -> SafeString:
    return mark_safe(render_to_string("papers/_card_body.html", {"card": card}))  # noqa: S308
