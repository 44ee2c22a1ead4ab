"""Stub."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def meeting_page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(status=501)
