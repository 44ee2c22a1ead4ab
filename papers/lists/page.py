"""Data for the lists of papers, with stated query counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Count, F, Func, Max, Min, Sum
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse

from common.components import Empty, Link, Pager, with_query
from common.remembering import shared
from common.words import counted
from papers.lists import cards, periods
from papers.lists.cards import OwnMarks
from papers.lists.forms import LAST_PAGE
from papers.lists.periods import Period
from papers.lists.reasons import why_trending
from papers.models import Authorship, Paper, Topic

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from accounts.models import User
    from papers.lists.cards import Card
    from papers.models.paper import PaperQuerySet

PAGE_SIZE = 50
# The chart next to a day's heading: two weeks, ending with the day or with today.
CHART_DAYS = 14
CHART_LEVELS = 20


# Lists -----------------------------------------------------------------------------------


class Heading(NamedTuple):
    """The heading of a list, which may differ from reader to reader."""

    title: str
    subtitle_parts: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True)
class PaperList:
    """Which papers are listed, and in which order. Frozen, to be a cache key."""

    # "day", "week", "month", "trending", "topic", "organization", "author" or "saved".
    kind: str
    url: str
    period: Period | None = None
    # The code of the topic, or the id of the organization, the author or the member who saved.
    code: str = ""
    subject_id: int = 0
    # The topic filter, and whether the newest come first.
    topic: str = ""
    sort: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """The query parameters that links to the list's pages keep."""
        return {"topic": self.topic, "sort": self.sort}

    def all_papers(self) -> PaperQuerySet:
        """Return the list's papers of every topic; those of a period in their order."""
        papers = Paper.objects.listed()
        if self.period:
            return papers.best_of(self.period.first, self.period.last)
        if self.kind == "topic":
            return papers.about(self.code)
        if self.kind == "organization":
            return papers.filter(organization=self.subject_id)
        if self.kind == "author":
            written = Authorship.objects.filter(author=self.subject_id)
            return papers.filter(pk__in=written.values("paper"))
        return papers

    def papers(self) -> PaperQuerySet:
        """Return the requested papers, in their order."""
        if self.kind == "saved":
            # Withdrawn papers stay, so that the member can remove them.
            saved = Paper.objects.filter(saves__member=self.subject_id)
            return saved.order_by("-saves__saved_at", "-saves__pk")
        papers = self.all_papers()
        if self.topic:
            papers = papers.about(self.topic)
        if self.period:
            return papers
        return papers.newest() if self.sort else papers.trending()


# Cards -----------------------------------------------------------------------------------


class CardPage(NamedTuple):
    """A page of a list. `has_next` says whether another follows."""

    cards: list[Card]
    has_next: bool


def page_of_cards(papers: PaperList, *, number: int, reader: User | AnonymousUser) -> CardPage:
    """Return a page of a list: one query; one more each for a member's marks and if trending."""
    with connection.cursor() as cursor:
        cursor.execute(*_compiled(papers, number, PAGE_SIZE))
        rows = cursor.fetchall()
    has_next = len(rows) > PAGE_SIZE and number < LAST_PAGE
    rows = rows[:PAGE_SIZE]
    if number > 1 and not rows:
        raise Http404("No such page.")
    paper_ids = [row[0] for row in rows]
    reasons = why_trending(paper_ids) if papers.kind == "trending" else {}
    return CardPage(cards.of_rows(rows, own_marks(paper_ids, reader), reasons), has_next)


# Constant: the ORM takes a sixth of a member's list page to write this SQL.
@lru_cache(maxsize=1024)
def _compiled(papers: PaperList, number: int, size: int) -> tuple[str, tuple[Any, ...]]:
    start = (number - 1) * size
    rows = papers.papers().values_list(*cards.COLUMNS)[start : start + size + 1]
    return rows.query.sql_with_params()


def own_marks(paper_ids: list[int], reader: User | AnonymousUser) -> OwnMarks:
    """Return which of these papers the reader has marked: one query, none for a visitor."""
    if not reader.is_authenticated or not paper_ids:
        return OwnMarks()
    with connection.cursor() as cursor:
        # One parameter, where the ORM writes fifty, takes a fifth of the time.
        cursor.execute(_OWN_MARKS_SQL, {"member": reader.pk, "papers": paper_ids})
        rows = cursor.fetchall()
    return OwnMarks(
        frozenset(pk for pk, is_vote in rows if is_vote),
        frozenset(pk for pk, is_vote in rows if not is_vote),
    )


_OWN_MARKS_SQL = """
    SELECT paper_id, true FROM papers_upvote
    WHERE member_id = %(member)s AND paper_id = ANY(%(papers)s) AND voided_at IS NULL
    UNION ALL
    SELECT paper_id, false FROM papers_save
    WHERE member_id = %(member)s AND paper_id = ANY(%(papers)s)
"""


# Around the cards ------------------------------------------------------------------------


class Frame(NamedTuple):
    """The part around a list's cards, the same for all readers."""

    head: SafeString
    foot: SafeString
    # Below the other sections beside the list.
    side: SafeString


def frame_of(
    papers: PaperList, heading: Heading, number: int, *, has_next: bool, has_cards: bool
) -> Frame:
    """Render the part around a page's cards: at most six queries."""
    context = {"heading": heading, "listing": Listing(papers, number, has_next, has_cards)}
    return Frame(
        render_to_string("papers/_list_head.html", context),
        render_to_string("papers/_list_foot.html", context),
        render_to_string("papers/_list_side.html", context),
    )


shared_frame_of = shared(frame_of)


@shared
def page_for_visitors(papers: PaperList, heading: Heading, number: int) -> tuple[Frame, SafeString]:
    """Render a list page as every visitor sees it."""
    found = page_of_cards(papers, number=number, reader=AnonymousUser())
    frame = frame_of(papers, heading, number, has_next=found.has_next, has_cards=bool(found.cards))
    return frame, cards.render(found.cards, is_member=False)


@dataclass(frozen=True)
class Listing:
    """The links of a list page: to other lists, and to other pages of this one."""

    papers: PaperList
    number: int
    has_next: bool
    has_cards: bool

    @property
    def kind(self) -> str:
        return self.papers.kind

    @property
    def chosen_topic(self) -> str:
        return next((topic.name for topic in self.topics[1:] if topic.is_current), "")

    @property
    def tabs(self) -> list[Link]:
        papers = self.papers
        if papers.kind == "saved":
            return []
        if papers.kind in periods.PERIODS or papers.kind == "trending":
            return _period_tabs(papers)
        return [
            Link("Trending", papers.url, not papers.sort),
            Link("Newest", with_query(papers.url, sort="newest"), bool(papers.sort)),
        ]

    @property
    def bars(self) -> list[Bar]:
        period = self.papers.period
        return bars(period.first) if period and period.kind == "day" else []

    @cached_property
    def topics(self) -> list[TopicLink]:
        papers = self.papers
        if papers.period:
            found, total = topics_of(papers.period), counts_of(papers.period).papers
        elif papers.kind == "trending":
            found, total = topics_of(last_days(30)), None
        else:
            return []
        return _topic_links(papers.url, found, chosen=papers.topic, total=total)

    @property
    def date_jump(self) -> DateJump | None:
        period = self.papers.period
        if period is None:
            return None
        return DateJump(reverse("papers:jump"), period.first, periods.today())

    @cached_property
    def pager(self) -> Pager:
        """Links to the list's other pages, and to the periods before and after."""
        before, after = _periods_beside(self.papers)
        url, filters, number = self.papers.url, self.papers.filters, self.number
        before_url = with_query(url, **filters, page=number - 1 if number > 2 else None)
        return Pager(
            before,
            after,
            number,
            before_url if number > 1 else "",
            with_query(url, **filters, page=number + 1) if self.has_next else "",
        )

    @property
    def empty(self) -> Empty | None:
        return None if self.has_cards else _empty(self.papers)


class Bar(NamedTuple):
    """A day in the small chart; `level` is its height from 0 to CHART_LEVELS."""

    label: str
    url: str
    level: int
    is_current: bool


@dataclass(frozen=True)
class TopicLink:
    name: str
    count: int | None
    url: str
    is_current: bool


class DateJump(NamedTuple):
    action: str
    value: date
    max: date


def _period_tabs(papers: PaperList) -> list[Link]:
    """Return tabs for the same date: daily, weekly, monthly, trending."""
    day, period = periods.today(), papers.period
    if period:
        day = min(period.last, max(day, period.first))
    return [
        Link("Daily", periods.day(day).url, papers.kind == "day"),
        Link("Weekly", periods.week(day).url, papers.kind == "week"),
        Link("Monthly", periods.month(day).url, papers.kind == "month"),
        Link("Trending", reverse("papers:trending_list"), papers.kind == "trending"),
    ]


def bars(current: date) -> list[Bar]:
    """Return bars for the days around `current`: one query, shared among readers."""
    last = min(current + timedelta(days=3), max(periods.today(), current))
    first = last - timedelta(days=CHART_DAYS - 1)
    found = papers_per_day(first, last)
    most = max(found.values(), default=0)
    return [_bar(first + timedelta(days=n), found, most, current) for n in range(CHART_DAYS)]


def _bar(day: date, found: dict[date, int], most: int, current: date) -> Bar:
    papers = found.get(day, 0)
    period = periods.day(day)
    # A day with a single paper still has a bar.
    level = max(1, round(CHART_LEVELS * papers / most)) if papers else 0
    label = f"{period.short_title}: {counted(papers, 'paper')}"
    return Bar(label, period.url, level, day == current)


def _topic_links(
    url: str, found: list[TopicCount], *, chosen: str, total: int | None
) -> list[TopicLink]:
    """Return a list's topics as filters, always including the chosen one."""
    links = [TopicLink("All topics", total, url, not chosen)]
    if chosen and chosen not in {topic.code for topic in found}:
        name = topic_names().get(chosen, chosen)
        links.append(TopicLink(name, None, with_query(url, topic=chosen), is_current=True))
    return links + [
        TopicLink(name, papers, with_query(url, topic=code), code == chosen)
        for code, name, papers in found
    ]


def _periods_beside(papers: PaperList) -> tuple[Link | None, Link | None]:
    """Return links to the nearest periods that have papers, across gaps: two queries.

    The links keep the filter, since readers follow the same topic every day.
    """
    period = papers.period
    if period is None:
        return None, None
    days = (
        latest_day(until=period.first - timedelta(days=1)),
        earliest_day(since=period.last + timedelta(days=1)),
    )
    before, after = (periods.PERIODS[period.kind](day) if day else None for day in days)
    return (
        Link(before.short_title, with_query(before.url, **papers.filters)) if before else None,
        Link(after.short_title, with_query(after.url, **papers.filters)) if after else None,
    )


def _empty(papers: PaperList) -> Empty:
    period = papers.period
    if papers.kind == "saved":
        return Empty(
            "No saved papers yet",
            "Press the bookmark on a paper to save it here.",
            Link("Today’s papers", reverse("papers:today")),
        )
    if period is None and papers.kind != "trending":
        return Empty("No papers here yet", "They appear here once they are imported.")
    if papers.topic:
        when = f"that {period.kind}" if period else "yet"
        return Empty(
            "No papers on this topic",
            f"There are no papers on this topic {when}.",
            Link("All topics", papers.url),
        )
    if period is None:
        return Empty("No papers yet", "They appear here once they are imported.")
    return Empty(
        f"No papers in {period.title}" if period.kind == "month" else "No papers yet",
        "They appear here once they are imported.",
        Link("Trending papers", reverse("papers:trending_list")),
    )


# Days ------------------------------------------------------------------------------------


def latest_day(*, until: date) -> date | None:
    """Return the last day up to `until` on which papers were announced: one query."""
    papers = Paper.objects.listed().filter(announced_on__lte=until)
    found: date | None = papers.aggregate(day=Max("announced_on"))["day"]
    return found


def earliest_day(*, since: date) -> date | None:
    """Return the first day from `since` on which papers were announced: one query."""
    papers = Paper.objects.listed().filter(announced_on__gte=since)
    found: date | None = papers.aggregate(day=Min("announced_on"))["day"]
    return found


@shared
def latest_day_shared(until: date) -> date | None:
    return latest_day(until=until)


class PeriodCounts(NamedTuple):
    papers: int
    votes: int
    comments: int


@shared
def counts_of(period: Period) -> PeriodCounts:
    """Return a period's counts: one query, shared."""
    found = (
        Paper.objects.listed()
        .announced(period.first, period.last)
        .aggregate(
            papers=Count("id"), votes=Sum("tally__vote_count"), comments=Sum("tally__comment_count")
        )
    )
    return PeriodCounts(found["papers"], found["votes"] or 0, found["comments"] or 0)


@shared
def papers_per_day(first: date, last: date) -> dict[date, int]:
    """Count the papers of each day that has any: one query, shared."""
    days = Paper.objects.listed().announced(first, last).order_by().values_list("announced_on")
    return dict(days.annotate(papers=Count("id")))


# Topics ----------------------------------------------------------------------------------


def last_days(number: int) -> Period:
    """Return the period of the last days."""
    return Period("days", periods.today() - timedelta(days=number), date.max)


class TopicCount(NamedTuple):
    code: str
    name: str
    papers: int


@shared
def topics_of(period: Period, *, limit: int = 8) -> list[TopicCount]:
    """Count the most frequent topics of a period: two queries, shared."""
    papers = Paper.objects.listed().announced(period.first, period.last)
    codes = papers.order_by().annotate(topic=Func(F("categories"), function="unnest"))
    found = codes.values_list("topic").annotate(papers=Count("id")).order_by("-papers", "topic")
    counts = list(found[:limit])
    names = topic_names()
    return [TopicCount(code, names.get(code, code), papers) for code, papers in counts]


@shared
def topic_names() -> dict[str, str]:
    """Return every topic's name by its code: one query, shared."""
    return dict(Topic.objects.values_list("code", "name"))
