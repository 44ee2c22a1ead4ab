"""The lists of groups: the member's own with their next meetings, and the public ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse

from common.paging import pager_at
from common.text import harmless
from groups.membership.models import Group, Membership
from groups.schedule.models import Meeting, MeetingPaper
from papers.models import Topic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from accounts.models import User
    from common.components import Pager

PAGE_SIZE = 20
# Nobody pages further than this, and large offsets are slow.
MAX_PAGE = 200
MAX_QUERY = 100


@dataclass(frozen=True)
class DirectoryRow:
    """A group in a list, with its next meeting and the reader's role."""

    group: Group
    next: Meeting | None = None
    membership: Membership | None = None

    @property
    def reads(self) -> str:
        """Return the title of the first paper of the next meeting as HTML; "" without one."""
        readings = list(self.next.readings.all()) if self.next else []
        return readings[0].paper.title_html if readings else ""


@dataclass(frozen=True)
class Directory:
    """A page of the public groups."""

    rows: list[DirectoryRow]
    query: str
    pager: Pager


def own_groups(member: User) -> list[DirectoryRow]:
    """Return all groups of a member, ordered by next meeting: three queries.

    Groups without an upcoming meeting follow by name, closed ones last.
    """
    memberships = Membership.objects.filter(member=member).select_related("group")
    by_group = {each.group_id: each for each in memberships}
    coming = _next_meetings(pk for pk, each in by_group.items() if not each.group.is_closed)
    rows = [
        DirectoryRow(group=each.group, next=coming.get(pk), membership=each)
        for pk, each in by_group.items()
    ]
    return sorted(rows, key=_soonest)


def directory(*, query: str, page: int) -> Directory:
    """Return public groups by name, summary or topic, the largest first: three queries."""
    query, page = harmless(query).strip()[:MAX_QUERY], max(1, min(page, MAX_PAGE))
    start = (page - 1) * PAGE_SIZE
    found = _matching(query).order_by("-member_count", "-id").prefetch_related("topics")
    groups = list(found[start : start + PAGE_SIZE + 1])
    is_more, groups = len(groups) > PAGE_SIZE and page < MAX_PAGE, groups[:PAGE_SIZE]
    coming = _next_meetings(group.pk for group in groups)
    return Directory(
        rows=[DirectoryRow(group=group, next=coming.get(group.pk)) for group in groups],
        query=query,
        pager=pager_at(
            reverse("groups:group_list"), {"q": query} if query else {}, page, has_more=is_more
        ),
    )


def _matching(query: str) -> QuerySet[Group]:
    groups = Group.objects.listed().running()
    # Every word must match the group somewhere.
    for word in query.split():
        topics = Topic.objects.filter(groups=OuterRef("pk")).filter(
            Q(code__iexact=word) | Q(name__icontains=word)
        )
        groups = groups.filter(
            Q(name__icontains=word) | Q(summary__icontains=word) | Q(Exists(topics))
        )
    return groups


def _next_meetings(group_ids: Iterable[int]) -> dict[int, Meeting]:
    """Return each group's next meeting, with what it reads: two queries."""
    readings = MeetingPaper.objects.select_related("paper").only(
        "meeting", "position", "paper__source", "paper__external_id", "paper__title_html"
    )
    meetings = Meeting.objects.upcoming().filter(group__in=list(group_ids))
    first = meetings.order_by("group", "starts_at", "id").distinct("group")
    first = first.select_related("group").prefetch_related(Prefetch("readings", readings))
    return {meeting.group_id: meeting for meeting in first}


def _soonest(row: DirectoryRow) -> tuple[bool, datetime, str]:
    never = datetime.max.replace(tzinfo=UTC)
    return row.group.is_closed, row.next.starts_at if row.next else never, row.group.name.lower()
