"""The pages of a group's archive and of its statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.rate_limits import spend
from groups import access, limits
from groups.archive import search
from groups.archive import statistics as archive_statistics

if TYPE_CHECKING:
    from django.http import HttpResponse

    from common.htmx import HtmxRequest


@require_safe
@login_not_required
def archive(request: HtmxRequest, slug: str) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    ask = search.ArchiveQuery.of(request.GET)
    if ask.words:
        spend(request, limits.SEARCH)
    found = search.search(visit, ask)
    context = {"visit": visit, "found": found, "turn_out": archive_statistics.turn_out(visit.group)}
    return render(request, "groups/archive.html", context)


@require_safe
@login_not_required
def statistics(request: HtmxRequest, slug: str) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    context = {"visit": visit, "statistics": archive_statistics.statistics_of(visit)}
    return render(request, "groups/statistics.html", context)
