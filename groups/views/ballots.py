"""Stub."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def ballot_page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def ballot_pick(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@login_not_required
def ballot_file(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
