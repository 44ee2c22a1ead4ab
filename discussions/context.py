"""Context processor for the reader's unread notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import SimpleLazyObject

from discussions.notifications import page as notifications_page

if TYPE_CHECKING:
    from django.http import HttpRequest


def news(request: HttpRequest) -> dict[str, Any]:
    """Add `unread`, which queries the database only if the page shows it."""
    return {"unread": SimpleLazyObject(lambda: notifications_page.unread_of(request.user))}
