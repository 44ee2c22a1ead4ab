"""The form of the minutes."""

from __future__ import annotations

from django import forms


class MinutesForm(forms.Form):
    """The text of the minutes, and the version on which it is based.

    Its template renders the fields by hand, also on pages without the form.
    """

    # Not stripped: leading spaces make a code block. The domain checks the length.
    text = forms.CharField(required=False, strip=False)
    base_version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        error_messages={
            "required": "Something is missing from the form. Copy your text and reload the page."
        },
    )
