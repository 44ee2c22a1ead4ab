"""Context processor for the site's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Add the site's name and whether it runs in development."""
    return {"site_name": settings.SITE_NAME, "development": settings.DEVELOPMENT}
