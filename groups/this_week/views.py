"""The front page of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from common.remembering import shared
from groups import access
from groups.this_week.page import ThisWeek

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.utils.safestring import SafeString

    from common.htmx import HtmxRequest
    from groups.access import Visit


class WeekHtml(NamedTuple):
    """The rendered page without its layout."""

    main: SafeString
    rail: SafeString
    has_ballots: bool


@require_safe
@login_not_required
def group_page(request: HtmxRequest, slug: str) -> HttpResponse:
    """Show the next meetings, open ballots and past meetings.

    All visitors get the same page, up to some seconds old; their access is checked every time.
    """
    visit = access.get_visit(request.user, slug)
    shown = _shown(visit, request) if request.user.is_authenticated else _shown_to_visitors(slug)
    return render(request, "groups/group_page.html", {"visit": visit, "shown": shown})


@shared
def _shown_to_visitors(slug: str) -> WeekHtml:
    return _shown(access.get_visit(AnonymousUser(), slug))


def _shown(visit: Visit, request: HtmxRequest | None = None) -> WeekHtml:
    week = ThisWeek(visit)
    context = {"visit": visit, "week": week}
    return WeekHtml(
        main=render_to_string("groups/_week_main.html", context, request),
        rail=render_to_string("groups/_week_rail.html", context, request),
        has_ballots=bool(week.ballots),
    )
