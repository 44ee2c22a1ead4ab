"""Stub."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def group_feed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@login_not_required
def meeting_ics(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


@login_not_required
def member_feed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def calendar_settings(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def calendar_revoke(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
