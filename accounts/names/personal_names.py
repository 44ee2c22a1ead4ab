"""People's names, kept from misleading the reader."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError

# Control, format (zero-width and bidirectional marks), surrogate, private use,
# unassigned, line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters by category, and yet blank on the screen.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d")
# More marks on one letter than any living script needs spill over the lines around.
_MARKS_ON_A_LETTER = 4


def tidy_full_name(text: str) -> str:
    """Return the name composed (NFKC), without unseen characters, spaces folded."""
    folded = unicodedata.normalize("NFKC", text)
    # White space first: a tab or a line break between two words must not glue them.
    spaced = " ".join(folded.split())
    return " ".join("".join(letter for letter in spaced if _is_seen(letter)).split())


def validate_full_name(text: str) -> None:
    """Refuse a name that is not tidy, or that stacks marks."""
    if tidy_full_name(text) != text:
        raise ValidationError("The name holds characters that cannot be seen.", code="unseen")
    run = 0
    for letter in text:
        run = run + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        if run > _MARKS_ON_A_LETTER:
            raise ValidationError("The name stacks too many marks.", code="marks")


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSEEN and letter not in _BLANK
