"""The introduction on the front page, until a visitor hides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.COOKIE_PREFIX}intro"
_HIDDEN = "hidden"
# Browsers keep no cookie for longer.
_KEPT_SECONDS = 400 * 24 * 3600


def is_shown(request: HttpRequest) -> bool:
    """Return whether the reader is a visitor who has not hidden the introduction."""
    return not request.user.is_authenticated and request.COOKIES.get(COOKIE) != _HIDDEN


def hide(response: HttpResponse) -> None:
    """Store in the reader's browser that the introduction is hidden."""
    response.set_cookie(
        COOKIE,
        _HIDDEN,
        max_age=_KEPT_SECONDS,
        secure=settings.COOKIES_SECURE,
        httponly=True,
        samesite="Lax",
    )
