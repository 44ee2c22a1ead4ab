"""Forms and query parameters of the lists of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404

from common.numbers import whole_number
from papers import converters, topics

if TYPE_CHECKING:
    from django.http import HttpRequest

# Only programs read further, and they can use feeds; a reader filters the list instead.
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
    """Return the topic by which a list is filtered, "" for none.

    An impossible topic counts as none, because it would become a key of the shared fragments.
    """
    text = request.GET.get("topic", "")
    return text if len(text) <= 32 and topics.SHAPE.fullmatch(text) else ""


def page_number(request: HttpRequest) -> int:
    """Return the requested page of a list. Raise Http404 for an impossible one."""
    number = whole_number(request.GET.get("page", "1"))
    if number is None or not 1 <= number <= LAST_PAGE:
        raise Http404("No such page.")
    return number


def sort_of(request: HttpRequest) -> str:
    """Return "newest", or "" for a list's usual order."""
    return "newest" if request.GET.get("sort") == "newest" else ""
