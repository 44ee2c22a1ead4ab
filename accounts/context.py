"""Context processor for the reader's theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.settings.appearance import theme_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def reader(request: HttpRequest) -> dict[str, Any]:
    """Add the theme, for `<html data-theme>`."""
    return {"theme": theme_of(request) if hasattr(request, "user") else "system"}
