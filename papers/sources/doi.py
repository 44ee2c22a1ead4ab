"""Papers known by their DOI alone, as Crossref describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from common.fetching import FetchLimits
from papers import dois
from papers.clients import crossref
from papers.sources.source import PaperSource, transport

if TYPE_CHECKING:
    from papers.clients.records import Batch

# Of ten a second, which Crossref allows to those who say whom to write to.
SECONDS_BETWEEN_REQUESTS = 0.2


class DoiSource(PaperSource):
    key = "doi"
    label = "DOI"
    service = "Crossref"
    # Printable ASCII. A paper's page here ends no DOI with a slash.
    id_pattern = r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[!-~]*[!-.0-~]"
    prefix = "doi/"

    def canonical(self, external_id: str) -> str:
        """Return it in lower case, as two that differ in case are the same."""
        return external_id.lower()

    def page_url(self, external_id: str) -> str:
        return dois.url_of(external_id)

    def look_up(self, external_id: str, *, max_wait: float, seconds: float) -> Batch:
        get = transport(
            "crossref",
            seconds=SECONDS_BETWEEN_REQUESTS,
            max_wait=max_wait,
            limits=FetchLimits(seconds=seconds),
        )
        return crossref.work(
            get, settings.CROSSREF_URL, doi=external_id, mailto=settings.CROSSREF_MAILTO
        )

    def unknown(self, external_id: str) -> str:
        return (
            f"arXiv and Crossref have no paper with the DOI {external_id}. "
            "Check that it is complete, or enter the paper’s arXiv id or OpenReview link."
        )


DOI = DoiSource()
