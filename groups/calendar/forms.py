"""Forms for a member's calendar addresses."""

from __future__ import annotations

from django import forms


class CalendarForm(forms.Form):
    label = forms.CharField(
        label="Device or app",
        max_length=60,
        help_text="Only you see it. It tells you later which address to remove.",
        widget=forms.TextInput(attrs={"placeholder": "My phone", "autocomplete": "off"}),
    )
