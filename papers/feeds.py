"""The clients, set up for this site: whose address, at what pace, within what limits."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from common.fetching import FetchLimits, Validators, fetch
from common.pacing import pace, postpone
from papers.clients import arxiv_api, arxiv_oai, arxiv_rss, huggingface
from papers.clients.errors import MalformedAnswerError, RateLimitedError
from papers.clients.records import Batch
from papers.feed_days import current_day, is_announcement_day, submission_window
from papers.models import ImportRun, Paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from papers.clients.answers import Transport

# 500 requests in 5 minutes are allowed; their own "wait" is kept to as well.
HUGGINGFACE_SECONDS_BETWEEN_REQUESTS = 0.1
# A longer wait is better spent on other work.
HUGGINGFACE_MAX_WAIT = 10.0
# A page of a thousand records with their abstracts.
ARXIV_WIRE_BYTES = 20 * 1024 * 1024
ARXIV_DECODED_BYTES = 60 * 1024 * 1024
PAGE = 500
# For how long nobody asks arXiv, when it says "too fast" and not until when.
ARXIV_REST_SECONDS = 30.0


@contextmanager
def _resting_when_told() -> Iterator[None]:
    """Let everybody leave arXiv alone for a while, when it asks for that.

    It does so under status 200 too, which the pace takes for an answer.
    """
    try:
        yield
    except RateLimitedError as error:
        postpone("arxiv", max(error.retry_after or 0.0, ARXIV_REST_SECONDS))
        raise


def day_of_feed(source: str, day: date, *, validators: Validators | None = None) -> Batch:
    """Fetch one day of one source, or raise a `ClientError`."""
    match source:
        case ImportRun.Source.HUGGINGFACE:
            get = _huggingface(validators=validators)
            return huggingface.daily_papers(get, settings.HUGGINGFACE_URL, day=day)
        case ImportRun.Source.ARXIV:
            return _announcements(day)
        case ImportRun.Source.ARXIV_CHANGES:
            return _changes(day)
        case _:
            raise ValueError(f"Nothing is known of the source {source!r}.")


@_resting_when_told()
def papers_by_id(ids: Iterable[str], *, max_wait: float = 60, seconds: float = 30) -> Batch:
    """Ask arXiv for papers. `max_wait` is for our turn, `seconds` for each answer."""
    get = _arxiv(max_wait=max_wait, seconds=seconds)
    return arxiv_api.by_ids(get, settings.ARXIV_API_URL, ids=ids)


@_resting_when_told()
def papers_by_doi(doi: str, *, max_wait: float = 60, seconds: float = 30) -> Batch:
    get = _arxiv(max_wait=max_wait, seconds=seconds)
    return arxiv_api.search_doi(get, settings.ARXIV_API_URL, doi=doi)


@_resting_when_told()
def _announcements(day: date) -> Batch:
    """What arXiv announced: from the feed while it is the day's, later by a search."""
    if day == current_day(ImportRun.Source.ARXIV, timezone.now()):
        return _announced_today(day)
    if not is_announcement_day(day):
        # A search would bring what the next mailing announces, and date it too early.
        return Batch(day=day)
    return _announced_before(day)


def _announced_today(day: date) -> Batch:
    batch = arxiv_rss.announcements(
        _arxiv(), settings.ARXIV_RSS_URL, categories=settings.ARXIV_CATEGORIES
    )
    if batch.records and batch.day and batch.day != day:
        # The feed changes at midnight or somewhat later; until then it is yesterday's.
        return Batch(day=batch.day)
    replaced = [each for each in batch.records if each.announce_type.startswith("replace")]
    known = known_ids(record.external_id for record in replaced)
    records = tuple(
        record
        for record in batch.records
        if record.external_id in known or not record.announce_type.startswith("replace")
    )
    return Batch(records, batch.skipped, day=day)


def _announced_before(day: date) -> Batch:
    since, until = submission_window(day)
    query = arxiv_api.submitted_between(since, until, categories=settings.ARXIV_CATEGORIES)
    found = Batch(day=day)
    while True:
        page = arxiv_api.search(
            _arxiv(),
            settings.ARXIV_API_URL,
            query=query,
            start=len(found.records) + len(found.skipped),
            max_results=PAGE,
        )
        records = tuple(replace(record, announced_on=day) for record in page.records)
        found = Batch(found.records + records, found.skipped + page.skipped, day=day)
        count = len(found.records) + len(found.skipped)
        if count >= (page.total or 0):
            return found
        if not page.records and not page.skipped:
            raise MalformedAnswerError(f"arXiv counts {page.total:,} papers and sent {count:,}.")


@_resting_when_told()
def _changes(day: date) -> Batch:
    """What changed, of the papers that we have: nobody asked for the others."""
    found = Batch(day=day)
    pages = arxiv_oai.changes(_arxiv(), settings.ARXIV_OAI_URL, since=day, until=day)
    for page in pages:
        ids = [record.external_id for record in page.records]
        known = known_ids(ids + [entry.external_id for entry in page.skipped])
        records = tuple(each for each in page.records if each.external_id in known)
        skipped = tuple(each for each in page.skipped if each.external_id in known)
        found = Batch(found.records + records, found.skipped + skipped, day=day)
    return found


def known_ids(ids: Iterable[str]) -> frozenset[str]:
    papers = Paper.objects.filter(source=Paper.Source.ARXIV, external_id__in=list(ids))
    return frozenset(papers.values_list("external_id", flat=True))


def _huggingface(*, validators: Validators | None) -> Transport:
    return partial(
        fetch,
        conditional=validators,
        allowed_private_hosts=settings.FETCH_PRIVATE_HOSTS,
        pace=partial(
            pace,
            "huggingface",
            seconds=HUGGINGFACE_SECONDS_BETWEEN_REQUESTS,
            max_wait=HUGGINGFACE_MAX_WAIT,
        ),
    )


def _arxiv(*, max_wait: float = 60, seconds: float = 30) -> Transport:
    limits = FetchLimits(
        seconds=seconds, wire_bytes=ARXIV_WIRE_BYTES, decoded_bytes=ARXIV_DECODED_BYTES
    )
    return partial(
        fetch,
        limits=limits,
        allowed_private_hosts=settings.FETCH_PRIVATE_HOSTS,
        pace=partial(
            pace, "arxiv", seconds=settings.ARXIV_SECONDS_BETWEEN_REQUESTS, max_wait=max_wait
        ),
    )
