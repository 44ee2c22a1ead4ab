"""The form of the agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.forms import BaseFormSet, formset_factory

from common.numbers import whole_number
from groups.meeting.agenda.agenda import MAX_MINUTES, MAX_POINTS, MAX_TEXT, PlannedPoint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from django.http import QueryDict

    from groups.meeting.agenda.models import AgendaItem

# Limits the rows of a refused form, which may include added ones.
_MOST_ROWS = MAX_POINTS + 10


class PointForm(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Item",
        required=False,
        max_length=MAX_TEXT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    minutes = forms.IntegerField(
        label="Minutes",
        required=False,
        min_value=1,
        max_value=MAX_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("minutes") and "text" in said and not said["text"]:
            self.add_error("text", "Describe this item, or remove the line.")
        if said.get("text") and "minutes" in said and not said["minutes"]:
            self.add_error("minutes", "Enter how many minutes it takes.")


_PointFormSet = formset_factory(PointForm, extra=0, max_num=_MOST_ROWS, absolute_max=_MOST_ROWS)


class AgendaForm:
    """The lines of an agenda, submitted together.

    The buttons that move, remove and add lines submit it too: they render it again and save
    nothing.
    """

    def __init__(self, formset: BaseFormSet[PointForm]) -> None:
        self.formset = formset

    @classmethod
    def of_items(cls, items: Sequence[AgendaItem]) -> AgendaForm:
        rows: list[dict[str, Any]] = [
            {"pk": item.pk, "text": item.text, "minutes": item.minutes} for item in items
        ]
        return cls._of_rows([*rows, *({} for _ in range(1 if rows else 3))])

    @classmethod
    def of_sent(cls, data: QueryDict) -> AgendaForm:
        return cls(_PointFormSet(data, prefix="points"))

    @classmethod
    def _of_rows(cls, rows: list[dict[str, Any]]) -> AgendaForm:
        return cls(_PointFormSet(initial=rows, prefix="points"))

    def changed(self, act: str) -> AgendaForm:
        """Return the form after "add", "up:2", "down:2" or "remove:2"; nothing is saved."""
        rows = [{name: form[name].value() for name in form.fields} for form in self.formset]
        verb, _, where = act.partition(":")
        at = int(where) if where.isascii() and where.isdigit() and len(where) < 4 else -1
        if verb == "add" and len(rows) < MAX_POINTS:
            rows.append({})
        elif 0 <= at < len(rows):
            if verb == "remove":
                rows.pop(at)
            to = at + {"up": -1, "down": 1}.get(verb, 0)
            if verb in {"up", "down"} and 0 <= to < len(rows):
                rows[at], rows[to] = rows[to], rows[at]
        return self._of_rows(rows)

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    @property
    def points(self) -> list[PlannedPoint]:
        # Unchanged rows have no cleaned data.
        said = [form.cleaned_data for form in self.formset]
        written = [each for each in said if each.get("text")]
        return [PlannedPoint(each["text"], each["minutes"], each["pk"]) for each in written]

    @property
    def total_minutes(self) -> int:
        values = [str(form["minutes"].value() or "") for form in self.formset]
        return sum(whole_number(each, digits=4) or 0 for each in values)
