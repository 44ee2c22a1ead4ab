"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def meeting_advance(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
