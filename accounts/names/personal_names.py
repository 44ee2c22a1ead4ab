"""People's names, kept from misleading the reader."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError

from common.text import only_seen, without_piles


def tidy_full_name(text: str) -> str:
    """Return the name composed (NFKC), without unseen characters, spaces folded."""
    folded = unicodedata.normalize("NFKC", text)
    # White space first: a tab or a line break between two words must not glue them.
    spaced = " ".join(folded.split())
    return " ".join(only_seen(spaced).split())


def validate_full_name(text: str) -> None:
    """Refuse a name that is not tidy, or that stacks marks."""
    if tidy_full_name(text) != text:
        raise ValidationError("The name holds characters that cannot be seen.", code="unseen")
    if without_piles(text) != text:
        raise ValidationError("The name stacks too many marks.", code="marks")
