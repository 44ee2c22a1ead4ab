"""Records checked and laid out as rows, before any of them meets the database."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from papers.models import Author, Authorship, Organization, Paper
from papers.sources import PAPER_SOURCES
from papers.topics import SHAPE as CATEGORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from papers.clients.records import OrganizationRecord, PaperRecord

LEAD_AUTHORS = 3
MAX_TEXT = 100_000
MAX_AUTHORS = 20_000
_MAX_INT = 2**31 - 1
_MAX_SMALL_INT = 2**15 - 1

MAX_URL = 500
_ORGANIZATION_SLUG = re.compile(r"[\w-][\w.-]*")
_COMBINING_ACCENT = re.compile("[\u0300-\u036f]")
_NOT_IN_A_SLUG = re.compile(r"[\W_]+")
# Letters that Unicode does not take apart into a plain one and an accent.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


class UnfitRecordError(Exception):
    """The record cannot become a row. The message is the reason to show."""


@dataclass(frozen=True, slots=True)
class AuthorRow:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A record that fits its columns."""

    record: PaperRecord
    day: date | None
    authors: tuple[AuthorRow, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.record.source, self.record.external_id

    @property
    def rank(self) -> tuple[int, int, int]:
        """Which of two rows for one paper says more of it."""
        record = self.record
        day = self.day.toordinal() if self.day else 0
        return record.version or 0, day, len(record.abstract) + len(self.authors)

    @property
    def authors_digest(self) -> str:
        if not self.authors:
            return ""
        names = "\n".join(author.name for author in self.authors)
        return hashlib.md5(names.encode(), usedforsecurity=False).hexdigest()

    @property
    def is_complete(self) -> bool:
        """Whether the source told what only arXiv itself can tell."""
        return self.record.version is not None and bool(self.record.categories)


def paper_row(record: PaperRecord, *, announced_on: date | None) -> PaperRow:
    """Check the record against the columns, or raise `UnfitRecordError`."""
    _check_texts(record)
    _check_numbers(record)
    # arXiv lists MSC and ACM classes among its categories.
    categories = tuple(filter(None, map(_category, dict.fromkeys(record.categories))))
    fitting = replace(
        record,
        primary_category=_category(record.primary_category) or next(iter(categories), ""),
        categories=categories,
        venue=_decoration(record.venue, _length_of(Paper, "venue")),
        work_type=_decoration(record.work_type, _length_of(Paper, "work_type")),
        pdf_url=_link(record.pdf_url),
        code_url=_link(record.code_url),
        project_url=_link(record.project_url),
        thumbnail_url=_link(record.thumbnail_url),
        media_urls=tuple(filter(None, map(_link, record.media_urls))),
        ai_summary=_decoration(record.ai_summary),
        ai_keywords=tuple(filter(None, map(_decoration, record.ai_keywords))),
        ai_model=_decoration(record.ai_model, _length_of(Paper, "ai_model")),
        organization=_organization(record.organization),
    )
    day = announced_on or record.announced_on
    return PaperRow(record=fitting, day=day, authors=tuple(_author_rows(record)))


def author_slug(name: str) -> str:
    """Fold case, accents and punctuation, so that spellings of one name meet."""
    if not name.isascii():
        name = _COMBINING_ACCENT.sub("", unicodedata.normalize("NFKD", name.casefold()))
        name = unicodedata.normalize("NFC", name).translate(_PLAIN)
    slug = _NOT_IN_A_SLUG.sub("-", name.casefold()).strip("-")
    if not slug:
        digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
        return f"author-{digest[:10]}"
    return slug[: _length_of(Author, "slug")]


def _author_rows(record: PaperRecord) -> Iterator[AuthorRow]:
    # Who is hidden at the service was put into the list by mistake, or asked not to be
    # there. arXiv's own list follows when the paper is completed.
    names = [author.name.strip() for author in record.authors if not author.is_hidden]
    if len(names) > MAX_AUTHORS:
        raise UnfitRecordError(f"has {len(names)} authors")
    for name in names:
        if len(name) > _length_of(Authorship, "name"):
            raise UnfitRecordError(f"has an author's name of {len(name)} characters")
        if name:
            yield AuthorRow(slug=author_slug(name), name=name)


def _check_texts(record: PaperRecord) -> None:
    source = PAPER_SOURCES.get(record.source)
    if source is None:
        raise UnfitRecordError(f"comes from an unknown source, {record.source[:20]!r}")
    if not source.is_id(record.external_id):
        raise UnfitRecordError(f"has no {source.label} id")
    if not record.title.strip():
        raise UnfitRecordError("has no title")
    _check_length("a title", record.title, MAX_TEXT)
    _check_length("an abstract", record.abstract, MAX_TEXT)
    _check_length("a DOI", record.doi, _length_of(Paper, "doi"))
    _check_characters(record)


def _check_length(what: str, value: str, limit: int) -> None:
    if len(value) > limit:
        raise UnfitRecordError(f"has {what} of {len(value)} characters")


# What decorates a paper is left out where it does not fit, and the paper stays.


def _link(url: str) -> str:
    return url if len(url) <= MAX_URL and url.startswith(("https://", "http://")) else ""


def _decoration(text: str, limit: int = MAX_TEXT) -> str:
    return text if len(text) <= limit else ""


def _organization(organization: OrganizationRecord | None) -> OrganizationRecord | None:
    """Leave out one without an address of its own: a slash would end it, a dot leave it."""
    if organization is None:
        return None
    slug, name = organization.slug, organization.name
    fits = len(slug) <= _length_of(Organization, "slug") and len(name) <= _length_of(
        Organization, "name"
    )
    return organization if fits and _ORGANIZATION_SLUG.fullmatch(slug) else None


def _category(code: str) -> str:
    fits = len(code) <= _length_of(Paper, "primary_category") and CATEGORY.fullmatch(code)
    return code if fits else ""


def _check_characters(record: PaperRecord) -> None:
    """Refuse what Postgres does not store: NUL, and halves of a character."""
    text = "".join(
        [
            record.title,
            record.abstract,
            record.doi,
            record.venue,
            record.work_type,
            record.ai_summary,
            record.ai_model,
            *record.ai_keywords,
            record.code_url,
            record.project_url,
            record.pdf_url,
            record.thumbnail_url,
            *record.media_urls,
            *(author.name for author in record.authors),
            *((record.organization.slug, record.organization.name) if record.organization else ()),
        ]
    )
    if "\0" in text:
        raise UnfitRecordError("holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnfitRecordError("holds half a character") from None


def _check_numbers(record: PaperRecord) -> None:
    if record.version is not None and not 1 <= record.version <= _MAX_SMALL_INT:
        raise UnfitRecordError(f"has an impossible version, {record.version}")
    if record.stars is not None and not 0 <= record.stars <= _MAX_INT:
        raise UnfitRecordError(f"has an impossible number of stars, {record.stars}")


def _length_of(model: type, name: str) -> int:
    return _LENGTHS[model, name]


_LENGTHS: dict[tuple[type, str], int] = {
    (model, field.name): field.max_length
    for model in (Author, Authorship, Organization, Paper)
    for field in model._meta.concrete_fields  # noqa: SLF001 - Django's documented API
    if field.max_length is not None
}
