"""How Django's forms are rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms.renderers import DjangoTemplates

if TYPE_CHECKING:
    from django.http import HttpRequest


class FormRenderer(DjangoTemplates):
    """Render widgets with `data-limit` where Django writes `maxlength`.

    A browser silently cuts what is pasted at `maxlength`. With `data-limit`, octavo.js counts,
    and the server refuses what is too long and keeps it in the form.
    """

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        attrs = context.get("widget", {}).get("attrs", {})
        if "maxlength" in attrs:
            attrs["data-limit"] = attrs.pop("maxlength")
        return super().render(template_name, context, request)
