"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def schedule_edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def meeting_add(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def meeting_edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def meeting_move(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def meeting_off(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
