"""Valid addresses of groups."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.text import slugify

MAX_LENGTH = 40
_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# Taken by pages at the same level.
RESERVED = frozenset({"about", "feed", "import", "invitation", "mine", "new", "search", "settings"})


def validate_slug(slug: str) -> None:
    """Refuse an address that is invalid or reserved."""
    if not 3 <= len(slug) <= MAX_LENGTH or not _PATTERN.fullmatch(slug):
        raise ValidationError(
            "Use 3 to 40 lowercase letters, digits and single hyphens, such as long-context-club."
        )
    if slug in RESERVED:
        raise ValidationError("This address is taken by a page of the site. Choose another.")


def slug_from(name: str) -> str:
    """Suggest an address from a name; "" when the name has no letters for one."""
    slug = slugify(name)[:MAX_LENGTH].strip("-")
    return slug if len(slug) >= 3 and slug not in RESERVED else ""
