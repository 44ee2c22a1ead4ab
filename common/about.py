"""Pages about the site itself that need no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import design

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
@login_not_required
def keyboard_page(request: HttpRequest) -> HttpResponse:
    return render(request, "about/keyboard.html")


@require_safe
@login_not_required
def appearance_page(request: HttpRequest) -> HttpResponse:
    """Offer the themes. The form's target judges where `next` may lead."""
    return render(request, "about/appearance.html", {"next": request.GET.get("next", "/")})


@require_safe
@login_not_required
def design_page(request: HttpRequest) -> HttpResponse:
    """Show every part in every state, to those who build the site."""
    if not settings.DEVELOPMENT:
        raise Http404("Only in development.")
    return render(request, "about/design.html", design.samples())
