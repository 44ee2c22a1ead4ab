"""Template tags for times of meetings, in the reader's zone and in the group's.

The reader's zone is the active one. Visitors, and pages rendered without a request, get only the
group's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html

from groups.calendar import links
from groups.scheduling import words

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from django.template import Context
    from django.utils.safestring import SafeString

    from groups.calendar.links import CalendarLinks
    from groups.schedule.models import Meeting

register = template.Library()

# A deadline this close is shown by its weekday alone.
_DAYS_OF_A_WEEKDAY = 6


@register.simple_tag
def calendar_links(meeting: Meeting) -> CalendarLinks:
    """Return the links that add a meeting to a reader's calendar: one query."""
    return links.adding(meeting)


@register.simple_tag(takes_context=True)
def meeting_when(context: Context, meeting: Meeting) -> SafeString:
    """Show "Thursday, November 26, 17:00", "your time · 18:00 in Berlin · in 4 days"."""
    told = _Told(context, meeting.starts_at, meeting.zone)
    notes = [told.where]
    if not meeting.is_off:
        now = timezone.now()
        far = words.distance(meeting.starts_at, meeting.ends_at, now=now, zone=told.zone)
        notes += [far] if far else []
    return format_html(
        '<span class="when"><time datetime="{}"><strong>{}, {}</strong></time> '
        '<span class="note">{}</span></span>',
        told.machine,
        words.long_day(told.own, year=told.year),
        words.clock(told.own),
        " · ".join(notes),
    )


@register.simple_tag(takes_context=True)
def meeting_when_short(context: Context, meeting: Meeting) -> SafeString:
    """Show "Thu, Nov 26, 17:00 your time · 18:00 in Berlin", for lists."""
    told = _Told(context, meeting.starts_at, meeting.zone)
    day = words.short_day(told.own, year=told.year)
    return _in_line(told, day)


@register.simple_tag(takes_context=True)
def moment_when(context: Context, at: datetime, zone: str) -> SafeString:
    """Show a deadline: "Tuesday, 17:00 your time · 18:00 in Berlin"."""
    told = _Told(context, at, zone)
    soon = timedelta(0) <= told.own.date() - told.today <= timedelta(days=_DAYS_OF_A_WEEKDAY)
    day = words.long_day(told.own, year=told.year)
    return _in_line(told, day.partition(",")[0] if soon else day)


def _in_line(told: _Told, day: str) -> SafeString:
    return format_html(
        '<time datetime="{}">{}, {}</time> {}',
        told.machine,
        day,
        words.clock(told.own),
        told.where,
    )


class _Told:
    """A moment in the reader's zone and in the group's."""

    def __init__(self, context: dict[str, Any] | Context, at: datetime, zone: str) -> None:
        user = context.get("user")
        group_zone = ZoneInfo(zone)
        has_zone = user is not None and user.is_authenticated
        self.zone: tzinfo = timezone.get_current_timezone() if has_zone else group_zone
        self.own = at.astimezone(self.zone)
        self.machine = timezone.localtime(at, ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.today = timezone.localdate(timezone=self.zone)
        self.year = self.today.year
        self.where = self._where(at.astimezone(group_zone), zone)

    def _where(self, theirs: datetime, zone: str) -> str:
        place = words.in_place(zone)
        # Equal clock times are shown once, whatever the zones are called.
        if theirs.replace(tzinfo=None) == self.own.replace(tzinfo=None):
            return place
        day = "" if theirs.date() == self.own.date() else self._day(theirs)
        return f"your time · {day}{words.clock(theirs)} {place}"

    def _day(self, theirs: datetime) -> str:
        return f"{words.long_day(theirs, year=self.year)}, "
