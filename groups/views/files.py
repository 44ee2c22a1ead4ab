"""Stub."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


def file_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@login_not_required
def file_download(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def file_delete(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
