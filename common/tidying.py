"""Deletion of expired rows."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from common.models import Allowance, FailedWork

# A bucket is full again long before; it is deleted because its key may contain an address.
ALLOWANCE_KEPT = timedelta(hours=2)
# A sign-in that is just being written may be visible before its session.
SIGN_IN_TAKES = timedelta(minutes=5)
# Failing work is retried every six hours: older rows are no longer due.
FAILURES_KEPT = timedelta(days=2)


def tidy() -> None:
    """Delete expired sessions with their owners, full rate limits and old failures."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    lasting = Session.objects.filter(session_key=OuterRef("session_key"))
    # They hold members' addresses and browsers, and are listed as signed-in browsers.
    UserSession.objects.filter(~Exists(lasting), last_seen_at__lt=now - SIGN_IN_TAKES).delete()
    Allowance.objects.filter(at__lt=now - ALLOWANCE_KEPT).delete()
    FailedWork.objects.filter(failed_at__lt=now - FAILURES_KEPT).delete()
