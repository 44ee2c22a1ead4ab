"""Stub."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def nomination_list(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def nomination_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def nomination_second(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def nomination_withdraw(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def paper_nominate(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
