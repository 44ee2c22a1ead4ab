"""ORCID iDs: sixteen digits that carry their own checksum."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from stdnum import isni
from stdnum.exceptions import ValidationError as InvalidNumber

PATTERN = r"^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$"
ADDRESS = "https://orcid.org/"


def normalize_orcid(text: str) -> str:
    """Return the iD in ORCID's notation, given the iD or its URL, or raise ValueError."""
    text = text.strip()
    if not text.isascii():
        raise ValueError("An ORCID iD contains only digits, hyphens and X.")
    for prefix in (
        ADDRESS,
        "http://orcid.org/",
        "https://www.orcid.org/",
        "orcid.org/",
    ):
        text = text.removeprefix(prefix)
    try:
        # ORCID iDs are a range of ISNIs, with the same checksum.
        digits = isni.validate(text)
    except InvalidNumber as error:
        raise ValueError("This is not a valid ORCID iD. Check the digits.") from error
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def validate_orcid(text: str) -> None:
    """Reject anything but an iD in ORCID's notation."""
    try:
        written = normalize_orcid(text)
    except ValueError as error:
        raise ValidationError(str(error), code="orcid") from error
    if written != text:
        raise ValidationError(f"Write the iD as {written}.", code="orcid_form")
