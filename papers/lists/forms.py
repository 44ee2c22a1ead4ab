"""What readers choose on the lists of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404

from common.numbers import whole_number
from papers import converters, topics

if TYPE_CHECKING:
    from django.http import HttpRequest

# Deeper pages are for programs, which read feeds; a reader narrows the list instead.
LAST_PAGE = 200


class JumpForm(forms.Form):
    date = forms.DateField(
        input_formats=["%Y-%m-%d"],
        validators=[
            MinValueValidator(converters.FIRST_DAY),
            MaxValueValidator(converters.LAST_DAY),
        ],
    )


def topic_code(request: HttpRequest) -> str:
    """Return the topic that a list is narrowed to, "" for none.

    What could be no topic is none: its text would be a key of the shared fragments.
    """
    text = request.GET.get("topic", "")
    return text if len(text) <= 32 and topics.SHAPE.fullmatch(text) else ""


def page_number(request: HttpRequest) -> int:
    """Return which page of a list is asked for. Raise Http404 for one that cannot be."""
    number = whole_number(request.GET.get("page", "1"))
    if number is None or not 1 <= number <= LAST_PAGE:
        raise Http404("No such page.")
    return number


def sort_of(request: HttpRequest) -> str:
    """Return "newest", or "" for a list's usual order."""
    return "newest" if request.GET.get("sort") == "newest" else ""
