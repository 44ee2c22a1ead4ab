"""Template tags for the moderators' desk."""

from __future__ import annotations

from django import template

from discussions.moderation import forms as moderation_forms
from discussions.moderation import page

register = template.Library()


@register.simple_tag
def open_items() -> int:
    """Count what is open for moderators: one query, only on pages that show it."""
    return page.count_open().total


@register.filter
def reason_against(item: page.ReportedComment) -> str:
    """Suggest a public reason for an act against what was reported."""
    reasons = {str(key): words for key, words in moderation_forms.REASONS_AGAINST.items()}
    return next((reasons[each.reason] for each in item.reports if each.reason in reasons), "")
