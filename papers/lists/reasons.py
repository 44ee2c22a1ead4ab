"""Why papers trend, in a few words for their cards. Explained at /about/trending."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from common.words import short_number
from papers.models import Upvote

# The fewest votes of a day that are a reason, and the fewest that may be called rising.
VOTES_TO_MENTION, VOTES_TO_RISE = 2, 3


def why_trending(paper_ids: list[int]) -> dict[int, str]:
    """Return in at most three words why papers trend, for those with votes today: one query.

    "Rising" means at least twice the votes of the day before, which had some.
    """
    now = timezone.now()
    votes = Upvote.objects.counted().filter(paper__in=paper_ids, weight__gt=0)
    is_today = Q(cast_at__gt=now - timedelta(days=1))
    found = (
        votes.filter(cast_at__gt=now - timedelta(days=2))
        .values("paper")
        .annotate(today=Count("pk", filter=is_today), before=Count("pk", filter=~is_today))
        .values_list("paper", "today", "before")
    )
    return {
        paper: "rising today"
        if 0 < 2 * before <= today and today >= VOTES_TO_RISE
        else f"{short_number(today)} votes today"
        for paper, today, before in found
        if today >= VOTES_TO_MENTION
    }
