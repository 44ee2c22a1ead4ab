"""A list of papers as its page shows it: heading, filters, cards, where to go next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from common.words import counted
from papers import periods, queries

if TYPE_CHECKING:
    from datetime import date

    from papers.cards import Card
    from papers.periods import Period

# The chart beside a day's heading: two weeks, ending with the day or with today.
CHART_DAYS = 14
CHART_LEVELS = 20


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class Bar:
    """A day in the small chart; `level` is its height from 0 to CHART_LEVELS."""

    label: str
    url: str
    level: int
    is_current: bool


@dataclass(frozen=True)
class TopicLink:
    code: str
    name: str
    count: int | None
    url: str
    is_current: bool


@dataclass(frozen=True)
class Pager:
    """Ways on: to the period before and after, and through this list's own pages."""

    previous: Link | None = None
    next: Link | None = None
    page_number: int = 1
    previous_page_url: str = ""
    next_page_url: str = ""


@dataclass(frozen=True)
class DateJump:
    action: str
    value: date
    max: date


@dataclass(frozen=True)
class Empty:
    """What an empty list says, and what to do about it."""

    title: str
    text: str
    action: Link | None = None


@dataclass(frozen=True)
class Heading:
    """What stands above a list, and may differ from reader to reader."""

    title: str
    subtitle_parts: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True)
class Listing:
    """The whole of a list's page: for one heading, the same for every visitor."""

    kind: str
    heading: Heading
    tabs: list[Link]
    cards: list[Card]
    pager: Pager
    empty: Empty
    bars: list[Bar] = field(default_factory=list)
    topics: list[TopicLink] = field(default_factory=list)
    date_jump: DateJump | None = None


def with_query(url: str, **query: str | int | None) -> str:
    """Add what is set of `query` to a URL."""
    kept = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(kept)}" if kept else url


def tabs(kind: str, day: date) -> list[Link]:
    """Daily, weekly, monthly, trending: the same moment seen at four distances."""
    return [
        Link("Daily", periods.day(day).url, kind == "day"),
        Link("Weekly", periods.week(day).url, kind == "week"),
        Link("Monthly", periods.month(day).url, kind == "month"),
        Link("Trending", reverse("papers:trending_list"), kind == "trending"),
    ]


def bars(current: date) -> list[Bar]:
    """Draw the days around `current`: one query, shared among readers."""
    last = min(current + timedelta(days=3), max(periods.today(), current))
    first = last - timedelta(days=CHART_DAYS - 1)
    found = queries.shared(
        f"bars:{first}:{last}", lambda: queries.papers_per_day(first=first, last=last)
    )
    most = max(found.values(), default=0)
    return [_bar(first + timedelta(days=n), found, most, current) for n in range(CHART_DAYS)]


def _bar(day: date, found: dict[date, int], most: int, current: date) -> Bar:
    papers = found.get(day, 0)
    period = periods.day(day)
    # A day with a single paper still shows.
    level = max(1, round(CHART_LEVELS * papers / most)) if papers else 0
    label = f"{period.short_title}: {counted(papers, 'paper')}"
    return Bar(label, period.url, level, day == current)


def topic_links(
    url: str, found: list[queries.TopicCount], *, chosen: str, total: int | None
) -> list[TopicLink]:
    """Offer a list's topics as filters; the chosen one stays, however rare."""
    links = [TopicLink("", "All topics", total, url, not chosen)]
    if chosen and chosen not in {topic.code for topic in found}:
        name = queries.topic_names().get(chosen, chosen)
        link = with_query(url, topic=chosen)
        links.append(TopicLink(chosen, name, count=None, url=link, is_current=True))
    return links + [
        TopicLink(
            topic.code,
            topic.name,
            topic.papers,
            with_query(url, topic=topic.code),
            topic.code == chosen,
        )
        for topic in found
    ]


def pager(
    url: str, page: queries.Page, *, filters: dict[str, str], period: Period | None = None
) -> Pager:
    """Lead through the list's pages, and to the periods beside it."""
    before, after = _beside(period, filters) if period else (None, None)
    number = page.number
    return Pager(
        before,
        after,
        number,
        with_query(url, **filters, page=number - 1 if number > 2 else None) if number > 1 else "",
        with_query(url, **filters, page=number + 1) if page.has_next else "",
    )


def _beside(period: Period, filters: dict[str, str]) -> tuple[Link | None, Link | None]:
    """Lead to the nearest periods that have papers, over weekends and gaps.

    A filter goes along: who reads one topic reads it every day.
    """
    of = periods.PERIODS[period.kind]
    days = (
        queries.latest_day(until=period.first - timedelta(days=1)),
        queries.earliest_day(since=period.last + timedelta(days=1)),
    )
    before, after = (of(day) if day else None for day in days)
    return (
        Link(before.short_title, with_query(before.url, **filters)) if before else None,
        Link(after.short_title, with_query(after.url, **filters)) if after else None,
    )
