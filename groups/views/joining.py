"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def group_join(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def group_leave(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def membership_settings(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def request_list(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def request_decide(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
