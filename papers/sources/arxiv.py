"""arXiv: preprints, announced on working days, searched by id and by DOI."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from common.fetching import FetchLimits
from common.pacing import postpone
from papers.clients import arxiv_api, arxiv_oai, arxiv_rss
from papers.clients.errors import MalformedAnswerError, RateLimitedError
from papers.clients.records import Batch
from papers.sources.arxiv_days import ARXIV_ZONE, is_announcement_day, submission_window
from papers.sources.source import FeedDay, PaperFeed, PaperSource, transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from common.fetching import Validators
    from papers.clients.answers import Transport
    from papers.sources.source import Known

# A page of a thousand records with their abstracts.
WIRE_BYTES = 20 * 1024 * 1024
DECODED_BYTES = 60 * 1024 * 1024
PAGE = 500
# For how long nobody asks arXiv, when it says "too fast" and not until when.
REST_SECONDS = 30.0


@contextmanager
def _resting_when_told() -> Iterator[None]:
    """Let everybody leave arXiv alone for a while, when it asks for that.

    It does so under status 200 too, which the pace takes for an answer.
    """
    try:
        yield
    except RateLimitedError as error:
        postpone("arxiv", max(error.retry_after or 0.0, REST_SECONDS))
        raise


def _arxiv(*, max_wait: float = 60, seconds: float = 30) -> Transport:
    return transport(
        "arxiv",
        seconds=settings.ARXIV_SECONDS_BETWEEN_REQUESTS,
        max_wait=max_wait,
        limits=FetchLimits(seconds=seconds, wire_bytes=WIRE_BYTES, decoded_bytes=DECODED_BYTES),
    )


class ArxivSource(PaperSource):
    key = "arxiv"
    label = "arXiv"
    service = "arXiv"
    archive = "arXiv"
    # New or old style: "2401.12345", "hep-th/9901001".
    id_pattern = r"[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}"
    prefix = ""
    # Old ids also with their subject, and in any case: "cond-mat.str-el/9801001", "math.GT/…".
    address_pattern = r"[0-9]{4}\.[0-9]{4,5}|[A-Za-z-]+(?:\.[A-Za-z-]+)?/[0-9]{7}"

    def canonical(self, external_id: str) -> str:
        """Leave out the subject of an old id, which is not part of it."""
        archive, slash, number = external_id.partition("/")
        return f"{archive.partition('.')[0].lower()}/{number}" if slash else external_id

    def page_url(self, external_id: str) -> str:
        return f"https://arxiv.org/abs/{external_id}"

    def pdf_url(self, external_id: str) -> str:
        return f"https://arxiv.org/pdf/{external_id}"

    def look_up(self, external_id: str, *, max_wait: float, seconds: float) -> Batch:
        return self.by_ids([external_id], max_wait=max_wait, seconds=seconds)

    def unknown(self, external_id: str) -> str:
        return f"arXiv has no paper {external_id}. If it is from today, try again tomorrow."

    @_resting_when_told()
    def by_ids(self, ids: Iterable[str], *, max_wait: float = 60, seconds: float = 30) -> Batch:
        """Ask for papers. `max_wait` is for our turn, `seconds` for each answer."""
        get = _arxiv(max_wait=max_wait, seconds=seconds)
        return arxiv_api.by_ids(get, settings.ARXIV_API_URL, ids=ids)

    @_resting_when_told()
    def by_doi(self, doi: str, *, max_wait: float = 60, seconds: float = 30) -> Batch:
        """Ask for the papers whose authors gave this DOI of the published version."""
        get = _arxiv(max_wait=max_wait, seconds=seconds)
        return arxiv_api.search_doi(get, settings.ARXIV_API_URL, doi=doi)


ARXIV = ArxivSource()


class ArxivAnnouncements(PaperFeed):
    """What arXiv announced: from the feed while it is the day's, later by a search."""

    key = "arxiv"
    label = "arXiv announcements"
    service = "arXiv"
    of = ARXIV
    zone = ARXIV_ZONE

    @property
    def missing_setting(self) -> str:
        if settings.ARXIV_CATEGORIES:
            return ""
        return "Name the categories to import in ARXIV_CATEGORIES, as cs.CL,cs.LG."

    def day(self, day: date) -> FeedDay:
        midnight = datetime.combine(day, time(), ARXIV_ZONE)
        next_midnight = datetime.combine(day + timedelta(days=1), time(), ARXIV_ZONE)
        return FeedDay(
            opens_at=midnight + timedelta(minutes=30),
            closes_at=next_midnight,
            should_bring_papers=is_announcement_day(day),
            grows=False,
        )

    @_resting_when_told()
    def fetch_day(self, day: date, *, known: Known, validators: Validators | None = None) -> Batch:
        if day == self.current_day(timezone.now()):
            return _announced_today(day, known)
        if not is_announcement_day(day):
            # A search would bring what the next mailing announces, and date it too early.
            return Batch(day=day)
        return _announced_before(day)


def _announced_today(day: date, known: Known) -> Batch:
    batch = arxiv_rss.announcements(
        _arxiv(), settings.ARXIV_RSS_URL, categories=settings.ARXIV_CATEGORIES
    )
    if batch.records and batch.day and batch.day != day:
        # The feed changes at midnight or somewhat later; until then it is yesterday's.
        return Batch(day=batch.day)
    replaced = [each for each in batch.records if each.announce_type.startswith("replace")]
    here = known(record.external_id for record in replaced)
    records = tuple(
        record
        for record in batch.records
        if record.external_id in here or not record.announce_type.startswith("replace")
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


class ArxivChanges(PaperFeed):
    """What changed, of the papers that we have: nobody asked for the others."""

    key = "arxiv-changes"
    label = "arXiv versions and withdrawals"
    service = "arXiv"
    of = ARXIV
    follows_papers = True

    def day(self, day: date) -> FeedDay:
        # The night's changes are published at about 22:30 in New York.
        over_at = datetime.combine(day + timedelta(days=1), time(5), UTC)
        return FeedDay(opens_at=over_at, closes_at=over_at, should_bring_papers=False, grows=False)

    @_resting_when_told()
    def fetch_day(self, day: date, *, known: Known, validators: Validators | None = None) -> Batch:
        found = Batch(day=day)
        pages = arxiv_oai.changes(_arxiv(), settings.ARXIV_OAI_URL, since=day, until=day)
        for page in pages:
            ids = [record.external_id for record in page.records]
            here = known(ids + [entry.external_id for entry in page.skipped])
            records = tuple(each for each in page.records if each.external_id in here)
            skipped = tuple(each for each in page.skipped if each.external_id in here)
            found = Batch(found.records + records, found.skipped + skipped, day=day)
        return found


ARXIV_ANNOUNCEMENTS = ArxivAnnouncements()
ARXIV_CHANGES = ArxivChanges()
