"""What notices call a meeting, its times and what it reads.

Times are in the group's zone, for a notice is one text for people in many zones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from common.words import listed
from groups.scheduling import words
from groups.series.models import SeriesPart

if TYPE_CHECKING:
    from datetime import datetime

    from groups.schedule.models import Meeting

_TITLE_LENGTH = 110


def when(meeting: Meeting) -> str:
    """Return "Thursday, November 26, 18:00 in Berlin"."""
    return moment(meeting.starts_at, meeting.zone)


def day(meeting: Meeting) -> str:
    """Return "Thursday, November 26"."""
    local = meeting.starts_at.astimezone(ZoneInfo(meeting.zone))
    return words.long_day(local, year=_this_year(meeting.zone))


def short_day(meeting: Meeting) -> str:
    """Return "November 26": for news of a meeting that is near."""
    return words.plain_day(meeting.day, year=meeting.day.year)


def name(meeting: Meeting) -> str:
    """Return "Readers on November 26"."""
    return f"{meeting.group.name} on {short_day(meeting)}"


def moment(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return words.wall(local.date(), local.time(), zone, year=_this_year(zone))


def quoted(title: str) -> str:
    """Put a title between quotes, cut where it would fill the notice."""
    if len(title) > _TITLE_LENGTH:
        title = f"{title[: _TITLE_LENGTH - 1].rstrip()}…"
    return f"“{title}”"


def read_at(meeting: Meeting) -> str:
    """Return what a meeting is about, quoted; "" while nothing is settled. Up to two queries."""
    if meeting.title:
        return quoted(meeting.title)
    titles = meeting.readings.values_list("paper__title_text", flat=True)
    if found := list(titles[:4]):
        return listed([quoted(title) for title in found])
    part = SeriesPart.objects.filter(meeting=meeting).values_list("series__title", "title").first()
    return quoted(": ".join(part)) if part else ""


def _this_year(zone: str) -> int:
    return timezone.localdate(timezone=ZoneInfo(zone)).year
