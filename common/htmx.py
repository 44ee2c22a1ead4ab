"""Pages and the parts of them that htmx replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django_htmx.http import HttpResponseClientRedirect

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


class HtmxRedirectMiddleware:
    """Middleware that makes redirects load the whole page, not just an element of it.

    Without it, an expired session would show the sign-in page inside a card. It is last in
    MIDDLEWARE, so that the others still set their cookies on the new response.
    """

    def __init__(self, get_response: Callable[[HtmxRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HtmxRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.htmx and isinstance(response, HttpResponseRedirectBase):
            leaving = HttpResponseClientRedirect(response.url)
            leaving.cookies = response.cookies
            return leaving
        return response
