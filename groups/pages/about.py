"""What a group says of itself, and how one comes in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from groups.belonging import joining
from groups.models import Ban, Group, JoinRequest, Meeting, Membership

if TYPE_CHECKING:
    from groups.access import Visit
    from papers.models import Topic


@dataclass
class WayIn:
    """How a reader who does not belong may come in; for `groups/_way_in.html`."""

    visit: Visit

    @cached_property
    def waiting(self) -> JoinRequest | None:
        """What the reader has asked for, and waits for: one query."""
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

    def _is(self, way: Group.Joining) -> bool:
        return not self.visit.group.is_closed and self.visit.group.joining == way


@dataclass
class About:
    """The page about a group: four queries, two more for who is outside."""

    visit: Visit

    @cached_property
    def organisers(self) -> list[Membership]:
        """Owners first, then organisers, each in the order in which they came."""
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
    def way_in(self) -> WayIn:
        return WayIn(self.visit)
