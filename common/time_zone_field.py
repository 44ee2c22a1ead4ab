"""The form field for a time zone: one searchable list for the whole site, and any zone as text."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from common import time_zones

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

MAX_LENGTH = 120


class TimeZoneInput(forms.TextInput):
    """A text with suggestions, which works without JavaScript."""

    # Browsers give it a button that clears it: suggestions are those that match its text.
    input_type = "search"

    def format_value(self, value: Any) -> str | None:
        text: str | None = super().format_value(value)
        if text and time_zones.is_time_zone(text):
            return time_zones.with_offset(text, timezone.now())
        return text

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        list_id = f"{(attrs or {}).get('id', name)}_zones"
        rendered = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        hour = timezone.now().astimezone(UTC).strftime("%Y-%m-%dT%H:00+00:00")
        return format_html('{}<datalist id="{}">{}</datalist>', rendered, list_id, _options(hour))


class TimeZoneField(forms.CharField):
    """A zone from the list, an alias of one, or the name, city or country that somebody typed.

    A zone that nobody touched stays as it was saved, also if the list lacks it.
    """

    widget = TimeZoneInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    default_error_messages = {
        "required": "Choose a time zone from the list.",
        "unknown": "“%(value)s” is not a time zone. Choose one from the list.",
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Time zone")
        options.setdefault(
            "help_text",
            "Clear the field and type a city or a country. Offsets are those of today.",
        )
        super().__init__(max_length=MAX_LENGTH, **options)
        self._saved = ""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self._saved = str(form.get_initial_for_field(self, field_name) or "")
        return super().get_bound_field(form, field_name)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not text:
            return ""
        found = time_zones.find(text)
        if found is None:
            raise forms.ValidationError(
                self.error_messages["unknown"], code="unknown", params={"value": text[:60]}
            )
        return found if found == self._saved else time_zones.canonical(found)


@functools.lru_cache(maxsize=2)
def _options(hour: str) -> SafeString:
    at = datetime.fromisoformat(hour)
    labels = ((zone.label(at),) for zone in time_zones.listed(at))
    return format_html_join("", '<option value="{}"></option>', labels)
