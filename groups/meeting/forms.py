"""What members type for a meeting: a question, the agenda, the sections to read."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django import forms
from django.forms import BaseFormSet, formset_factory

from common.numbers import whole_number
from groups.meeting.agenda.agenda import MAX_MINUTES, MAX_POINTS, MAX_TEXT, Point
from groups.meeting.progress.models import Progress
from groups.meeting.progress.progress import MAX_SECTIONS, MAX_TITLE
from groups.meeting.questions.questions import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from django.http import QueryDict

    from groups.meeting.agenda.models import AgendaItem
    from groups.meeting.progress.models import Section

NO_KEY = "Something is missing from the form. Press Ask again."
# A refused form may come back with rows that were added, and no more.
_MOST_ROWS = MAX_POINTS + 10


class QuestionForm(forms.Form):
    """A question for a meeting; organisers may put it as a prompt."""

    text = forms.CharField(
        label="Your question",
        strip=False,
        max_length=MAX_LENGTH,
        error_messages={
            "required": "Write a question first.",
            "max_length": f"A question can have up to {MAX_LENGTH:,} characters.",
        },
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_LENGTH, "dir": "auto"}),
    )
    section = forms.TypedChoiceField(label="About", required=False, coerce=int, empty_value=None)
    is_prompt = forms.BooleanField(label="Show as a discussion prompt", required=False)
    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": NO_KEY, "invalid": NO_KEY}
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        sections: Sequence[Section],
        may_prompt: bool,
    ) -> None:
        start = {"key": uuid.uuid4()}
        super().__init__(data, initial=start, auto_id="ask-%s", label_suffix="")
        if sections:
            choices = [(each.pk, f"{each.position}. {each.title}") for each in sections]
            self.fields["section"].choices = [("", "All of it"), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["section"]
        if not may_prompt:
            del self.fields["is_prompt"]

    def take_new_key(self) -> None:
        """Let the next press ask anew."""
        self.data = {**self.data, "key": str(uuid.uuid4())}


class PointForm(forms.Form):
    """One line of the agenda."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Point",
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
    """The lines of an agenda, which are sent as a whole.

    The buttons that move, remove and add lines send it too: they show it anew and save nothing.
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
    def points(self) -> list[Point]:
        # A line that was left alone has nothing cleaned.
        said = [form.cleaned_data for form in self.formset]
        written = [each for each in said if each.get("text")]
        return [Point(each["text"], each["minutes"], each["pk"]) for each in written]

    @property
    def total_minutes(self) -> int:
        values = [str(form["minutes"].value() or "") for form in self.formset]
        return sum(whole_number(each, digits=4) or 0 for each in values)


class SectionsForm(forms.Form):
    """What is read, one section on each line."""

    titles = forms.CharField(
        label="Sections",
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text="One per line, in reading order. Without sections, members only say whether "
        "they have started and finished.",
    )

    def clean_titles(self) -> list[str]:
        # None at all would take away every section, with what was said of it.
        if "titles" not in self.data:
            raise forms.ValidationError("The text is missing from the form. Nothing was changed.")
        lines = [line.strip() for line in self.cleaned_data["titles"].splitlines()]
        titles = [line for line in lines if line]
        if len(titles) > MAX_SECTIONS:
            raise forms.ValidationError(
                f"There can be up to {MAX_SECTIONS} sections, and you entered {len(titles)}."
            )
        for title in titles:
            if len(title) > MAX_TITLE:
                raise forms.ValidationError(
                    f"A title can have up to {MAX_TITLE} characters. Shorten: {title[:60]}…"
                )
        return titles


class ProgressForm(forms.Form):
    """How far a member is, and what becomes of it."""

    state = forms.ChoiceField(
        label="How far are you?",
        choices=[("none", "Not started"), *Progress.State.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how far you are."},
    )
    sections = forms.TypedMultipleChoiceField(
        label="Sections you have read",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    shares_progress = forms.BooleanField(label="Show the group how far I have read", required=False)
    folds_ahead = forms.BooleanField(
        label="Hide comments on sections I haven’t read", required=False
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        sections: Sequence[Section],
        start: Mapping[str, object],
    ) -> None:
        super().__init__(data, initial=dict(start), auto_id="progress-%s", label_suffix="")
        if sections:
            choices = [(each.pk, f"{each.position}. {each.title}") for each in sections]
            self.fields["sections"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["sections"]
            del self.fields["folds_ahead"]
