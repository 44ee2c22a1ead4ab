"""Data for a paper's page, and for the page that explains the ranking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.humanize.templatetags.humanize import ordinal
from django.db import connection
from django.db.models import Count, Exists, F, Sum
from django.db.models.functions import Greatest, Power, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince

from common.components import Link
from common.numbers import whole_number
from common.words import counted
from papers.identifiers import read_doi
from papers.lists.cards import external_votes_of, marks_of
from papers.lists.page import own_marks, topic_names
from papers.models import Paper, Upvote
from papers.sources.arxiv import ARXIV
from papers.sources.doi import DOI
from papers.versions import versions_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from papers.lists.cards import ExternalVotes, PaperMarks
    from papers.sources import Ref
    from papers.versions import VersionLine

# Further names are folded; a collaboration may have three thousand.
AUTHORS_SHOWN = 12
# Only the first three of a day get a badge, and none for the votes of one or two people.
RANKS_WITH_A_BADGE = 3
VOTES_FOR_A_BADGE = 3


# The columns shown; reading the other twenty takes as long again.
PAPER_COLUMNS = (
    "source",
    "external_id",
    "version",
    "title_html",
    "title_text",
    "abstract",
    "abstract_html",
    "venue",
    "published_at",
    "revised_at",
    "announced_on",
    "withdrawn_at",
    "categories",
    "author_count",
    "pdf_url",
    "code_url",
    "project_url",
    "star_count",
    "ai_summary",
    "ai_keywords",
    "ai_model",
    "tally__vote_count",
    "tally__comment_count",
    "tally__hot_score",
    "tally__external_vote_count",
    "tally__external_votes_read_at",
    "organization__slug",
    "organization__name",
    "submitted_by__username",
    "submitted_by__full_name",
)


class AuthorLine(NamedTuple):
    """One name in a paper's list of authors, and the member who claimed it."""

    name: str
    slug: str
    claimed_by: str | None

    @property
    def url(self) -> str:
        return reverse("papers:author_page", args=[self.slug])


@dataclass
class PaperView:
    """A paper as one reader sees it: at most seven queries in addition to the paper's."""

    paper: Paper
    reader: User | AnonymousUser
    # The version in the requested URL, as written; "" for none.
    asked_version: str = ""

    @cached_property
    def authors(self) -> list[AuthorLine]:
        # In SQL, because every page needs it, and a collaboration has three thousand.
        with connection.cursor() as cursor:
            cursor.execute(_AUTHORS_SQL, [self.paper.pk])
            return [AuthorLine(*row) for row in cursor.fetchall()]

    @cached_property
    def authors_shown(self) -> list[AuthorLine]:
        # A single further name is shown instead of "and 1 more".
        few = len(self.authors) <= AUTHORS_SHOWN + 1
        return self.authors if few else self.authors[:AUTHORS_SHOWN]

    @cached_property
    def authors_folded(self) -> list[AuthorLine]:
        return self.authors[len(self.authors_shown) :]

    @cached_property
    def topics(self) -> list[Link]:
        names = topic_names()
        return [
            Link(names.get(code, code), reverse("papers:topic_page", args=[code]))
            for code in self.paper.categories
        ]

    @cached_property
    def marks(self) -> PaperMarks:
        own = own_marks([self.paper.pk], self.reader)
        return marks_of(
            self.paper,
            vote_count=self.paper.tally.vote_count,
            is_upvoted=bool(own.upvoted),
            is_saved=bool(own.saved),
        )

    @cached_property
    def day_rank(self) -> DayRank:
        return day_rank_of(self.paper)

    @property
    def rank_badge(self) -> str:
        """The rank among the day's papers, for the first three with enough votes that rank."""
        if self.day_rank.ranked_votes < VOTES_FOR_A_BADGE:
            return ""
        if not 0 < self._rank <= RANKS_WITH_A_BADGE:
            return ""
        return f"{ordinal(self._rank)} paper of the day"

    @property
    def _rank(self) -> int:
        # A withdrawn paper is in no list, so it has no rank.
        return 0 if self.paper.is_withdrawn else self.day_rank.rank

    @property
    def why(self) -> str:
        """Return how many votes the paper has, and its rank among the papers of its day."""
        tally, day_rank = self.paper.tally, self.day_rank
        if not tally.vote_count:
            return "Nobody has voted for it yet."
        said = counted(tally.vote_count, "vote")
        if tally.vote_count > 1 and day_rank.median_vote_at:
            span = timesince(day_rank.median_vote_at, depth=1).removeprefix("1\xa0")
            said += f", half in the last {'minute' if span.startswith('0') else span}"
        if self._rank and day_rank.of > 1:
            said += f". {ordinal(self._rank)} of {day_rank.of}"
        return f"{said}."

    @property
    def external_votes(self) -> ExternalVotes | None:
        """The votes of the service whose feed lists the paper, which are never added to ours."""
        tally = self.paper.tally
        return external_votes_of(
            tally.external_vote_count, tally.external_votes_read_at, year=timezone.now().year
        )

    @property
    def links(self) -> list[Link]:
        paper = self.paper
        stars = f" ({paper.star_count:,} stars)" if paper.star_count else ""
        found = [
            Link(paper.get_source_display(), paper.source_url),
            Link("PDF", paper.full_text_url),
            Link(f"Code{stars}", paper.code_url),
            Link("Project", paper.project_url),
        ]
        return [link for link in found if link.url]

    @property
    def version_note(self) -> str:
        """Return the version of the paper, if it has had more than one."""
        if not self.paper.version or self.paper.version == 1:
            return ""
        note = f"Version {self.paper.version}"
        if self.paper.revised_at:
            note += f" of {date_format(self.paper.revised_at, 'F j, Y')}"
        return note

    @cached_property
    def versions(self) -> list[VersionLine]:
        return versions_of(self.paper)

    @property
    def superseded(self) -> Link | None:
        """Return a link to the requested older version on arXiv."""
        asked = whole_number(self.asked_version)
        if not asked or not self.paper.version or asked >= self.paper.version:
            return None
        return Link(f"Version {asked}", f"{self.paper.source_url}v{asked}")


_AUTHORS_SQL = """
    SELECT authorship.name, author.slug, member.username
    FROM papers_authorship AS authorship
    JOIN papers_author AS author ON author.id = authorship.author_id
    LEFT JOIN accounts_user AS member ON member.id = authorship.claimed_by_id
    WHERE authorship.paper_id = %s ORDER BY authorship.position
"""


def arxiv_twin(ref: Ref) -> Paper | None:
    """Return arXiv's paper with a DOI, to which the DOI's page redirects.

    One query, and none for other sources. A paper with comments under its DOI keeps its own
    page, because of its thread.
    """
    if ref.source != DOI.key:
        return None
    discussed = Paper.objects.at(ref).filter(tally__comment_count__gt=0)
    named = Paper.objects.named(read_doi(ref.external_id)).filter(source=ARXIV.key)
    return named.filter(~Exists(discussed)).first()


# Ranking ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class DayRank:
    """A paper's rank among those of its day, and the speed of its votes."""

    rank: int
    of: int
    # Half of the votes came after this; null without votes.
    median_vote_at: datetime | None
    # How many of the paper's votes affect rankings: see papers.voting.
    ranked_votes: int


def day_rank_of(paper: Paper) -> DayRank:
    """Rank a paper within its day: one query, in SQL because every paper page needs it."""
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
        of, above, median_vote_at, ranked_votes = cursor.fetchone()
    return DayRank(above + 1 if paper.announced_on else 0, of, median_vote_at, ranked_votes)


# By own votes only; a day's list also counts external votes (papers.day_order).
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
           ),
           (
               SELECT count(*) FROM papers_upvote
               WHERE paper_id = %(paper)s AND voided_at IS NULL AND weight > 0
           )
    FROM papers_paper paper JOIN papers_papertally tally ON tally.paper_id = paper.id
    WHERE paper.announced_on = %(day)s AND paper.withdrawn_at IS NULL
"""


def hottest_paper() -> Paper | None:
    """Return the top trending paper: one query, None before the first vote."""
    papers = Paper.objects.listed().filter(tally__hot_score__isnull=False)
    return papers.select_related("tally").trending().first()


@dataclass(frozen=True)
class VotingDay:
    """A paper's votes of one day, and their share in its score."""

    day: date
    votes: int
    weight: float
    share: float


def voting_days(paper: Paper, *, limit: int = 60) -> list[VotingDay]:
    """Split a paper's score by the days of its votes, the latest first: one query."""
    if paper.tally.hot_score is None:
        return []
    # A share is 2**moment * weight over 2**score.
    fades = Greatest(F("moment") - paper.tally.hot_score, -1000.0)
    days = (
        Upvote.objects.counted()
        .filter(paper=paper)
        .values(day=TruncDate("cast_at", tzinfo=UTC))
        .annotate(
            votes=Count("pk"),
            weights=Sum("weight"),
            share=Sum(F("weight") * Power(2.0, fades)),
        )
        .order_by("-day")
    )
    return [VotingDay(*row) for row in days.values_list("day", "votes", "weights", "share")[:limit]]
