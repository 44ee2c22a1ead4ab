"""Forms for sections and reading progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from groups.meeting.progress.models import Progress
from groups.meeting.progress.progress import MAX_SECTIONS, MAX_TITLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from groups.meeting.progress.models import Section


class SectionsForm(forms.Form):
    """The sections of a reading, one on each line."""

    titles = forms.CharField(
        label="Sections",
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text="One per line, in reading order. Without sections, members only say whether "
        "they have started and finished.",
    )

    def clean_titles(self) -> list[str]:
        # An empty list would delete all sections and the comments' links to them.
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
    """A member's progress, and who sees it."""

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
    shares_progress = forms.BooleanField(label="Share my progress with the group", required=False)
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
