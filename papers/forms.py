"""What readers type and choose on the pages of papers."""

from __future__ import annotations

from django import forms

from papers import identifiers
from papers.models import Paper


class SubmitForm(forms.Form):
    """An identifier, or any address or text that holds one."""

    text = forms.CharField(
        label="arXiv id, DOI or link",
        # Addresses of publishers are long, and a browser would cut them without a word.
        max_length=identifiers.MAX_LENGTH,
        error_messages={"required": "Enter an arXiv id, a DOI or a link to a paper."},
    )


class ExampleForm(forms.Form):
    """Which paper the explanation of trending takes as its example."""

    paper = forms.CharField(label="arXiv id, DOI or link", max_length=identifiers.MAX_LENGTH)

    def clean_paper(self) -> Paper:
        try:
            found = identifiers.parse_identifier(self.cleaned_data["paper"])
        except identifiers.IdentifierError as error:
            raise forms.ValidationError(str(error)) from error
        paper = Paper.objects.select_related("tally").named(found).first()
        if paper is None:
            raise forms.ValidationError("This paper is not on this site.")
        return paper
