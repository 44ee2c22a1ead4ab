"""What every page may show of its reader's news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import SimpleLazyObject

from discussions.notifications import page as notifications_page

if TYPE_CHECKING:
    from django.http import HttpRequest


def news(request: HttpRequest) -> dict[str, Any]:
    """Give templates `unread`; only a page that shows it asks the database."""
    return {"unread": SimpleLazyObject(lambda: notifications_page.unread_of(request.user))}
