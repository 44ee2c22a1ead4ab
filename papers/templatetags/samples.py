"""The line about sample data."""

from __future__ import annotations

from django import template
from django.conf import settings

from papers.seeding.notice import SampleData, sample_data

register = template.Library()


@register.inclusion_tag("papers/_sample_data.html")
def sample_data_note() -> dict[str, SampleData]:
    """Say which data is invented. Only where `make start` runs: production has no samples."""
    return {"data": sample_data() if settings.DEBUG else SampleData(is_shown=False)}
