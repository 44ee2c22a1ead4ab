"""A member's word to the moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


def comment_report(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def member_report(request: HttpRequest, username: str) -> HttpResponse:
    raise Http404("Not here yet.")
