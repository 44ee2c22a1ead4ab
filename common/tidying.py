"""Putting away what nobody will ask for again."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from common.models import Allowance, FailedWork

# A bucket is full again long before; its key may name an address, so it is not kept.
ALLOWANCE_KEPT = timedelta(hours=2)
# A sign-in that is being written just now may be seen without its session.
SIGN_IN_TAKES = timedelta(minutes=5)
# Work that goes on failing is tried every six hours: what was not is no longer due.
FAILURES_KEPT = timedelta(days=2)


def tidy() -> None:
    """Delete sessions that have expired and whose they were, full rate limits, old failures."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    lasting = Session.objects.filter(session_key=OuterRef("session_key"))
    # They hold addresses and browsers of members, and count as places to be signed in at.
    UserSession.objects.filter(~Exists(lasting), last_seen_at__lt=now - SIGN_IN_TAKES).delete()
    Allowance.objects.filter(at__lt=now - ALLOWANCE_KEPT).delete()
    FailedWork.objects.filter(failed_at__lt=now - FAILURES_KEPT).delete()
