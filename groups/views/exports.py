"""Stub."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


def export_page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def export_json(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def export_markdown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@login_not_required
def bibliography(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
