"""What members type for the minutes."""

from __future__ import annotations

from django import forms


class MinutesForm(forms.Form):
    """The minutes as they are typed, and the version that they were written on.

    Its template writes the fields itself, on pages that know no form as well.
    """

    # Not stripped: spaces that a text begins with make a block of code. Its length is the
    # domain's to judge.
    text = forms.CharField(required=False, strip=False)
    base_version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        error_messages={
            "required": "Something is missing from the form. Copy your text and reload the page."
        },
    )
