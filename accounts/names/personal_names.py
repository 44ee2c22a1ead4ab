"""Cleaning and validation of people's names, so that they cannot mislead readers."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError

from common.text import only_seen, without_piles


def tidy_full_name(text: str) -> str:
    """Return the name normalized (NFKC), without invisible characters, spaces collapsed."""
    folded = unicodedata.normalize("NFKC", text)
    # White space first: removing a tab or line break must not join two words.
    spaced = " ".join(folded.split())
    return " ".join(only_seen(spaced).split())


def validate_full_name(text: str) -> None:
    """Reject a name that is not tidy, or that stacks combining marks."""
    if tidy_full_name(text) != text:
        raise ValidationError("The name contains invisible characters. Remove them.", code="unseen")
    if without_piles(text) != text:
        raise ValidationError("The name has too many accents on one letter.", code="marks")
