"""Putting away what nobody will ask for again."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from common.models import Allowance

# A bucket is full again long before; its key may name an address, so it is not kept.
ALLOWANCE_KEPT = timedelta(hours=2)


def tidy() -> None:
    """Delete sessions that have expired and rate limits that have refilled."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Allowance.objects.filter(at__lt=now - ALLOWANCE_KEPT).delete()
