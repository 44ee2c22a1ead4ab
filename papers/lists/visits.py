"""The time of a reader's last visit, kept in a cookie.

A cookie rather than a row: it works for visitors, and viewing a list writes nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.COOKIE_PREFIX}visits"
# Page views within this time belong to the same visit.
VISIT = timedelta(minutes=30)
KEPT = timedelta(days=90)


def last_visit(request: HttpRequest) -> datetime | None:
    """Return the end of the previous visit, or None for a first visit."""
    before, seen = _read(request)
    if seen and timezone.now() - seen > VISIT:
        return seen
    return before


def remember_visit(request: HttpRequest, response: HttpResponse) -> None:
    """Store the time of this visit in the reader's browser."""
    now = timezone.now()
    before, seen = _read(request)
    if seen and now - seen < timedelta(minutes=5):
        return
    if seen and now - seen > VISIT:
        before = seen
    response.set_cookie(
        COOKIE,
        f"{_minutes(before)}.{_minutes(now)}",
        max_age=int(KEPT.total_seconds()),
        secure=settings.COOKIES_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[datetime | None, datetime | None]:
    before, _, seen = request.COOKIES.get(COOKIE, "").partition(".")
    return _moment(before), _moment(seen)


def _minutes(at: datetime | None) -> int:
    return int(at.timestamp()) // 60 if at else 0


def _moment(minutes: str) -> datetime | None:
    # The browser may send anything; nine digits reach the year 3871.
    if not (minutes.isascii() and minutes.isdigit() and 1 < len(minutes) < 10):
        return None
    return datetime.fromtimestamp(int(minutes) * 60, UTC)
