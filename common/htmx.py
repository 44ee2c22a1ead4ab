"""Pages and the parts of them that htmx replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


def render_page(
    request: HtmxRequest,
    template: str,
    context: dict[str, Any],
    *,
    partials: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Render the whole page, or only the partial that htmx is about to replace.

    Partial, element id and hx-target share one name. The view lists the names it
    allows, because the header comes from the browser.
    """
    target = request.htmx.target
    if target in partials and not request.htmx.history_restore_request:
        template = f"{template}#{target}"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


class HtmxRedirectMiddleware:
    """Let a redirect leave the page, instead of landing in the element being swapped.

    Without it, a lapsed session would show the sign-in page inside a card. Last in
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
