"""What readers type and choose on the pages of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404

from common.numbers import whole_number
from papers import converters, identifiers, queries, topics
from papers.models import Paper

if TYPE_CHECKING:
    from django.http import HttpRequest


class JumpForm(forms.Form):
    date = forms.DateField(
        input_formats=["%Y-%m-%d"],
        validators=[
            MinValueValidator(converters.FIRST_DAY),
            MaxValueValidator(converters.LAST_DAY),
        ],
    )


class SubmitForm(forms.Form):
    """An identifier, or any address or text that holds one."""

    text = forms.CharField(
        label="arXiv id, DOI or address",
        max_length=500,
        error_messages={"required": "Give an arXiv id, a DOI or an address that holds one."},
    )


class ExampleForm(forms.Form):
    """Which paper the explanation of trending takes as its example."""

    paper = forms.CharField(label="arXiv id or address", max_length=500)

    def clean_paper(self) -> Paper:
        try:
            found = identifiers.parse_identifier(self.cleaned_data["paper"])
        except identifiers.IdentifierError as error:
            raise forms.ValidationError(str(error)) from error
        if not isinstance(found, identifiers.ArxivId):
            raise forms.ValidationError("Give an arXiv id.")
        paper = Paper.objects.select_related("tally").filter(external_id=found.id).first()
        if paper is None:
            raise forms.ValidationError("This paper is not here.")
        return paper


def topic_code(request: HttpRequest) -> str:
    """Return the topic that a list is narrowed to, "" for none.

    What could be no topic is none: its text would be a key of the shared fragments.
    """
    text = request.GET.get("topic", "")
    return text if len(text) <= 32 and topics.SHAPE.fullmatch(text) else ""


def page_number(request: HttpRequest) -> int:
    """Return which page of a list is asked for. Raise Http404 for one that cannot be."""
    number = whole_number(request.GET.get("page", "1"))
    if number is None or not 1 <= number <= queries.LAST_PAGE:
        raise Http404("No such page.")
    return number
