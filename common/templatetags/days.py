"""Today, for addresses that hold a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import date

register = template.Library()


@register.simple_tag
def today() -> date:
    """Return the reader's today, for `{% url "papers:week_list" day %}`."""
    return timezone.localdate()
