"""The page "How discussions work", with the site's actual numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from discussions.comments import forgetting, limits, points
from discussions.comments.models import Reaction
from discussions.markdown import comment_text
from discussions.thread import rows, tree
from papers import voting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from common.rate_limits import RateLimit


@require_safe
@login_not_required
def about_discussions(request: HttpRequest) -> HttpResponse:
    context = {
        "vote_points": points.POINTS_OF_VOTE,
        "reaction_points": points.POINTS_OF_REACTION,
        "positive": [kind.label for kind in points.POSITIVE_KINDS],
        "other": [kind.label for kind in Reaction.Kind if kind not in points.POSITIVE_KINDS],
        "young_weight": voting.YOUNG_WEIGHT,
        "young_days": voting.YOUNG_FOR.days,
        "limits": _limits(),
        "most_characters": comment_text.MAX_LENGTH,
        "most_mentions": limits.MAX_MENTIONS,
        "new_account_mentions": limits.NEW_ACCOUNT_MENTIONS_A_DAY,
        "new_days": limits.NEW_FOR.days,
        "kept_days": forgetting.KEPT_FOR.days,
        "page_size": rows.PAGE_SIZE,
        "whole_size": rows.WHOLE_SIZE,
        "levels": tree.LEVELS,
    }
    return render(request, "discussions/about_discussions.html", context)


def _limits() -> list[tuple[str, RateLimit]]:
    return [
        ("A comment or an edit, in your first day", limits.COMMENT_ON_FIRST_DAY),
        (
            f"A comment or an edit, in your first {limits.NEW_FOR.days} days",
            limits.COMMENT_WHILE_NEW,
        ),
        ("A comment or an edit, later", limits.COMMENT),
        ("A reaction", limits.REACT),
        ("A report", limits.REPORT),
    ]
