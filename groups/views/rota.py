"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def seat_settings(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def rota_page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def seat_set(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def seat_swap(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def swap_answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
