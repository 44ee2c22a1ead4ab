"""What a member is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


def inbox(request: HttpRequest) -> HttpResponse:
    raise Http404("Not here yet.")


def inbox_read(request: HttpRequest) -> HttpResponse:
    raise Http404("Not here yet.")


def notification_settings(request: HttpRequest) -> HttpResponse:
    raise Http404("Not here yet.")
