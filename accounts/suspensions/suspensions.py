"""Suspending a member until a date, and what they are told when they try to come in.

A suspension ends by itself: whether it lasts is a comparison with the clock. Its reason and
the appeal against it are known to the app that keeps the moderators' acts, which contributes
its record (accounts.contributions).
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

# The browser may be a library's: it forgets who proved to be suspended.
REMEMBERED_SECONDS = 3600
_SESSION_KEY = "accounts_suspended"


@dataclass(frozen=True)
class SuspensionNotice:
    """Why a member is suspended, and how their appeal stands."""

    reason: str
    may_appeal: bool = False
    # What they wrote, once they have; then what they were answered.
    appeal: str = ""
    is_decided: bool = False
    answer: str = ""


class AppealRefusedError(Refused):
    """There is nothing to appeal against."""


def suspend(*, member: User, until: datetime) -> None:
    """Keep the member out until then, and end every session of theirs."""
    with transaction.atomic():
        User.objects.filter(pk=member.pk).update(suspended_until=until)
        theirs = UserSession.objects.filter(user=member)
        Session.objects.filter(session_key__in=theirs.values("session_key")).delete()
        theirs.delete()
    member.suspended_until = until


def lift(*, member: User) -> None:
    """Let the member in again. Without a suspension, nothing changes."""
    User.objects.filter(pk=member.pk).update(suspended_until=None)
    member.suspended_until = None


def remember(request: HttpRequest, member: User) -> None:
    """Note in the visitor's session whom they proved to be, for the page that tells them why.

    A new session: a key that was planted before must not read what is told now.
    """
    request.session.flush()
    request.session[_SESSION_KEY] = {"member": member.pk, "at": time.time()}


def remembered(request: HttpRequest) -> User | None:
    """Return the member whom this browser proved to be a while ago, suspended or no longer."""
    noted = request.session.get(_SESSION_KEY)
    if not isinstance(noted, dict) or time.time() - noted["at"] > REMEMBERED_SECONDS:
        return None
    member: User | None = User.objects.filter(pk=noted["member"]).first()
    return member


def notice_for(member: User) -> SuspensionNotice | None:
    """Return what the member is told of their suspension, if an act stands behind it."""
    record = contributions.suspension_record()
    return record.notice_for(member) if record else None


def appeal(*, member: User, text: str) -> None:
    """Hand the member's appeal to the app that keeps the act."""
    record = contributions.suspension_record()
    if record is None:
        raise AppealRefusedError("There is no action to appeal.")
    record.appeal(member, text)
