"""The meetings of the coming week, for the lists of papers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Case, Prefetch, Q, When
from django.utils import timezone

from groups.membership.models import Group, Membership
from groups.schedule.models import TO_COME, Meeting, MeetingPaper

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.contributions import Scope
    from accounts.models import User
    from groups.schedule.models import MeetingQuerySet

SHOWN = 3
SOON = timedelta(days=7)


def groups_meeting_soon(reader: User | AnonymousUser) -> Scope:
    """Return the ids of the reader's own groups that meet in the coming week: one query."""
    if not reader.is_authenticated:
        return ()
    own = Membership.objects.filter(member=reader.pk).values("group")
    return tuple(sorted(set(_coming().filter(group__in=own).values_list("group", flat=True))))


def meetings_soon(own: Scope = ()) -> list[Meeting]:
    """Return the next meetings of public groups and of the reader’s own, these first: two queries.

    A group that others may read by its address, but that is not listed, shows to its members only.
    """
    is_own = Q(group__in=own)
    readings = MeetingPaper.objects.select_related("paper").only(
        "meeting", "position", "paper__title_html"
    )
    coming = (
        _coming()
        .filter(Q(group__visibility=Group.Visibility.PUBLIC) | is_own)
        .annotate(is_own=Case(When(is_own, then=True), default=False))
        .select_related("group")
        .prefetch_related(Prefetch("readings", readings))
        .order_by("-is_own", "starts_at", "id")
    )
    return list(coming[:SHOWN])


def _coming() -> MeetingQuerySet:
    now = timezone.now()
    # The phases of the index on the start; a running meeting is not a next one.
    coming = Meeting.objects.filter(phase__in=TO_COME, starts_at__gt=now, starts_at__lte=now + SOON)
    return coming.running()
