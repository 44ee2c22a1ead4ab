"""Relative times in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from common.relative_times import told_time

if TYPE_CHECKING:
    from datetime import datetime

register = template.Library()


@register.filter
def ago(at: datetime) -> str:
    """Format a moment: "3 hours ago", "Nov 20", "Nov 20, 2024"."""
    now = timezone.localtime()
    age = int((now - at).total_seconds())
    return told_time(timezone.localtime(at), age=age, year=now.year)
