"""Error pages: what happened, and what was kept."""

from __future__ import annotations

import logging
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.csrf import requires_csrf_token

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)

# Fields with these words in their name are never shown back.
_SECRET_WORDS = ("password", "code", "token", "secret", "credential", "csrf")
_MAX_FIELDS = 10
_MAX_LENGTH = 20_000


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


@requires_csrf_token
def too_many_requests(request: HttpRequest, *, retry_after_seconds: int) -> HttpResponse:
    """Answer 429, with the time to try again."""
    context = {"retry_after_seconds": retry_after_seconds}
    response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(retry_after_seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without using anything that may have failed.

    Django calls this while it handles the error. A database that cannot be reached, or has no
    connection left, is usually back soon: 503 says so to people and programs.
    """
    if isinstance(sys.exception(), OperationalError):
        return unavailable(request)
    try:
        return _bare("500.html", HTTPStatus.INTERNAL_SERVER_ERROR)
    except Exception:
        # A template or style sheet is missing: unstyled text is better than none.
        logger.exception("The page for failures failed")
        return HttpResponse(
            "Something went wrong on our side. Nothing that you saved is lost.",
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
        )


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database is unavailable."""
    response = _bare("503.html", HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "10"
    return response


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form with a wrong CSRF token, and show what was typed in it."""
    context = {
        "has_no_cookie": reason == REASON_NO_CSRF_COOKIE,
        "typed": _typed(request),
    }
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)


def _typed(request: HttpRequest) -> list[str]:
    """Return the texts that the reader typed; nothing if another site sent the form."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    return [
        value
        for name, value in list(request.POST.items())[:_MAX_FIELDS]
        if isinstance(value, str)
        and " " in value.strip()
        and len(value) <= _MAX_LENGTH
        and not any(word in name.lower() for word in _SECRET_WORDS)
    ]


def _bare(template: str, status: HTTPStatus) -> HttpResponse:
    """Render without a request: reads no session and makes no query."""
    context = {"site_name": settings.SITE_NAME}
    return HttpResponse(get_template(template).render(context), status=status)
