"""Crossref's REST API: what is known of a DOI that publishers registered there."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field, ValidationError

from common.tex.rendering import plain_name
from common.text import tidy_line
from papers.clients.answers import (
    EntryError,
    Transport,
    ask,
    bounded,
    parse_json,
)
from papers.clients.arxiv_texts import abstract_of, short_text_of, title_of
from papers.clients.errors import MalformedAnswerError
from papers.clients.records import (
    MAX_AUTHORS,
    MAX_NAME,
    AuthorRecord,
    Batch,
    PaperRecord,
    SkippedEntry,
)

SERVICE = "Crossref"

_HEADING = re.compile(r"<(jats:)?title>\s*(abstract|summary)[\s:.]*</(jats:)?title>", re.IGNORECASE)
# A formula often comes twice, in MathML and in TeX; the TeX is what we render.
_MATHML = re.compile(
    r"<mml:math\b.*?</mml:math>(?=\s*<jats:tex-math)|(?<=</jats:tex-math>)\s*<mml:math\b.*?</mml:math>",
    re.DOTALL,
)
_BLOCK_END = re.compile(r"</(jats:)?(p|title|sec|list-item|disp-formula)>|<(jats:)?break\s*/>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)


class _Author(BaseModel):
    given: str | None = None
    family: str | None = None
    # An organization has a name instead.
    name: str | None = None


class _Date(BaseModel):
    # [[2019, 7, 25]]; the day and the month may be missing, and an unknown date is [[null]].
    date_parts: list[list[int | None]] = Field(default=[], alias="date-parts")


class _Work(BaseModel):
    DOI: str
    type: str = ""
    title: list[str] = []
    author: list[_Author] = Field(default=[], max_length=MAX_AUTHORS)
    container_title: list[str] = Field(default=[], alias="container-title")
    issued: _Date = _Date()
    abstract: str = ""


class _Answer(BaseModel):
    message: _Work


def work(get: Transport, base_url: str, *, doi: str, mailto: str = "") -> Batch:
    """Return the work that a DOI names. `mailto` is whom Crossref writes to if we disturb.

    Raises NotFoundError where Crossref does not know it.
    """
    url = f"{base_url.rstrip('/')}/works/{quote(doi, safe='/')}"
    if mailto:
        url += f"?{urlencode({'mailto': mailto})}"
    found = _read(parse_json(ask(get, url, service=SERVICE).body, service=SERVICE))
    try:
        return Batch(records=(_record(found, doi),))
    except EntryError as error:
        return Batch(skipped=(SkippedEntry(0, doi, str(error)),))


def _read(answer: Any) -> _Work:
    try:
        return _Answer.model_validate(answer).message
    except ValidationError as error:
        raise MalformedAnswerError(f"{SERVICE} sent something else than a work.") from error


def _record(found: _Work, doi: str) -> PaperRecord:
    return PaperRecord(
        source="doi",
        external_id=doi,
        doi=doi,
        title=title_of(jats_text(found.title[0] if found.title else "")),
        abstract=abstract_of(jats_text(found.abstract)),
        authors=tuple(each for each in map(_author, found.author) if each.name),
        published_at=_moment(found.issued),
        venue=short_text_of(jats_text(found.container_title[0] if found.container_title else "")),
        work_type=found.type[:40],
    )


def _author(author: _Author) -> AuthorRecord:
    name = author.name or " ".join(filter(None, [author.given, author.family]))
    return AuthorRecord(plain_name(bounded(name, MAX_NAME, "name of an author")))


def _moment(issued: _Date) -> datetime | None:
    """Read a date that may be a year alone, which then begins it."""
    parts = [part for part in (issued.date_parts or [[]])[0] if part is not None]
    try:
        year, month, day = (*parts, 1, 1)[:3] if parts else (0, 0, 0)
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def jats_text(markup: str) -> str:
    """Write JATS, the XML of publishers, as plain text with formulas in TeX.

    It comes as a fragment whose prefixes nobody declared, and often is no XML at all.
    """
    text = _MATHML.sub("", _HEADING.sub("", markup))
    text = _TAG.sub("", _BLOCK_END.sub(" ", text))
    return tidy_line(html.unescape(text))
