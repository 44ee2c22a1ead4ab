"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def group_settings(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def cycle_settings(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def group_hand_over(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def group_close(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
