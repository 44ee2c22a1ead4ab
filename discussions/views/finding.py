"""Comments outside their threads: the latest, a member's, feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
def latest_comments(request: HttpRequest) -> HttpResponse:
    raise Http404("Not here yet.")


@login_not_required
def member_comments(request: HttpRequest, username: str) -> HttpResponse:
    raise Http404("Not here yet.")


@login_not_required
def latest_feed(request: HttpRequest) -> HttpResponse:
    raise Http404("Not here yet.")


@login_not_required
def thread_feed(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")
