"""Middleware that depends on the member's account."""

from __future__ import annotations

import zoneinfo
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth import logout
from django.forms import BaseForm
from django.utils import timezone

from accounts.sign_in import sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.template.response import TemplateResponse

    GetResponse = Callable[[HttpRequest], HttpResponse]

_ALLAUTH_TEMPLATES = ("account/", "mfa/", "socialaccount/", "usersessions/")


class SessionAgeMiddleware:
    """Middleware that ends sessions at the maximum age, and renews those in use until then."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Must run before `request.user` is read.
        sessions.take_over(request)
        if request.user.is_authenticated:
            if sessions.is_too_old(request):
                logout(request)
            else:
                sessions.renew(request)
        return self.get_response(request)


class TimeZoneMiddleware:
    """Middleware that shows times in the member's zone, and in UTC to visitors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = request.user.time_zone if request.user.is_authenticated else "UTC"
        with timezone.override(_zone(name)):
            return self.get_response(request)


class InvalidFormMiddleware:
    """Middleware that answers 422 when allauth redisplays an invalid form, as our own views do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        if (
            request.method == "POST"
            and response.status_code == HTTPStatus.OK
            and _is_allauth_page(response)
            and any(_is_invalid(value) for value in (response.context_data or {}).values())
        ):
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response


def _is_allauth_page(response: TemplateResponse) -> bool:
    names = response.template_name
    names = [names] if isinstance(names, str) else names
    return isinstance(names, list) and any(
        isinstance(name, str) and name.startswith(_ALLAUTH_TEMPLATES) for name in names
    )


def _is_invalid(value: object) -> bool:
    return isinstance(value, BaseForm) and value.is_bound and not value.is_valid()


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        # The time zone database has dropped the zone since the member chose it.
        return zoneinfo.ZoneInfo("UTC")
