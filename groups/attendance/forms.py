"""Forms for answers, check-in, attendance and the survey."""

from __future__ import annotations

from typing import Any

from django import forms

from common.form_fields import LinesField
from common.numbers import whole_number
from groups.attendance.models import SurveyAnswer
from groups.defaults import Attending

SAY = "Choose whether you will attend."


class RsvpForm(forms.Form):
    """A member's answer to one meeting; "none" removes it."""

    NONE = "none"

    answer = forms.ChoiceField(
        choices=[*Attending.choices, (NONE, "Nothing")],
        error_messages={"required": SAY, "invalid_choice": SAY},
    )

    @property
    def word(self) -> str:
        given = str(self.cleaned_data["answer"])
        return "" if given == self.NONE else given


class CheckInForm(forms.Form):
    HERE, AWAY = "yes", "no"

    here = forms.ChoiceField(
        choices=[(HERE, "Check in"), (AWAY, "Undo check-in")],
        error_messages={"required": "Choose whether to check in."},
    )


class SurveyForm(forms.Form):
    """An answer to the survey after a meeting."""

    answer = forms.ChoiceField(
        choices=SurveyAnswer.Answer,
        error_messages={
            "required": "Choose an answer.",
            "invalid_choice": "Choose one of the answers.",
        },
    )
    words = LinesField(
        label="Your comments",
        max_length=SurveyAnswer.MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class AttendanceForm(forms.Form):
    """Who is marked as attending, and who was when the page was shown."""

    came = forms.CharField(required=False)
    noted = forms.CharField(required=False, max_length=20_000)

    def clean(self) -> dict[str, Any]:
        data = self.data
        marked = data.getlist("came") if hasattr(data, "getlist") else []
        noted = self.cleaned_data.get("noted", "").split(",")
        return {"came": _ids(marked), "noted": _ids(noted)}


def _ids(values: list[str]) -> list[int]:
    numbers = (whole_number(value.strip()) for value in values)
    return [number for number in numbers if number is not None]
