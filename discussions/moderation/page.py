"""Data for moderators: the queue, and the details of a comment or a member.

A moderator may read what was reported or held in any thread: somebody who may read a private
thread asked them to.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.shortcuts import get_object_or_404

from accounts.models import User
from discussions.comments.models import Comment
from discussions.moderation.models import Act, Appeal, Report
from discussions.places import titled_places
from discussions.thread.models import Thread

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from discussions.places import TitledPlace

Kind = Act.Kind
T = TypeVar("T")

PAGE_SIZE = 20
# Reports shown for one comment, with the total number.
REPORTS_SHOWN = 10
RECENT_COMMENTS = 20

# Acts that count against a member until they are undone.
_AGAINST = [Kind.HIDE, Kind.SPAM, Kind.WARN, Kind.SUSPEND, Kind.VOID_VOTES]


class Counts(NamedTuple):
    """The number of open items by part of the queue."""

    reports: int
    held: int
    appeals: int

    @property
    def total(self) -> int:
        return self.reports + self.held + self.appeals


@dataclass(frozen=True)
class JudgedComment:
    """A comment with the context a moderator needs."""

    comment: Comment
    place: TitledPlace | None
    # The number of acts against its author that are not undone.
    acts_against: int


@dataclass(frozen=True)
class ReportedComment:
    """A comment or member, with the first open reports about it."""

    judged: JudgedComment | None
    member: User | None
    acts_against: int
    newest_id: int
    report_count: int
    reports: list[Report] = field(default_factory=list)

    @property
    def more_reports(self) -> int:
        return self.report_count - len(self.reports)


@dataclass(frozen=True)
class Appealed:
    appeal: Appeal
    judged: JudgedComment | None
    acts_against: int


@dataclass(frozen=True)
class QueuePage(Generic[T]):
    """A page of the queue, the oldest first. `after` is the id after which the next page begins."""

    items: list[T]
    after: int | None


def count_open() -> Counts:
    """Count what is open for moderators: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_SQL)
        return Counts(*cursor.fetchone())


def reported(*, reader: User, after: int = 0) -> QueuePage[ReportedComment]:
    """Return what was reported, one item for each comment or member, the oldest first."""
    subjects = (
        Report.objects.open()
        .values("comment", "member")
        .annotate(first=Min("pk"), newest=Max("pk"), count=Count("pk"))
        .filter(first__gt=after)
        .order_by("first")
    )
    rows, more = _cut(list(subjects[: PAGE_SIZE + 1]))
    comments = _judged({row["comment"] for row in rows if row["comment"]})
    members = User.objects.in_bulk([row["member"] for row in rows if row["member"]])
    acts = _count_against(members)
    reports = _first_reports([(row["comment"], row["member"]) for row in rows], reader)
    items = [
        ReportedComment(
            judged=(comment := comments.get(row["comment"])),
            member=members.get(row["member"]),
            acts_against=comment.acts_against if comment else acts[row["member"]],
            newest_id=row["newest"],
            report_count=row["count"],
            reports=reports.get((row["comment"], row["member"]), []),
        )
        for row in rows
    ]
    return QueuePage(items, rows[-1]["first"] if more else None)


def held(*, after: int = 0) -> QueuePage[JudgedComment]:
    """Return the held comments, the oldest first."""
    waiting = Comment.objects.held().filter(pk__gt=after).order_by("pk")
    rows, more = _cut(list(waiting.values_list("pk", flat=True)[: PAGE_SIZE + 1]))
    comments = _judged(rows)
    return QueuePage([comments[pk] for pk in rows if pk in comments], rows[-1] if more else None)


def appealed(*, after: int = 0) -> QueuePage[Appealed]:
    """Return the unanswered appeals, the oldest first."""
    waiting = Appeal.objects.filter(decided_at__isnull=True, pk__gt=after).order_by("pk")
    related = waiting.select_related("act__member", "act__moderator", "act__undone_by")
    rows, more = _cut(list(related[: PAGE_SIZE + 1]))
    comments = _judged({row.act.comment_id for row in rows if row.act.comment_id})
    acts = _count_against(row.act.member_id for row in rows if row.act.member_id)
    items = [
        Appealed(row, comments.get(row.act.comment_id or 0), acts[row.act.member_id or 0])
        for row in rows
    ]
    return QueuePage(items, rows[-1].pk if more else None)


def get_comment(moderator: User, pk: int) -> Comment:
    """Return a comment that the moderator may read, or that was reported or held."""
    brought = Exists(Report.objects.filter(comment=OuterRef("pk")))
    readable = Q(thread__in=Thread.objects.readable_by(moderator))
    comments = Comment.objects.filter(readable | brought | Q(held_at__isnull=False))
    return get_object_or_404(
        comments.select_related("author", "thread__paper", "parent__author"), pk=pk
    )


def get_thread(moderator: User, pk: int) -> Thread:
    """Return a thread that the moderator may read, or in which something was reported."""
    brought = Exists(Report.objects.filter(comment__thread=OuterRef("pk")))
    readable = Q(pk__in=Thread.objects.readable_by(moderator))
    threads = Thread.objects.filter(readable | brought).select_related("paper")
    return get_object_or_404(threads, pk=pk)


def judged(comment: Comment) -> JudgedComment:
    """Return a comment with the context a moderator needs."""
    return _judged([comment.pk])[comment.pk]


def open_reports(
    *, reader: User, comment: Comment | None = None, member: User | None = None
) -> list[Report]:
    """Return the open reports about a comment or a member, the oldest first."""
    reports = Report.objects.open().shown_to(reader).filter(comment=comment, member=member)
    return list(reports.select_related("reporter").order_by("pk"))


def acts_about(*, comment: Comment | None = None, member: User | None = None) -> QuerySet[Act]:
    """Return the acts about a comment or a member, the latest first."""
    acts = Act.objects.filter(comment=comment) if comment else Act.objects.filter(member=member)
    return acts.select_related("moderator", "undone_by", "thread__paper").order_by("-pk")


def recent_comments(member: User) -> list[JudgedComment]:
    """Return the member's latest comments in public threads, whatever their state."""
    comments = Comment.objects.filter(author=member, thread__paper__isnull=False)
    rows = list(comments.order_by("-pk").values_list("pk", flat=True)[:RECENT_COMMENTS])
    found = _judged(rows)
    return [found[pk] for pk in rows]


def _judged(comment_ids: Collection[int]) -> dict[int, JudgedComment]:
    related = Comment.objects.select_related("author", "thread__paper", "parent__author")
    comments = related.in_bulk(list(comment_ids))
    places = titled_places(comment.thread for comment in comments.values())
    acts = _count_against(each.author_id for each in comments.values() if each.author_id)
    return {
        pk: JudgedComment(comment, places.get(comment.thread_id), acts[comment.author_id or 0])
        for pk, comment in comments.items()
    }


def _count_against(member_ids: Iterable[int]) -> Counter[int]:
    """Count the acts against each member that are not undone: one query."""
    ids = list(member_ids)
    if not ids:
        return Counter()
    acts = Act.objects.filter(member__in=ids, kind__in=_AGAINST, undone_by__isnull=True)
    counts = acts.order_by().values("member").annotate(count=Count("pk"))
    return Counter({row["member"]: row["count"] for row in counts})


def _first_reports(
    subjects: list[tuple[int | None, int | None]], reader: User
) -> dict[tuple[int | None, int | None], list[Report]]:
    """Return the first reports about each subject, in one query for any number."""
    place = Window(RowNumber(), partition_by=[F("comment"), F("member")], order_by=F("pk").asc())
    reports = (
        Report.objects.open()
        .shown_to(reader)
        .filter(
            Q(comment__in=[comment for comment, _ in subjects if comment])
            | Q(member__in=[member for _, member in subjects if member])
        )
        .annotate(place=place)
        .filter(place__lte=REPORTS_SHOWN)
        .select_related("reporter")
        .order_by("pk")
    )
    found: dict[tuple[int | None, int | None], list[Report]] = {}
    for report in reports:
        found.setdefault((report.comment_id, report.member_id), []).append(report)
    return found


def _cut(rows: list[T]) -> tuple[list[T], bool]:
    """Return a page of rows, and whether there are more."""
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


_COUNT_SQL = """
    SELECT
        (SELECT count(*) FROM (
            SELECT DISTINCT comment_id, member_id FROM discussions_report
            WHERE closed_at IS NULL
        ) AS subject),
        (SELECT count(*) FROM discussions_comment
         WHERE held_at IS NOT NULL AND hidden_at IS NULL AND taken_back_at IS NULL),
        (SELECT count(*) FROM discussions_appeal WHERE decided_at IS NULL)
"""
