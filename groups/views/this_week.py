"""The front page of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groups import access
from groups.pages.this_week import ThisWeek

if TYPE_CHECKING:
    from django.http import HttpResponse

    from common.htmx import HtmxRequest


@require_safe
@login_not_required
def group_page(request: HtmxRequest, slug: str) -> HttpResponse:
    """What is read next and when, what is voted on, what was read before."""
    visit = access.get_visit(request.user, slug)
    return render(request, "groups/group_page.html", {"visit": visit, "week": ThisWeek(visit)})
