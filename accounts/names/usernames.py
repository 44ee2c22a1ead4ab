"""Validation of usernames, and detection of look-alikes."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db.models import CharField, Func, Value
from django.db.models.functions import Lower, Replace

MIN_LENGTH = 3
MAX_LENGTH = 30
PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{2,29}$"

# Only pairs that look alike in a sans-serif font: each further pair rejects honest names. Names
# are ASCII, so look-alikes from other scripts never reach this table.
SEPARATORS = ("_", "-")
PAIRS = (("rn", "m"), ("vv", "w"))
SINGLES = ("01i5", "olls")


def username_key(username: str) -> str:
    """Return a key that look-alike names share. `key_expression` does the same in SQL."""
    key = username.lower()
    for separator in SEPARATORS:
        key = key.replace(separator, "")
    for pair, letter in PAIRS:
        key = key.replace(pair, letter)
    return key.translate(str.maketrans(*SINGLES))


def key_expression() -> Func:
    """Return the database expression that computes `username_key`."""
    expression: Func = Lower("username")
    for separator in SEPARATORS:
        expression = Replace(expression, Value(separator), Value(""))
    for pair, letter in PAIRS:
        expression = Replace(expression, Value(pair), Value(letter))
    return Func(
        expression,
        Value(SINGLES[0]),
        Value(SINGLES[1]),
        function="TRANSLATE",
        output_field=CharField(max_length=MAX_LENGTH),
    )


def validate_username(username: str) -> None:
    """Reject a username of the wrong form."""
    if not re.fullmatch(PATTERN.strip("^$"), username):
        raise ValidationError(
            "Use 3 to 30 letters (a to z), digits, _ or -, and start with a letter.",
            code="username_shape",
        )
