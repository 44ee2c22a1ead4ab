"""Stub."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def group_page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@login_not_required
def group_about(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def group_log(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
