"""Records checked and laid out as rows, before any of them meets the database."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from papers.clients.records import PaperRecord, reason_of
from papers.models import Author
from papers.sources import PAPER_SOURCES

if TYPE_CHECKING:
    from datetime import date


LEAD_AUTHORS = 3
_MAX_SLUG = Author._meta.get_field("slug").max_length  # noqa: SLF001 - Django's documented API
_RECORDS = TypeAdapter(PaperRecord)

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
    """Check the record, or raise `UnfitRecordError`."""
    source = PAPER_SOURCES.get(record.source)
    if source is None:
        raise UnfitRecordError(f"comes from an unknown source, {record.source[:20]!r}")
    if not source.is_id(record.external_id):
        raise UnfitRecordError(f"has no {source.label} id")
    try:
        fitting = _RECORDS.validate_python(record)
    except ValidationError as error:
        raise UnfitRecordError(reason_of(error)) from error
    if not fitting.primary_category:
        fitting = replace(fitting, primary_category=next(iter(fitting.categories), ""))
    # Who is hidden at the service was put into the list by mistake, or asked not to be
    # there. arXiv's own list follows when the paper is completed.
    names = [author.name for author in fitting.authors if not author.is_hidden]
    # arXiv lists the colon of "The X Collaboration: A. Uno" as an author of its own.
    named = [name for name in names if any(map(str.isalnum, name))]
    authors = tuple(AuthorRow(slug=author_slug(name), name=name) for name in named)
    return PaperRow(record=fitting, day=announced_on or fitting.announced_on, authors=authors)


def author_slug(name: str) -> str:
    """Fold case, accents and punctuation, so that spellings of one name meet."""
    if not name.isascii():
        name = _COMBINING_ACCENT.sub("", unicodedata.normalize("NFKD", name.casefold()))
        name = unicodedata.normalize("NFC", name).translate(_PLAIN)
    slug = _NOT_IN_A_SLUG.sub("-", name.casefold()).strip("-")
    if not slug:
        digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
        return f"author-{digest[:10]}"
    return slug[:_MAX_SLUG]
