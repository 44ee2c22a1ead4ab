"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def group_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def group_import(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def group_clone(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
