"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def live_page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def live_news(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
