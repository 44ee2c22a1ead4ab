"""Lifetime and keys of sessions."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from allauth.account.signals import authentication_step_completed
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

DAY = 24 * 3600
# Maximum age of a session, however active: then the member signs in again. SESSION_COOKIE_AGE
# limits an idle session.
LONGEST = 30 * DAY
# A session in use is written once a day, so that most page views write nothing.
RENEW_AFTER = DAY

_SIGNED_IN_AT = "accounts_signed_in_at"
_RENEWED_AT = "accounts_renewed_at"

# The backend in sessions from before the site had its own. Django treats a session with an
# unknown backend as a visitor's.
_FORMER_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@receiver(user_logged_in, dispatch_uid="accounts.note_sign_in")
def note_sign_in(request: HttpRequest, **kwargs: Any) -> None:
    """Store the time of the sign-in in the session."""
    now = time.time()
    request.session[_SIGNED_IN_AT] = now
    request.session[_RENEWED_AT] = now


@receiver(authentication_step_completed, dispatch_uid="accounts.rotate_session")
def rotate_session(request: HttpRequest, **kwargs: Any) -> None:
    """Give the session a new key after a reauthentication.

    A key that leaked before must not gain the new access.
    """
    if not kwargs.get("reauthenticated"):
        return
    old_key = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old_key).update(session_key=request.session.session_key)


def take_over(request: HttpRequest) -> None:
    """Move a session from the former backend to the present one."""
    if request.session.get(BACKEND_SESSION_KEY) == _FORMER_BACKEND:
        request.session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]


def is_too_old(request: HttpRequest) -> bool:
    """Return whether the session is past its maximum age."""
    signed_in_at: float = request.session.get(_SIGNED_IN_AT, 0)
    return time.time() - signed_in_at > LONGEST


def renew(request: HttpRequest) -> None:
    """Extend a session in use, with at most one write a day."""
    now = time.time()
    if now - request.session.get(_RENEWED_AT, 0) > RENEW_AFTER:
        request.session[_RENEWED_AT] = now


def end_session(*, user: User, pk: int) -> bool:
    """Sign out one of the member's browsers. Return False if it is not theirs or is gone."""
    session = UserSession.objects.filter(user=user, pk=pk).first()
    if session is None:
        return False
    session.end()
    return True


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def describe_browser(user_agent: str) -> str:
    """Return browser and system in plain words, or the start of the user agent."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or re.split(r"[\s/]", user_agent or "Unknown")[0][:40]
