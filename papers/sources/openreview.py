"""OpenReview: submissions to conferences, by the address of their forum or by venue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from common.fetching import FetchLimits
from papers.clients import openreview
from papers.sources.source import PaperSource, transport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.clients.answers import Transport
    from papers.clients.records import Batch

# OpenReview states no rate for those who do not sign in.
SECONDS_BETWEEN_REQUESTS = 1.0
# A page of two hundred submissions.
WIRE_BYTES = 10 * 1024 * 1024


class OpenReviewSource(PaperSource):
    key = "openreview"
    label = "OpenReview"
    service = "OpenReview"
    id_pattern = r"[A-Za-z0-9_-]{5,64}"
    prefix = "openreview/"

    def page_url(self, external_id: str) -> str:
        return f"https://openreview.net/forum?id={external_id}"

    def look_up(self, external_id: str, *, max_wait: float, seconds: float) -> Batch:
        get = self._transport(max_wait=max_wait, seconds=seconds)
        return openreview.submission(get, settings.OPENREVIEW_URL, forum=external_id)

    def venue(self, venue_id: str) -> Iterator[Batch]:
        """Fetch the papers of a venue, page by page, or raise a `ClientError`."""
        get = self._transport(max_wait=60, seconds=30)
        return openreview.venue(get, settings.OPENREVIEW_URL, venue_id=venue_id)

    def unknown(self, external_id: str) -> str:
        return f"OpenReview has no public paper with the id {external_id}."

    def _transport(self, *, max_wait: float, seconds: float) -> Transport:
        return transport(
            "openreview",
            seconds=SECONDS_BETWEEN_REQUESTS,
            max_wait=max_wait,
            limits=FetchLimits(seconds=seconds, wire_bytes=WIRE_BYTES),
        )


OPENREVIEW = OpenReviewSource()
