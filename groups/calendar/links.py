"""Links that add a calendar or one meeting to somebody's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from groups.calendar import building, events

if TYPE_CHECKING:
    from groups.schedule.models import Meeting

_GOOGLE = "https://calendar.google.com/calendar"
_OUTLOOK = "https://outlook.live.com/calendar/0"
# Keeps addresses short; the meeting's page has the full text.
_TITLE, _DETAILS = 200, 800


@dataclass(frozen=True)
class CalendarLinks:
    """Links for any calendar, Google's, and Outlook's."""

    plain: str
    google: str
    outlook: str


def subscribing(path: str, *, name: str) -> CalendarLinks:
    """Return links that subscribe to a feed of this site."""
    url = building.absolute(path)
    webcal = "webcal:" + url.partition(":")[2]
    return CalendarLinks(
        plain=webcal,
        google=f"{_GOOGLE}/render?{urlencode({'cid': webcal})}",
        outlook=f"{_OUTLOOK}/addfromweb?{urlencode({'url': url, 'name': name})}",
    )


def subscribing_secretly(token: str) -> CalendarLinks:
    path = reverse("groups:member_feed", args=[token])
    return subscribing(path, name=f"Reading groups on {settings.SITE_NAME}")


def adding(meeting: Meeting) -> CalendarLinks:
    """Return links that add one meeting: one query for its papers.

    They go to other companies, so they contain only what is public.
    """
    agenda = events.agenda_of_one(meeting)
    shown = agenda.meetings[0]
    title = building.title_of(agenda.group, shown)[:_TITLE]
    details = building.details_of(agenda.group, shown)[:_DETAILS]
    begin, end = shown.starts_at, shown.ends_at
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{_compact(begin)}/{_compact(end)}",
        "details": details,
    }
    outlook = {
        "rru": "addevent",
        "subject": title,
        "startdt": _iso(begin),
        "enddt": _iso(end),
        "body": details,
    }
    return CalendarLinks(
        plain=reverse("groups:meeting_ics", args=[agenda.group.slug, shown.occurs_on]),
        google=f"{_GOOGLE}/render?{urlencode(google)}",
        outlook=f"{_OUTLOOK}/deeplink/compose?{urlencode(outlook)}",
    )


def _compact(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
