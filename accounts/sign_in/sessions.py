"""How long a sign-in lasts, and under which key."""

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
# However busy the session is, the member proves who they are once in so long. How long
# an idle one lasts is SESSION_COOKIE_AGE.
LONGEST = 30 * DAY
# A session that is used is written once a day, so that reading pages stays free of writes.
RENEW_AFTER = DAY

_SIGNED_IN_AT = "accounts_signed_in_at"
_RENEWED_AT = "accounts_renewed_at"

# Under which sign-ins were noted before the site had a backend of its own. Django takes a
# session that names an unknown one for a visitor's.
_FORMER_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@receiver(user_logged_in, dispatch_uid="accounts.note_sign_in")
def note_sign_in(request: HttpRequest, **kwargs: Any) -> None:
    """Start the clock of the session."""
    now = time.time()
    request.session[_SIGNED_IN_AT] = now
    request.session[_RENEWED_AT] = now


@receiver(authentication_step_completed, dispatch_uid="accounts.rotate_session")
def rotate_session(request: HttpRequest, **kwargs: Any) -> None:
    """Give the session a new key once a member proved again who they are.

    A key that leaked before must not carry what was just granted.
    """
    if not kwargs.get("reauthenticated"):
        return
    old_key = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old_key).update(session_key=request.session.session_key)


def take_over(request: HttpRequest) -> None:
    """Let a session that began under the former backend go on under the present one."""
    if request.session.get(BACKEND_SESSION_KEY) == _FORMER_BACKEND:
        request.session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]


def is_too_old(request: HttpRequest) -> bool:
    """Whether the sign-in is past its longest life."""
    signed_in_at: float = request.session.get(_SIGNED_IN_AT, 0)
    return time.time() - signed_in_at > LONGEST


def renew(request: HttpRequest) -> None:
    """Let a session in use live on, at most one write a day."""
    now = time.time()
    if now - request.session.get(_RENEWED_AT, 0) > RENEW_AFTER:
        request.session[_RENEWED_AT] = now


def end_session(*, user: User, pk: int) -> bool:
    """Sign one of the member's browsers out. False when it is not theirs, or is gone."""
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
    """Name browser and system as a person would, or show the start of what it says."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or re.split(r"[\s/]", user_agent or "Unknown")[0][:40]
