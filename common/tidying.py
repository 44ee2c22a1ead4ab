"""Putting away what nobody will ask for again."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from common.models import Allowance

# A bucket is full again long before; its key may name an address, so it is not kept.
ALLOWANCE_KEPT = timedelta(hours=2)
# A sign-in that is being written just now may be seen without its session.
SIGN_IN_TAKES = timedelta(minutes=5)


def tidy() -> None:
    """Delete sessions that have expired, with whose they were, and refilled rate limits."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    lasting = Session.objects.filter(session_key=OuterRef("session_key"))
    # They hold addresses and browsers of members, and count as places to be signed in at.
    UserSession.objects.filter(~Exists(lasting), last_seen_at__lt=now - SIGN_IN_TAKES).delete()
    Allowance.objects.filter(at__lt=now - ALLOWANCE_KEPT).delete()
