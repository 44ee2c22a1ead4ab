"""The site, and two bare views: what the same server and middleware take for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as site
from papers.models import PaperTally

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello")


@login_not_required
def one_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Look one row up by its key."""
    votes = PaperTally.objects.values_list("vote_count", flat=True).get(pk=pk)
    return HttpResponse(str(votes))


urlpatterns = [
    path("bench/bare", bare),
    path("bench/one/<int:pk>", one_row),
    *site,
]
