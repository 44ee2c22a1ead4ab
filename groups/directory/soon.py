"""The meetings of the coming week, for the lists of papers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q, Value
from django.utils import timezone

from groups.membership.models import Group, Membership
from groups.schedule.models import TO_COME, Meeting, MeetingPaper

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

SHOWN = 3
SOON = timedelta(days=7)


def meetings_soon(reader: User | AnonymousUser) -> list[Meeting]:
    """Return the next meetings of public groups and of the reader’s own, these first: two queries.

    A group that others may read by its address, but that is not listed, shows to its members only.
    """
    now = timezone.now()
    shown = Q(group__visibility=Group.Visibility.PUBLIC)
    is_own: Exists | Value = Value(False)  # noqa: FBT003 - SQL's false
    if reader.is_authenticated:
        own = Membership.objects.filter(group=OuterRef("group"), member=reader.pk)
        is_own = Exists(own)
        shown |= Q(is_own)
    readings = MeetingPaper.objects.select_related("paper").only(
        "meeting", "position", "paper__title_html"
    )
    coming = (
        # The phases of the index on the start; a running meeting is not a next one.
        Meeting.objects.filter(phase__in=TO_COME, starts_at__gt=now, starts_at__lte=now + SOON)
        .running()
        .filter(shown)
        .annotate(is_own=is_own)
        .select_related("group")
        .prefetch_related(Prefetch("readings", readings))
        .order_by("-is_own", "starts_at", "id")
    )
    return list(coming[:SHOWN])
