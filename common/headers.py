"""Middleware for headers of all responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.cache import patch_cache_control

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class PrivateByDefaultMiddleware:
    """Middleware that keeps responses out of shared caches, and away from other origins.

    A page may contain private data. A view whose response is the same for everybody sets its
    own Cache-Control, "public", and then cookies neither vary the response nor come with it into
    a cache: whoever got it there would get the session of another.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_public = "public" in response.get("Cache-Control", "")
        if is_public and response.cookies:
            # Such as that of a session that was renewed meanwhile.
            del response["Cache-Control"]
        elif is_public:
            _leave_out_cookie(response)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        return response


def _leave_out_cookie(response: HttpResponse) -> None:
    """Do not have browsers ask again for each new value of a cookie.

    Django adds the header for every request whose session was read.
    """
    names = [name.strip() for name in response.get("Vary", "").split(",")]
    others = [name for name in names if name and name.lower() != "cookie"]
    if others:
        response["Vary"] = ", ".join(others)
    elif response.has_header("Vary"):
        del response["Vary"]
