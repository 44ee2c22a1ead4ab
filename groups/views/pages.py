"""What a group says of itself, and what happened in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.numbers import whole_number
from groups import access
from groups.pages import people
from groups.pages.about import About

if TYPE_CHECKING:
    from accounts.http import MemberRequest


@require_safe
@login_not_required
def group_about(request: HttpRequest, slug: str) -> HttpResponse:
    """Description, rules, who runs it, and how one comes in."""
    visit = access.get_visit(request.user, slug)
    return render(request, "groups/group_about.html", {"visit": visit, "about": About(visit)})


@require_safe
def group_log(request: MemberRequest, slug: str) -> HttpResponse:
    """What happened in the group, the last first; for those who run it."""
    visit = access.get_visit_as_organiser(request.user, slug)
    given = request.GET.get("before")
    before = None if given is None else whole_number(given)
    if given is not None and before is None:
        raise Http404("No page begins there.")
    context = {"visit": visit, "page": people.log_of(visit.group, before=before), "before": before}
    return render(request, "groups/group_log.html", context)
