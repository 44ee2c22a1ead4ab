"""Pages about the site itself that need no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_not_required
def about_page(request: HttpRequest) -> HttpResponse:
    """Explain what the site is, and how its parts work."""
    return render(request, "about/about.html", {"categories": settings.ARXIV_CATEGORIES})


@require_safe
@login_not_required
def keyboard_page(request: HttpRequest) -> HttpResponse:
    return render(request, "about/keyboard.html")


@require_safe
@login_not_required
def appearance_page(request: HttpRequest) -> HttpResponse:
    """Show the themes. The form's target validates `next`."""
    return render(request, "about/appearance.html", {"next": request.GET.get("next", "/")})
