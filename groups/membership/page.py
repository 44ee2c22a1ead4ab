"""The lists of members and of the log, for members of a group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from common.paging import page_below, pager_at
from common.text import harmless
from groups.membership import joining
from groups.membership.members import may_change
from groups.membership.models import Ban, Group, JoinRequest, LogEntry, Membership
from groups.schedule.models import Meeting

if TYPE_CHECKING:
    from common.components import Pager
    from groups.access import Visit
    from papers.models import Topic


PAGE_SIZE = 50
MAX_PAGE = 1_000
LOG_SIZE = 50


@dataclass(frozen=True)
class MemberRow:
    membership: Membership
    # Whether the reader may manage them.
    is_changeable: bool


@dataclass(frozen=True)
class MemberList:
    rows: list[MemberRow]
    query: str
    pager: Pager


@dataclass(frozen=True)
class GroupLogPage:
    """Log entries, latest first. The next page shows those below the id `older`."""

    entries: list[LogEntry]
    older: int | None


def members_of(visit: Visit, *, query: str, page: int) -> MemberList:
    """Return members: owners and organisers first, then the latest to join. One query."""
    query, page = harmless(query).strip()[:100], max(1, min(page, MAX_PAGE))
    found = Membership.objects.filter(group=visit.group).select_related("member")
    if query:
        name = query.removeprefix("@")
        found = found.filter(
            Q(member__username__icontains=name) | Q(member__full_name__icontains=query)
        )
    start = (page - 1) * PAGE_SIZE
    # Reads the index backwards: owners, organisers, members, guests.
    shown = list(found.order_by("-role", "-joined_at", "-id")[start : start + PAGE_SIZE + 1])
    return MemberList(
        rows=[MemberRow(each, may_change(visit.membership, each)) for each in shown[:PAGE_SIZE]],
        query=query,
        pager=pager_at(
            reverse("groups:member_list", args=[visit.group.slug]),
            {"q": query} if query else {},
            page,
            has_more=len(shown) > PAGE_SIZE,
        ),
    )


def log_of(group: Group, *, before: int | None) -> GroupLogPage:
    """Return a page of the log: one query."""
    entries = LogEntry.objects.filter(group=group).select_related("actor", "meeting")
    shown, older = page_below(entries, before, size=LOG_SIZE)
    for entry in shown:
        if entry.meeting is not None:
            entry.meeting.group = group
    return GroupLogPage(shown, older)


@dataclass
class JoinPanel:
    """How an outsider may join; for `groups/_join_panel.html`."""

    visit: Visit

    @cached_property
    def waiting(self) -> JoinRequest | None:
        """Return the reader's undecided request: one query."""
        if not self.visit.reader.is_authenticated or self.visit.is_member:
            return None
        return joining.waiting_request(self.visit.group, self.visit.reader)

    @cached_property
    def is_banned(self) -> bool:
        if not self.visit.reader.is_authenticated or self.visit.is_member:
            return False
        return Ban.objects.filter(group=self.visit.group, member=self.visit.reader).exists()

    @property
    def is_open(self) -> bool:
        return self._is(Group.Joining.OPEN)

    @property
    def takes_requests(self) -> bool:
        return self._is(Group.Joining.REQUEST)

    def _is(self, rule: Group.Joining) -> bool:
        return not self.visit.group.is_closed and self.visit.group.joining == rule


@dataclass
class AboutPage:
    """The page about a group: four queries, two more for an outsider."""

    visit: Visit

    @cached_property
    def organisers(self) -> list[Membership]:
        """Return owners first, then organisers, each by date of joining."""
        running = Membership.objects.running().filter(group=self.visit.group)
        return list(running.select_related("member").order_by("-role", "joined_at", "id"))

    @cached_property
    def topics(self) -> list[Topic]:
        return list(self.visit.group.topics.all())

    @cached_property
    def next(self) -> Meeting | None:
        meeting = Meeting.objects.upcoming().filter(group=self.visit.group).first()
        if meeting is not None:
            meeting.group = self.visit.group
        return meeting

    @cached_property
    def join_panel(self) -> JoinPanel:
        return JoinPanel(self.visit)
