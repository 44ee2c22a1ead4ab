"""Limits on the size of requests, checked by declared length before the body is read.

Django writes a form's files to disk when it checks the CSRF token, whoever the sender and
whatever the URL, so the limit applies before that check. A body without a declared length reads
as empty.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    View = TypeVar("View", bound=Callable[..., HttpResponse])

# Allowance for the other fields of a form with a file.
FIELDS_BYTES = 100_000


def takes_files(view: View) -> View:
    """Let a view accept files up to the site's limit."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


class UploadLimitMiddleware:
    """Middleware that answers 413 to a body larger than its view accepts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: Any
    ) -> HttpResponse | None:
        length = _declared_length(request)
        # Django's own limit for any form.
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        if length <= limit:
            return None
        if getattr(view, "takes_files", False):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            limit = max(limit, settings.UPLOAD_MAX_BYTES + FIELDS_BYTES)
        return too_large(request) if length > limit else None


@requires_csrf_token
def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413, with what was too large and the limit."""
    context = {"length": _declared_length(request), "limit": settings.UPLOAD_MAX_BYTES}
    return render(request, "413.html", context, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _declared_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
