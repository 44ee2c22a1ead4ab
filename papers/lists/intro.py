"""The introduction on the front page, until a visitor puts it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.COOKIE_PREFIX}intro"
_AWAY = "away"
# Browsers keep no cookie for longer.
_KEPT_SECONDS = 400 * 24 * 3600


def is_shown(request: HttpRequest) -> bool:
    """Return whether the reader is a visitor who has not put the introduction away."""
    return not request.user.is_authenticated and request.COOKIES.get(COOKIE) != _AWAY


def put_away(response: HttpResponse) -> None:
    """Store in the reader's browser that the introduction is put away."""
    response.set_cookie(
        COOKIE,
        _AWAY,
        max_age=_KEPT_SECONDS,
        secure=settings.COOKIES_SECURE,
        httponly=True,
        samesite="Lax",
    )
