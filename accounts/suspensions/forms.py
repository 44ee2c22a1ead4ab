"""The form for an appeal."""

from __future__ import annotations

from django import forms

from common.form_fields import LinesField


class AppealForm(forms.Form):
    """A member's appeal against an act of the moderators."""

    text = LinesField(
        label="Your appeal",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Up to 2,000 characters. A moderator will read it and answer once.",
    )
