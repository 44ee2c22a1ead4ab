"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def section_edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def progress_set(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
