"""Form fields shared by all apps."""

from __future__ import annotations

from typing import Any

from django import forms

from common.text import tidy_lines


class LinesField(forms.CharField):
    """Plain text of several lines, tidied before its length is checked.

    Browsers send two characters for the end of a line; people and the database count one.
    """

    widget: type[forms.Widget] | forms.Widget = forms.Textarea
    default_error_messages = {
        "max_length": "Up to %(limit_value)d characters; this has %(show_value)d.",
    }

    def to_python(self, value: Any) -> str:
        text = tidy_lines(super().to_python(value) or "")
        return text.strip() if self.strip else text
