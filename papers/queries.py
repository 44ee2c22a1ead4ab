"""What the pages of papers show, each in a stated number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.core.cache import caches
from django.db import connection
from django.db.models import Count, F, Func, Max, Min, QuerySet, Sum

from papers import cards
from papers.models import Paper, Topic

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from papers.cards import Card
    from papers.periods import Period

T = TypeVar("T")

PAGE_SIZE = 50
# Deeper pages are for programs, which read feeds; a reader narrows the list instead.
LAST_PAGE = 200
# How long what is the same for every reader may be behind: counts of a day, its topics,
# and a visitor's list. A member's own list is read anew each time.
SHARED_SECONDS = 10


def shared(key: str, make: Callable[[], T]) -> T:
    """Return what `make` returned within the last seconds, for whichever reader.

    For what every reader may see alike, and for nothing else.
    """
    fragments = caches["fragments"]
    kept: T | None = fragments.get(key)
    if kept is None:
        kept = make()
        fragments.set(key, kept, SHARED_SECONDS)
    return kept


@dataclass(frozen=True)
class Page:
    """A page of a list. `has_next` says whether another follows."""

    cards: list[Card]
    number: int
    has_next: bool


def page_of_cards(papers: QuerySet[Paper], *, number: int, reader: User | AnonymousUser) -> Page:
    """Return a page of an ordered list: one query, and one more for a member's votes."""
    start = (number - 1) * PAGE_SIZE
    rows = list(papers.values_list(*cards.COLUMNS)[start : start + PAGE_SIZE + 1])
    has_next = len(rows) > PAGE_SIZE and number < LAST_PAGE
    rows = rows[:PAGE_SIZE]
    return Page(
        cards.of_rows(rows, upvoted_ids([row[0] for row in rows], reader)), number, has_next
    )


def upvoted_ids(paper_ids: list[int], reader: User | AnonymousUser) -> set[int]:
    """Return which of these papers the reader has voted for: one query, none for a visitor."""
    if not reader.is_authenticated or not paper_ids:
        return set()
    with connection.cursor() as cursor:
        # One parameter, where the ORM writes fifty, takes a fifth of the time.
        cursor.execute(
            "SELECT paper_id FROM papers_upvote"
            " WHERE member_id = %s AND paper_id = ANY(%s) AND voided_at IS NULL",
            [reader.pk, paper_ids],
        )
        return {paper_id for (paper_id,) in cursor.fetchall()}


# Days ------------------------------------------------------------------------------------


def latest_day(*, until: date) -> date | None:
    """Return the last day up to `until` on which papers were announced."""
    papers = Paper.objects.listed().filter(announced_on__lte=until)
    found: date | None = papers.aggregate(day=Max("announced_on"))["day"]
    return found


def earliest_day(*, since: date) -> date | None:
    """Return the first day from `since` on which papers were announced."""
    papers = Paper.objects.listed().filter(announced_on__gte=since)
    found: date | None = papers.aggregate(day=Min("announced_on"))["day"]
    return found


@dataclass(frozen=True)
class Counts:
    papers: int
    votes: int
    comments: int


def counts_of(period: Period) -> Counts:
    """Add up a period: one query."""
    found = (
        Paper.objects.listed()
        .announced(period.first, period.last)
        .aggregate(
            papers=Count("id"), votes=Sum("tally__vote_count"), comments=Sum("tally__comment_count")
        )
    )
    return Counts(found["papers"], found["votes"] or 0, found["comments"] or 0)


def papers_per_day(*, first: date, last: date) -> dict[date, int]:
    """Count the papers of each day that has any: one query."""
    days = Paper.objects.listed().announced(first, last).order_by().values_list("announced_on")
    return dict(days.annotate(papers=Count("id")))


def arrived_since(papers: QuerySet[Paper], moment: datetime) -> int:
    """Count the papers of a list that came in after `moment`: one query."""
    return papers.filter(created_at__gt=moment).count()


# Topics ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class TopicCount:
    code: str
    name: str
    papers: int


def topics_of(papers: QuerySet[Paper], *, limit: int = 8) -> list[TopicCount]:
    """Count a list's most frequent topics: two queries."""
    codes = papers.order_by().annotate(topic=Func(F("categories"), function="unnest"))
    found = codes.values_list("topic").annotate(papers=Count("id")).order_by("-papers", "topic")
    counts = list(found[:limit])
    names = topic_names()
    return [TopicCount(code, names.get(code, code), papers) for code, papers in counts]


def topic_names() -> dict[str, str]:
    """Return every topic's name by its code: one query, shared."""
    return shared("topic-names", lambda: dict(Topic.objects.values_list("code", "name")))


# One paper ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How a paper stands among those of its day, and how fast its votes came."""

    rank: int
    of: int
    # Half of the votes came after this moment; null without votes.
    median_vote_at: datetime | None


def standing_of(paper: Paper) -> Standing:
    """Rank a paper within its day: one query, in SQL because its page asks each time."""
    tally = paper.tally
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDING_SQL,
            {
                "paper": paper.pk,
                "day": paper.announced_on,
                "votes": tally.vote_count,
                "comments": tally.comment_count,
                "half": tally.vote_count // 2,
            },
        )
        of, above, median_vote_at = cursor.fetchone()
    return Standing(above + 1 if paper.announced_on else 0, of, median_vote_at)


# The order is that of PaperQuerySet.most_voted.
_STANDING_SQL = """
    SELECT count(*),
           count(*) FILTER (
               WHERE (tally.vote_count, tally.comment_count, paper.id)
                   > (%(votes)s, %(comments)s, %(paper)s)
           ),
           (
               SELECT cast_at FROM papers_upvote
               WHERE paper_id = %(paper)s AND voided_at IS NULL
               ORDER BY cast_at OFFSET %(half)s LIMIT 1
           )
    FROM papers_paper paper JOIN papers_papertally tally ON tally.paper_id = paper.id
    WHERE paper.announced_on = %(day)s AND paper.withdrawn_at IS NULL
"""


def hottest_paper() -> Paper | None:
    """Return the paper that trends most: one query, None before the first vote."""
    papers = Paper.objects.listed().filter(tally__hot_score__isnull=False)
    return papers.select_related("tally").trending().first()


@dataclass(frozen=True)
class VotingDay:
    """The votes that a paper got on one day, and what they weigh in its score."""

    day: date
    votes: int
    weight: float
    share: float


def voting_days(paper: Paper, *, limit: int = 60) -> list[VotingDay]:
    """Split a paper's score over the days of its votes, the latest first: one query."""
    if paper.tally.hot_score is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _VOTING_DAYS_SQL,
            {"paper": paper.pk, "score": paper.tally.hot_score, "limit": limit},
        )
        return [VotingDay(*row) for row in cursor.fetchall()]


# A share is 2**moment * weight over 2**score.
_VOTING_DAYS_SQL = """
    SELECT (cast_at AT TIME ZONE 'UTC')::date AS day, count(*), sum(weight),
           sum(weight * power(2, greatest(moment - %(score)s, -1000)))
    FROM papers_upvote
    WHERE paper_id = %(paper)s AND voided_at IS NULL
    GROUP BY day ORDER BY day DESC LIMIT %(limit)s
"""
