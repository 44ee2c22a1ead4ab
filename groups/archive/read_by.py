"""The groups that read a paper, shown on the paper's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Q, Window

from groups.membership.models import Group
from groups.schedule.models import OFF, Meeting

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from papers.models import Paper

SHOWN = 5


class ReadBy(NamedTuple):
    """Each group's last meeting that read a paper, and the number of further groups."""

    meetings: list[Meeting]
    more_count: int


def read_by(paper: Paper, reader: User | AnonymousUser) -> ReadBy | None:
    """Return the visible groups that read a paper: one query.

    These are public groups and the reader's own.
    """
    known = Q(group__visibility=Group.Visibility.PUBLIC)
    if reader.is_authenticated:
        known |= Q(group__in=Group.objects.of(reader))
    reading = Meeting.objects.filter(known, readings__paper=paper).exclude(phase__in=OFF)
    latest = reading.order_by("group", "-starts_at").distinct("group")
    shown = (
        Meeting.objects.filter(pk__in=latest.values("pk"))
        .select_related("group")
        .annotate(group_count=Window(Count("pk")))
        .order_by("-starts_at", "group__slug")
    )
    found = list(shown[:SHOWN])
    if not found:
        return None
    return ReadBy(found, found[0].group_count - len(found))  # type: ignore[attr-defined]
