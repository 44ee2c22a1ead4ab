"""What a client hands on: frozen, checked, and free of any service's own shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """One author, in the order of the paper."""

    name: str
    is_hidden: bool = False
    # The author's account at the service, where one was claimed.
    username: str = ""
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    slug: str
    name: str
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A paper as one service tells of it.

    Empty and None mean "not said", never "there is none": an importer keeps what it
    already knows.
    """

    external_id: str  # without version, a DOI in lower case
    title: str
    source: str = "arxiv"
    version: int | None = None
    abstract: str = ""
    authors: tuple[AuthorRecord, ...] = ()
    published_at: datetime | None = None
    revised_at: datetime | None = None
    announced_on: date | None = None
    announce_type: str = ""  # new, cross, replace or replace-cross
    withdrawn: bool | None = None
    primary_category: str = ""
    categories: tuple[str, ...] = ()
    doi: str = ""
    comment: str = ""
    journal_ref: str = ""
    venue: str = ""
    work_type: str = ""  # as Crossref names types, "journal-article"
    license_url: str = ""
    pdf_url: str = ""
    code_url: str = ""
    project_url: str = ""
    stars: int | None = None
    thumbnail_url: str = ""
    media_urls: tuple[str, ...] = ()
    ai_summary: str = ""
    ai_keywords: tuple[str, ...] = ()
    ai_model: str = ""
    organization: OrganizationRecord | None = None
    submitted_by_name: str = ""


@dataclass(frozen=True, slots=True)
class SkippedEntry:
    """An entry left out, and why. `position` counts from 0 within the answer."""

    position: int
    external_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one call brought."""

    records: tuple[PaperRecord, ...] = ()
    skipped: tuple[SkippedEntry, ...] = ()
    missing: tuple[str, ...] = ()  # ids that were asked for and did not come
    deleted: tuple[str, ...] = ()  # ids that the service says are gone
    total: int | None = None  # how many there are in all, where the service says
    day: date | None = None  # the day that the answer says it is of
    not_modified: bool = False
    etag: str = ""
    last_modified: str = ""
