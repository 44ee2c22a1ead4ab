"""The list of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.numbers import whole_number
from groups.directory import page as directory_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_not_required
def group_list(request: HttpRequest) -> HttpResponse:
    """Show the member's groups with their next meetings, and the public groups."""
    context = {
        "own": directory_page.own_groups(request.user) if request.user.is_authenticated else [],
        "directory": directory_page.directory(
            query=request.GET.get("q", ""), page=whole_number(request.GET.get("page", "")) or 1
        ),
    }
    return render(request, "groups/group_list.html", context)
