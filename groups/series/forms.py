"""Forms for a series and its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from common.form_fields import LinesField
from groups.fields import LineField
from groups.schedule.forms import PapersField, day_field, link_field
from groups.series.series import MAX_PARTS, PartPlan
from papers.identifiers import MAX_LENGTH

if TYPE_CHECKING:
    from django.http import QueryDict

    from groups.series.models import Series

_MAX_TITLE, _MAX_EXTENT = 200, 80


class PartsField(LinesField):
    """Parts, one per line: a title, then optionally a bar and the extent."""

    widget = forms.Textarea(attrs={"rows": 8, "dir": "auto"})

    def clean(self, value: Any) -> list[PartPlan]:
        lines = (super().clean(value) or "").splitlines()
        parts = [_part(line) for line in lines if line.strip()]
        if len(parts) > MAX_PARTS:
            raise ValidationError(f"A series has {MAX_PARTS} parts at most.")
        return parts


def _part(line: str) -> PartPlan:
    title, _, extent = (each.strip() for each in line.partition("|"))
    if not title:
        raise ValidationError(f"“{line.strip()[:60]}” has no title before the bar.")
    if len(title) > _MAX_TITLE or len(extent) > _MAX_EXTENT:
        raise ValidationError(
            f"“{title[:60]}…” is too long: a title has {_MAX_TITLE} characters at most, "
            f"and what follows the bar {_MAX_EXTENT}."
        )
    return PartPlan(title, extent)


class SeriesForm(forms.Form):
    title = LineField(label="Title", max_length=300)
    paper = PapersField(
        label="Paper",
        max_length=MAX_LENGTH,
        required=False,
        help_text="For a long paper on this site: its arXiv id or address.",
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    url = link_field("Link", help_text="Where to find the book.")
    note = LinesField(
        label="Note",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    parts = PartsField(
        label="Parts",
        max_length=20_000,
        help_text="One per line, in reading order: “Groundwork | pp. 1 to 30”. Each gets a "
        "meeting.",
        error_messages={"required": "Enter at least one part, one per line."},
    )
    from_day = day_field(
        "Starting on",
        help_text="Skips cancelled meetings and those that already have a paper or a vote.",
    )

    def __init__(
        self, data: QueryDict | None = None, *, series: Series | None = None, **fields: Any
    ) -> None:
        super().__init__(data, initial=_initial(series), label_suffix="", **fields)

    def clean_paper(self) -> list[str]:
        given: list[str] = self.cleaned_data["paper"]
        if len(given) > 1:
            raise ValidationError("A series is about one paper.")
        return given


def _initial(series: Series | None) -> dict[str, Any]:
    today = timezone.localdate()
    if series is None:
        return {"from_day": today}
    parts = series.parts.order_by("position")
    return {
        "title": series.title,
        "paper": str(series.paper.ref) if series.paper else "",
        "url": series.url,
        "note": series.note,
        "parts": "\n".join(f"{each.title} | {each.extent}".rstrip(" |") for each in parts),
        "from_day": today,
    }
