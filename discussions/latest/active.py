"""The papers with the most comments lately, for the section beside lists of papers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from common.remembering import shared
from common.words import counted
from discussions.comments.models import Comment
from discussions.thread.models import Thread
from papers.sources import Ref

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.contributions import Scope

SHOWN = 3
RECENT = timedelta(days=3)
# A single comment is not a discussion yet.
MIN_COMMENTS = 2
# Comments have no index on their time: the latest by id keep the query short on a busy site.
_READ = 500


class ActiveDiscussion(NamedTuple):
    """A paper with the number of its shown comments and the time of the last one."""

    title_html: str
    url: str
    comments: str
    latest_at: datetime


@shared
def active_discussions(scope: Scope = ()) -> list[ActiveDiscussion]:
    """Return the same public threads for every reader: one query, shared."""
    latest = Comment.objects.public().order_by("-id").values("pk")[:_READ]
    threads = Thread.objects.public().filter(paper__withdrawn_at__isnull=True)
    active = (
        threads.filter(comments__in=latest, comments__created_at__gte=timezone.now() - RECENT)
        .annotate(recent_count=Count("comments"), latest_at=Max("comments__created_at"))
        .filter(recent_count__gte=MIN_COMMENTS)
        .order_by("-recent_count", "-latest_at", "-pk")
    )
    rows = active.values_list(
        "paper__title_html",
        "paper__source",
        "paper__external_id",
        "comment_count",
        "latest_at",
    )
    return [
        ActiveDiscussion(
            title,
            reverse("discussions:paper_page", args=[Ref(source, external_id)]),
            counted(count, "comment"),
            latest_at,
        )
        for title, source, external_id, count, latest_at in rows[:SHOWN]
    ]
