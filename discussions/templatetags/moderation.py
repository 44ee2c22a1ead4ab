"""The moderators' desk in templates."""

from __future__ import annotations

from django import template

from discussions.moderation import forms as moderation_forms
from discussions.moderation import page

register = template.Library()


@register.simple_tag
def open_items() -> int:
    """Count what waits for a moderator: one query, where the page asks for it."""
    return page.count_open().total


@register.filter
def reason_against(item: page.ReportedComment) -> str:
    """Suggest a public reason for an act against what was reported."""
    reasons = {str(key): words for key, words in moderation_forms.REASONS_AGAINST.items()}
    return next((reasons[each.reason] for each in item.reports if each.reason in reasons), "")
