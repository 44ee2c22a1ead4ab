"""What a client hands on: frozen, and free of any service's own shape.

The types say what fits the columns. A client fills a record as it comes, and the import
checks it, once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003 - read by pydantic
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from papers import dois
from papers.topics import SHAPE as CATEGORY

# In no answer of an honest service; the longest known are a tenth of it.
MAX_TITLE = 2_000
MAX_ABSTRACT = 50_000
MAX_SHORT_TEXT = 2_000
MAX_NAME = 200
MAX_AUTHORS = 10_000
MAX_URL = 500
_MAX_INT = 2**31 - 1
_MAX_SMALL_INT = 2**15 - 1

_ORGANIZATION_SLUG = re.compile(r"[\w-][\w.-]*")


def _without_nul(text: str) -> str:
    """Refuse what Postgres does not store. Pydantic itself refuses half a character."""
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


def _link(url: str) -> str:
    is_web = url.startswith(("https://", "http://"))
    return _without_nul(url) if is_web and len(url) <= MAX_URL else ""


def _category(code: str) -> str:
    """Leave out the MSC and ACM classes that arXiv lists among its categories."""
    return code if len(code) <= 32 and CATEGORY.fullmatch(code) else ""


def _slug(text: str) -> str:
    """Refuse what could not end an address: a slash would end it, a dot leave it."""
    if not _ORGANIZATION_SLUG.fullmatch(text):
        raise ValueError("is no slug")
    return text


def _filled(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))


def otherwise(default: object) -> WrapValidator:
    """Put a default where a value does not fit: a bad decoration does not cost the paper."""

    def validate(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError:
            return default

    return WrapValidator(validate)


def reason_of(error: ValidationError) -> str:
    """Say what is wrong with the first thing that does not fit."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


Text = Annotated[str, AfterValidator(_without_nul)]
Decoration = Annotated[
    str, StringConstraints(max_length=MAX_SHORT_TEXT), AfterValidator(_without_nul), otherwise("")
]
Link = Annotated[str, AfterValidator(_link), otherwise("")]
Category = Annotated[str, AfterValidator(_category)]
# A number that is malformed, negative or too large is treated as missing.
Count = Annotated[int | None, Field(ge=0, le=_MAX_INT), otherwise(None)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=MAX_NAME),
    AfterValidator(_without_nul),
]


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """One author, in the order of the paper."""

    name: Name
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    slug: Annotated[str, StringConstraints(max_length=100), AfterValidator(_slug)]
    name: Annotated[str, StringConstraints(max_length=200), AfterValidator(_without_nul)]


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """One version, and when it was submitted."""

    number: Annotated[int, Field(ge=1, le=_MAX_SMALL_INT)]
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class SignalsRecord:
    """The votes and comments of a paper at another service, and when they were read."""

    read_at: datetime
    votes: Count = None
    comments: Count = None


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A paper as one service tells of it.

    Empty and None mean "not said", never "there is none": an importer keeps what it
    already knows.
    """

    __pydantic_config__ = ConfigDict(revalidate_instances="always")

    external_id: Text  # without version, a DOI in lower case
    title: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TITLE),
        AfterValidator(_without_nul),
    ]
    source: str = "arxiv"
    version: Annotated[int | None, Field(ge=1, le=_MAX_SMALL_INT)] = None
    # The versions that the service dates: all, or the first and the latest.
    versions: Annotated[tuple[VersionRecord, ...], otherwise(())] = ()
    abstract: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=MAX_ABSTRACT),
        AfterValidator(_without_nul),
    ] = ""
    authors: Annotated[tuple[AuthorRecord, ...], Field(max_length=MAX_AUTHORS)] = ()
    published_at: datetime | None = None
    revised_at: datetime | None = None
    announced_on: date | None = None
    announce_type: str = ""  # new, cross, replace or replace-cross
    withdrawn: bool | None = None
    primary_category: Category = ""
    categories: Annotated[tuple[Category, ...], AfterValidator(_filled)] = ()
    doi: Annotated[
        str, StringConstraints(max_length=dois.MAX_LENGTH), AfterValidator(_without_nul)
    ] = ""
    venue: Annotated[
        str, StringConstraints(max_length=300), AfterValidator(_without_nul), otherwise("")
    ] = ""
    # As Crossref names types: "journal-article".
    work_type: Annotated[
        str, StringConstraints(max_length=40), AfterValidator(_without_nul), otherwise("")
    ] = ""
    pdf_url: Link = ""
    code_url: Link = ""
    project_url: Link = ""
    stars: Count = None
    thumbnail_url: Link = ""
    media_urls: Annotated[tuple[Link, ...], AfterValidator(_filled)] = ()
    ai_summary: Decoration = ""
    ai_keywords: Annotated[tuple[Decoration, ...], AfterValidator(_filled)] = ()
    ai_model: Annotated[Decoration, StringConstraints(max_length=120), otherwise("")] = ""
    organization: Annotated[OrganizationRecord | None, otherwise(None)] = None
    # Who put the paper on the feed's list, by name.
    listed_by: Annotated[Name, otherwise("")] = ""
    signals: Annotated[SignalsRecord | None, otherwise(None)] = None


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
