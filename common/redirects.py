"""Where a request may be sent on to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.http import HttpRequest


def is_local(request: HttpRequest, url: str) -> bool:
    """Whether the address is a path on this very host, so that no link lures away."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def local_next(request: HttpRequest, *, otherwise: str) -> str:
    """Return the `next` that the request names, if it is ours."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if is_local(request, url) else otherwise
