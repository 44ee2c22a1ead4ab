"""The theme: light, dark or that of the device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE_NAME = f"{settings.COOKIE_PREFIX}theme"
_YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """Return "system", "light" or "dark": the member's choice, or the visitor's cookie."""
    if request.user.is_authenticated:
        return request.user.appearance
    choice = request.COOKIES.get(COOKIE_NAME, "")
    return choice if choice in User.Appearance.values else User.Appearance.SYSTEM.value


def choose_theme(*, user: User, theme: User.Appearance) -> None:
    User.objects.filter(pk=user.pk).update(appearance=theme)


def remember_theme(response: HttpResponse, theme: User.Appearance) -> None:
    """Store the theme in a cookie, so that it remains after signing out."""
    response.set_cookie(
        COOKIE_NAME,
        theme.value,
        max_age=_YEAR,
        secure=settings.COOKIES_SECURE,
        httponly=True,
        samesite="Lax",
    )
