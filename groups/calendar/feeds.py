"""Calendar feeds, with an etag that is known before the feed is written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from common.remembering import shared
from groups.calendar import building, events
from groups.membership.models import Group

if TYPE_CHECKING:
    from accounts.models import User
    from groups.calendar.events import GroupCalendar
    from groups.schedule.models import Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"
# Raise this when the format of the same meetings changes.
_WRITTEN_AS = 1


@dataclass(frozen=True)
class CalendarFeed:
    """A calendar before it is written: its etag costs only the queries for the rows."""

    name: str
    # Of the page with the same contents.
    path: str
    agendas: tuple[GroupCalendar, ...]
    # Whether it is at an address that only one member knows.
    is_secret: bool = False

    @cached_property
    def etag(self) -> str:
        """Return an etag of everything that is written into the feed."""
        state = (_WRITTEN_AS, settings.SITE_URL, self.name, self.is_secret, self.agendas)
        return f'"{hashlib.sha256(repr(state).encode()).hexdigest()[:32]}"'

    def write(self) -> bytes:
        calendar = building.calendar_of(
            self.agendas, name=self.name, path=self.path, is_secret=self.is_secret
        )
        return bytes(calendar.to_ical())


def group_feed(group: Group) -> CalendarFeed:
    """Return a group's calendar as everybody who may see the group reads it."""
    agendas = tuple(events.agendas_of([group]))
    return CalendarFeed(name=group.name, path=group.get_absolute_url(), agendas=agendas)


@shared
def write_group_feed(group_id: int, etag: str) -> bytes:
    """Write a group's calendar in the state of the etag; cached, as many ask on the full hour."""
    return group_feed(Group.objects.get(pk=group_id)).write()


def meeting_file(meeting: Meeting) -> bytes:
    """Write the file of one meeting for anybody who may see its page."""
    return bytes(building.calendar_of_one(events.agenda_of_one(meeting)).to_ical())


def member_feed(member: User) -> CalendarFeed:
    """Return the calendar of a member's groups, without the meetings they declined."""
    groups = Group.objects.of(member).order_by("pk")
    return CalendarFeed(
        name=f"Reading groups on {settings.SITE_NAME}",
        path=reverse("groups:group_list"),
        agendas=tuple(events.agendas_of(groups, member=member)),
        is_secret=True,
    )
