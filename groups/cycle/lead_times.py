"""Lead times of reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from common.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_TIMES = 4
HOUR, DAY = 60, 24 * 60
OFFERED = (7 * DAY, 3 * DAY, 2 * DAY, DAY, 3 * HOUR, HOUR, 15)
_UNITS = ((7 * DAY, "week"), (DAY, "day"), (HOUR, "hour"), (1, "minute"))


class LeadTimesField(forms.TypedMultipleChoiceField):
    """Up to four lead times, in minutes."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(
            coerce=int,
            choices=[(minutes, in_words(minutes).capitalize()) for minutes in OFFERED],
            widget=forms.CheckboxSelectMultiple,
            help_text=f"Up to {MAX_TIMES}.",
            **fields,
        )

    def offer(self, minutes: Iterable[int]) -> None:
        """Add the current choices to the offered ones."""
        offered = sorted({*OFFERED, *minutes}, reverse=True)
        self.choices = [(each, in_words(each).capitalize()) for each in offered]

    def clean(self, value: Any) -> list[int]:
        minutes: list[int] = super().clean(value)
        if len(minutes) > MAX_TIMES:
            raise ValidationError(f"Choose {MAX_TIMES} at most.")
        return sorted(minutes, reverse=True)


def in_words(minutes: int) -> str:
    """Return a lead time in words: "a day before", "3 hours before"."""
    size, unit = next((size, unit) for size, unit in _UNITS if minutes % size == 0)
    count = minutes // size
    if count == 1:
        return f"{'an' if unit == 'hour' else 'a'} {unit} before"
    return f"{count} {unit}s before"


def described(minutes: Iterable[int]) -> str:
    return listed([in_words(each) for each in sorted(minutes, reverse=True)])
