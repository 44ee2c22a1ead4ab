"""Keeping other members at a distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


def member_mute(request: HttpRequest, username: str) -> HttpResponse:
    raise Http404("Not here yet.")


def member_block(request: HttpRequest, username: str) -> HttpResponse:
    raise Http404("Not here yet.")
