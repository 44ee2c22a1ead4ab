"""Safe redirects, and the views to which they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.http import HttpRequest


def is_local(request: HttpRequest, url: str) -> bool:
    """Return whether the URL is a path on the requested host, not on another site."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def local_next(request: HttpRequest, *, otherwise: str) -> str:
    """Return the request's `next` if it is on this site."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if is_local(request, url) else otherwise


def view_at(url: str) -> tuple[str, dict[str, Any]]:
    """Return the name and the arguments of the view at an address of this site, or "" and none."""
    try:
        match = resolve(urlsplit(url).path)
    except (Resolver404, ValueError):
        return "", {}
    return match.view_name, match.kwargs
