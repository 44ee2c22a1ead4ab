"""The agenda on the meeting's page and in the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from groups.access import Visit
    from groups.meeting.agenda.models import AgendaItem
    from groups.schedule.models import Meeting


class AgendaPoint(NamedTuple):
    """An item of the agenda, its start time, and the URL that starts and ends it."""

    item: AgendaItem
    begins_at: datetime
    url: str


@dataclass(frozen=True)
class AgendaPanel:
    """The agenda for one reader; for groups/_agenda.jinja."""

    visit: Visit
    meeting: Meeting
    items: Sequence[AgendaItem]
    # The reader's time zone.
    zone: tzinfo
    # In the room, the query string of links: where to return afterwards.
    back: str = ""

    @cached_property
    def points(self) -> list[AgendaPoint]:
        points, planned_at = [], self.meeting.starts_at
        for item in self.items:
            args = [self.visit.group.slug, self.meeting.occurs_on, item.pk]
            url = reverse("groups:agenda_advance", args=args) + self.back
            begins_at = (item.started_at or planned_at).astimezone(self.zone)
            points.append(AgendaPoint(item, begins_at, url))
            planned_at += timedelta(minutes=item.minutes)
        return points

    @property
    def total_minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    @property
    def is_too_long(self) -> bool:
        return self.total_minutes > self.meeting.duration_minutes

    @property
    def current(self) -> AgendaPoint | None:
        return next((each for each in self.points if each.item.is_on), None)

    @property
    def next(self) -> AgendaPoint | None:
        """Return the first point that has not been started."""
        return next((each for each in self.points if each.item.started_at is None), None)

    @property
    def may_edit(self) -> bool:
        return self.visit.is_running and not self.visit.group.is_closed

    @property
    def may_run(self) -> bool:
        """Return whether the reader may start and end points."""
        return self.may_edit and not self.meeting.is_off
