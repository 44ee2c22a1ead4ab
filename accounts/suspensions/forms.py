"""The form for an appeal."""

from __future__ import annotations

from django import forms

from common.form_fields import LinesField

MAX_APPEAL = 2_000


class AppealForm(forms.Form):
    """A member's appeal against an act of the moderators."""

    text = LinesField(
        label="Your appeal",
        max_length=MAX_APPEAL,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=f"Up to {MAX_APPEAL:,} characters. A moderator will read it and answer once.",
    )
