"""Stub."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


def question_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def question_edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)


def question_vote(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
