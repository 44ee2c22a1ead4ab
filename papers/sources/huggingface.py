"""Hugging Face: its daily list of papers, which are arXiv's, with extras of its own."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from papers.clients import huggingface
from papers.sources.arxiv import ARXIV
from papers.sources.source import FeedDay, PaperFeed, transport

if TYPE_CHECKING:
    from datetime import date

    from common.fetching import Validators
    from papers.clients.records import Batch
    from papers.sources.source import Known

# 500 requests in 5 minutes are allowed; their own "wait" is kept to as well.
SECONDS_BETWEEN_REQUESTS = 0.1
# A longer wait is better spent on other work.
MAX_WAIT = 10.0


class HuggingFaceDaily(PaperFeed):
    key = "huggingface"
    label = "Hugging Face daily papers"
    service = "Hugging Face"
    of = ARXIV
    has_extras = True
    days_read_again = 14

    def day(self, day: date) -> FeedDay:
        midnight = datetime.combine(day, time(), UTC)
        return FeedDay(
            opens_at=midnight + timedelta(hours=1),
            # People still submit for a day in the hours after it, west of Greenwich.
            closes_at=midnight + timedelta(hours=27),
            should_bring_papers=day.weekday() < 5,
            grows=True,
        )

    def fetch_day(self, day: date, *, known: Known, validators: Validators | None = None) -> Batch:
        get = transport(
            "huggingface",
            seconds=SECONDS_BETWEEN_REQUESTS,
            max_wait=MAX_WAIT,
            validators=validators,
        )
        return huggingface.daily_papers(
            get, settings.HUGGINGFACE_URL, day=day, read_at=timezone.now()
        )


HUGGINGFACE_DAILY = HuggingFaceDaily()
