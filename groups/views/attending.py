"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def rsvp_set(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def attendance_edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def check_in(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def survey_page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
