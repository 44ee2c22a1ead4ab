"""Stub."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def invitation_open(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def invitation_accept(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def invitation_list(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def invitation_revoke(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
