"""The form that asks a question."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django import forms

from common.form_fields import LinesField
from groups.meeting.questions.questions import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

    from groups.meeting.progress.models import Section

NO_KEY = "Something is missing from the form. Press Ask again."


class QuestionForm(forms.Form):
    """A question for a meeting; organisers may mark it as a prompt."""

    text = LinesField(
        label="Your question",
        strip=False,
        max_length=MAX_LENGTH,
        error_messages={
            "required": "Write a question first.",
            "max_length": f"A question can have up to {MAX_LENGTH:,} characters.",
        },
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
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
            self.fields["section"].choices = [("", "The whole paper"), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["section"]
        if not may_prompt:
            del self.fields["is_prompt"]

    def take_new_key(self) -> None:
        """Set a new key, so that the next submission is a new question."""
        self.data = {**self.data, "key": str(uuid.uuid4())}
