"""Where `/papers?q=…` leads: to the paper that the query names, or to the search."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import Resolver404, resolve, reverse

from papers.identifiers import IdentifierError, parse_identifier
from papers.models import Paper
from papers.sources import PAPER_SOURCES, Ref

_SEARCH = "/search"


def url_of_query(query: str) -> str:
    """Return where a query leads, "" where there is no search: at most one query."""
    return _url_of_paper(query) or _url_of_search(query)


def _url_of_paper(text: str) -> str:
    """Return the page of the paper that the text names, which may only offer to add it."""
    try:
        identifier = parse_identifier(text)
    except IdentifierError:
        return ""
    paper = Paper.objects.named(identifier).only("source", "external_id").first()
    if paper:
        return paper.get_absolute_url()
    ref = Ref(identifier.source, identifier.id)
    if not PAPER_SOURCES[ref.source].is_id(ref.external_id):
        return ""
    return reverse("discussions:paper_page", args=[ref])


def _url_of_search(query: str) -> str:
    try:
        resolve(_SEARCH)
    except Resolver404:
        return ""
    return f"{_SEARCH}?{urlencode({'q': query})}"
