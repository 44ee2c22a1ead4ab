"""Links that put a meeting into a reader's calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from groups.calendars import links

if TYPE_CHECKING:
    from groups.calendars.links import Links
    from groups.models import Meeting

register = template.Library()


@register.simple_tag
def calendar_links(meeting: Meeting) -> Links:
    """Return where one meeting can be added: one query."""
    return links.adding(meeting)
