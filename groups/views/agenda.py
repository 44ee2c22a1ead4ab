"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def agenda_edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def agenda_advance(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
