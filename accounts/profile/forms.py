"""The profile form."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.names import personal_names
from accounts.profile import orcids
from common.form_fields import LinesField
from common.text import UNWANTED


class LinksField(forms.CharField):
    """A field of URLs, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "inputmode": "url", "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = super().clean(value).split()
        if len(lines) > User.MAX_LINKS:
            raise ValidationError(f"At most {User.MAX_LINKS} links are allowed.", code="too_many")
        return list(dict.fromkeys(_clean_link(line) for line in lines))


class ProfileForm(forms.Form):
    full_name = forms.CharField(
        label="Name",
        max_length=200,
        required=False,
        help_text="As on your papers. If empty, your username is shown.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    biography = LinesField(
        label="About you",
        max_length=User.MAX_BIOGRAPHY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Up to {User.MAX_BIOGRAPHY} characters of plain text.",
    )
    links = LinksField(
        label="Links",
        required=False,
        help_text=f"Up to {User.MAX_LINKS}, one per line, each starting with https://",
    )
    orcid = forms.CharField(
        label="ORCID iD",
        max_length=60,
        required=False,
        help_text="Sixteen digits, or the full address of your ORCID record.",
        widget=forms.TextInput(attrs={"inputmode": "text", "spellcheck": "false"}),
    )

    shows_votes = forms.BooleanField(
        label="Show my name among the people who voted for a paper",
        required=False,
        help_text="Your votes count either way.",
    )

    def clean(self) -> dict[str, Any]:
        """Reject an incomplete submission: missing fields would be saved as empty."""
        # A browser leaves out a box that is not ticked.
        if any(name not in self.data for name in self.fields if name != "shows_votes"):
            raise ValidationError("Part of the form was lost on the way. Send it again.")
        return self.cleaned_data

    def clean_full_name(self) -> str:
        name = personal_names.tidy_full_name(self.cleaned_data["full_name"])
        if len(name) > 100:
            raise ValidationError("Use at most 100 characters.", code="max_length")
        personal_names.validate_full_name(name)
        return name

    def clean_orcid(self) -> str:
        text = self.cleaned_data["orcid"]
        if not text:
            return ""
        try:
            return orcids.normalize_orcid(text)
        except ValueError as error:
            raise ValidationError(str(error), code="orcid") from error


def _clean_link(line: str) -> str:
    if not line.lower().startswith("https://"):
        raise ValidationError(f"{line[:60]} does not start with https://", code="scheme")
    link: str = forms.URLField(max_length=300, assume_scheme="https").clean(line)
    # "https://arxiv.org@elsewhere.example" leads elsewhere.
    if "@" in urlsplit(link).netloc or UNWANTED.search(link):
        raise ValidationError(f"{line[:60]} does not show where it leads.", code="misleading")
    return link
