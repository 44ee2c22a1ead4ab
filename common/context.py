"""What every page may show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the site's own name, and whether this is a developer's copy."""
    return {"site_name": settings.SITE_NAME, "development": settings.DEVELOPMENT}
