"""What every source is asked: a service that publishes papers, and a feed that lists a day's."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property, partial
from typing import TYPE_CHECKING

from django.conf import settings

from common.fetching import DEFAULT_LIMITS, FetchLimits, Validators, fetch
from common.pacing import pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime, tzinfo

    from papers.clients.answers import Transport
    from papers.clients.records import Batch

    # Returns those of the ids whose papers are here.
    Known = Callable[[Iterable[str]], frozenset[str]]


class PaperSource(ABC):
    """A service that publishes papers, and knows each by an id."""

    # As stored in Paper.source.
    key: str
    label: str
    # Who is asked for a paper, as sentences name it.
    service: str
    # The archive of preprints that it is, as references to its papers name it.
    archive = ""
    # Of an id without its version, as a regular expression without named groups.
    id_pattern: str
    # What stands before the id in the address of a paper's page here.
    prefix: str

    @property
    def address_pattern(self) -> str:
        """Match what names a paper in an address, in any spelling that `canonical` reads."""
        return f"{self.prefix}(?:{self.id_pattern})"

    @cached_property
    def _id(self) -> re.Pattern[str]:
        return re.compile(self.id_pattern, re.ASCII)

    def canonical(self, external_id: str) -> str:
        """Return the one spelling of an id."""
        return external_id

    def is_id(self, text: str) -> bool:
        return self._id.fullmatch(text) is not None

    @abstractmethod
    def page_url(self, external_id: str) -> str:
        """Return the address of the paper's page at the service."""

    @abstractmethod
    def look_up(self, external_id: str, *, max_wait: float, seconds: float) -> Batch:
        """Fetch one paper, waiting so long for our turn and for the answer."""

    @abstractmethod
    def unknown(self, external_id: str) -> str:
        """Say that the service does not know the paper."""

    def pdf_url(self, external_id: str) -> str:
        """Return the address of the full text, for a paper that came without one."""
        return ""


@dataclass(frozen=True, slots=True)
class FeedDay:
    """One day of one feed."""

    # From when it is worth asking, and from when on nothing will be added.
    opens_at: datetime
    closes_at: datetime
    # Whether an empty answer is a fault.
    should_bring_papers: bool
    # Whether the list grows while the day lasts.
    grows: bool

    @property
    def first_asked_at(self) -> datetime:
        """A day that brings nothing as a rule is asked for once, when it is over."""
        return self.opens_at if self.should_bring_papers else self.closes_at


class PaperFeed(ABC):
    """A list that a service publishes each day."""

    # As stored in ImportRun.source.
    key: str
    label: str
    # The service, as sentences name it.
    service: str
    # Whose papers it lists.
    of: PaperSource
    zone: tzinfo = UTC
    # Whether it tells of code, stars, organizations, thumbnails and summaries.
    has_extras = False
    # For how many days a day is asked for again, because its papers' numbers still grow.
    days_read_again = 0
    # Whether it tells only of papers that are here, so that it is asked since the first came.
    follows_papers = False

    @property
    def missing_setting(self) -> str:
        """Say what the operator has to set before the feed is read; "" if it is."""
        return ""

    def current_day(self, now: datetime) -> date:
        """The day that it is at the service."""
        return now.astimezone(self.zone).date()

    @abstractmethod
    def day(self, day: date) -> FeedDay:
        """Say when the day begins, ends, and whether it should bring something."""

    @abstractmethod
    def fetch_day(self, day: date, *, known: Known, validators: Validators | None = None) -> Batch:
        """Fetch one day, or raise a `ClientError`."""


def transport(
    name: str,
    *,
    seconds: float,
    max_wait: float,
    limits: FetchLimits = DEFAULT_LIMITS,
    validators: Validators | None = None,
) -> Transport:
    """Return what fetches addresses of one service, `seconds` apart, for this site."""
    return partial(
        fetch,
        conditional=validators,
        limits=limits,
        allowed_private_hosts=settings.FETCH_PRIVATE_HOSTS,
        pace=partial(pace, name, seconds=seconds, max_wait=max_wait),
    )
