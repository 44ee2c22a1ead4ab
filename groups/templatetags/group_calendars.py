"""Links that put a meeting into a reader's calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from groups.calendar import links

if TYPE_CHECKING:
    from groups.calendar.links import Links
    from groups.schedule.models import Meeting

register = template.Library()


@register.simple_tag
def calendar_links(meeting: Meeting) -> Links:
    """Return where one meeting can be added: one query."""
    return links.adding(meeting)
