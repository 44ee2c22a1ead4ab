"""The sections that other apps show beside every list of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts import contributions
from common.remembering import shared

if TYPE_CHECKING:
    from accounts.models import User


def rail_of(reader: User | AnonymousUser) -> SafeString:
    """Render the sections as the reader may see them: three queries, with those of all apps."""
    found = [(section.find(reader), section.template) for section in contributions.list_sections()]
    return SafeString(
        "".join(
            render_to_string(template, {"found": each, "user": reader})
            for each, template in found
            if each
        )
    )


@shared
def rail_for_visitors() -> SafeString:
    """Render the sections as every visitor sees them."""
    return rail_of(AnonymousUser())
