"""Suspending a member until a date, and the notice they see at sign-in.

A suspension ends by itself: its end is compared with the clock. The app that keeps the
moderators' acts knows the reason and the appeal, and registers its record in
accounts.contributions.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts import contributions
from accounts.models import User
from common.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

# The browser may be shared, as in a library, so it forgets the suspended member.
REMEMBERED_SECONDS = 3600
_SESSION_KEY = "accounts_suspended"


@dataclass(frozen=True)
class SuspensionNotice:
    """The reason for a suspension, and the state of the appeal."""

    reason: str
    may_appeal: bool = False
    # The text of the appeal, if any; `answer` is the moderators' reply.
    appeal: str = ""
    is_decided: bool = False
    answer: str = ""


class AppealRefusedError(Refused):
    """There is nothing to appeal against."""


def suspend(*, member: User, until: datetime) -> None:
    """Suspend the member until then, and end all their sessions."""
    with transaction.atomic():
        User.objects.filter(pk=member.pk).update(suspended_until=until)
        theirs = UserSession.objects.filter(user=member)
        Session.objects.filter(session_key__in=theirs.values("session_key")).delete()
        theirs.delete()
    member.suspended_until = until


def lift(*, member: User) -> None:
    """End the suspension. Without one, nothing changes."""
    User.objects.filter(pk=member.pk).update(suspended_until=None)
    member.suspended_until = None


def remember(request: HttpRequest, member: User) -> None:
    """Store the member in the visitor's session, for the page that gives the reason.

    Starts a new session, so that a key planted before cannot read the notice.
    """
    request.session.flush()
    request.session[_SESSION_KEY] = {"member": member.pk, "at": time.time()}


def remembered(request: HttpRequest) -> User | None:
    """Return the member who tried to sign in here recently, suspended or no longer."""
    noted = request.session.get(_SESSION_KEY)
    if not isinstance(noted, dict) or time.time() - noted["at"] > REMEMBERED_SECONDS:
        return None
    member: User | None = User.objects.filter(pk=noted["member"]).first()
    return member


def notice_for(member: User) -> SuspensionNotice | None:
    """Return the notice about the member's suspension, if a recorded act caused it."""
    record = contributions.suspension_record()
    return record.notice_for(member) if record else None


def appeal(*, member: User, text: str) -> None:
    """Pass the member's appeal to the app that keeps the act."""
    record = contributions.suspension_record()
    if record is None:
        raise AppealRefusedError("There is no action to appeal.")
    record.appeal(member, text)
