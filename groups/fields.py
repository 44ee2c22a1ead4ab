"""Form fields shared by groups: names, addresses, single-line text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.text import tidy_line
from discussions.comments import rendering
from discussions.markdown import comment_text
from groups import naming


class LineField(forms.CharField):
    """A line of text, tidied before its length is checked."""

    def to_python(self, value: Any) -> str:
        return tidy_line(super().to_python(value) or "")


class TextField(forms.CharField):
    """Markdown, with the same rules as comments."""

    def __init__(self, **fields: Any) -> None:
        attrs = {"rows": 6, "data-limit": comment_text.MAX_LENGTH, "dir": "auto"}
        widget = forms.Textarea(attrs=attrs)
        super().__init__(required=False, strip=False, widget=widget, **fields)

    def clean(self, value: Any) -> str:
        text = (super().clean(value) or "").replace("\r\n", "\n")
        if not text.strip():
            return ""
        try:
            rendering.render(text)
        except comment_text.TextError as error:
            raise ValidationError(str(error)) from error
        return text


def name_field() -> LineField:
    return LineField(label="Name", max_length=80, min_length=3, widget=_line("off"))


def slug_field(*, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label="Address",
        max_length=naming.MAX_LENGTH,
        required=False,
        help_text=help_text or "If empty, it is made from the name. It cannot be changed later.",
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


def clean_slug(form: forms.Form) -> str:
    """Return the submitted address, or one made from the name."""
    slug: str = form.cleaned_data.get("slug", "").strip().lower()
    if slug:
        naming.validate_slug(slug)
        return slug
    suggested = naming.slug_from(form.cleaned_data.get("name", ""))
    if not suggested and "name" in form.cleaned_data:
        raise ValidationError("No address can be made from this name. Enter one.")
    return suggested


def _line(autocomplete: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, "dir": "auto"})
