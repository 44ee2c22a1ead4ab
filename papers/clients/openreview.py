"""OpenReview's API, version 2: a submission by its forum, and those of a venue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin

from pydantic import BaseModel, Field, ValidationError, field_validator

from common.tex.rendering import plain_name
from papers.clients.answers import (
    MAX_ENTRIES,
    EntryError,
    Transport,
    ask,
    bounded,
    parse_json,
    web_url,
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

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = "OpenReview"
# A page of a venue; the interface gives a thousand notes at most.
PAGE = 200
_WITHDRAWN = ("/Withdrawn_Submission", "/Desk_Rejected_Submission")


class _Content(BaseModel):
    """A submission's fields; each comes as {"value": …}, which may be null."""

    title: str | None = None
    abstract: str | None = None
    # Missing while a submission is anonymous.
    authors: list[str] | None = Field(default=None, max_length=MAX_AUTHORS)
    pdf: str | None = None
    venue: str | None = None
    venueid: str | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _unwrapped(cls, field: Any) -> Any:
        return field.get("value") if isinstance(field, dict) else field


class _Note(BaseModel):
    id: str
    forum: str
    content: _Content
    # Milliseconds since 1970: published, made public, created, modified.
    pdate: int | None = None
    odate: int | None = None
    cdate: int | None = None
    mdate: int | None = None


class _Answer(BaseModel):
    notes: list[Any] = Field(max_length=MAX_ENTRIES)
    count: int | None = None


def submission(get: Transport, base_url: str, *, forum: str) -> Batch:
    """Return the paper of a forum, whose other notes are its reviews and comments."""
    found = _notes(get, base_url, {"forum": forum})
    own = [note for note in found.notes if isinstance(note, dict) and note.get("id") == forum]
    return _batch(own, missing=() if own else (forum,))


def venue(get: Transport, base_url: str, *, venue_id: str) -> Iterator[Batch]:
    """Yield the papers that a venue, "ICLR.cc/2024/Conference", has accepted, page by page."""
    start = 0
    while True:
        query = {"content.venueid": venue_id, "limit": str(PAGE), "offset": str(start)}
        found = _notes(get, base_url, query)
        if found.notes:
            yield _batch(found.notes, total=found.count)
        start += len(found.notes)
        if not found.notes or (found.count is not None and start >= found.count):
            return


def _notes(get: Transport, base_url: str, query: dict[str, str]) -> _Answer:
    url = f"{base_url.rstrip('/')}/notes?{urlencode(query, safe='/')}"
    answer = parse_json(ask(get, url, service=SERVICE).body, service=SERVICE)
    try:
        return _Answer.model_validate(answer)
    except ValidationError as error:
        raise MalformedAnswerError(f"{SERVICE} sent something else than notes.") from error


def _batch(notes: list[Any], **said: Any) -> Batch:
    records: list[PaperRecord] = []
    skipped: list[SkippedEntry] = []
    for position, note in enumerate(notes):
        try:
            records.append(_record(_Note.model_validate(note)))
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"]))
            skipped.append(SkippedEntry(position, _claimed_id(note), f"{where} is wrong"))
        except EntryError as error:
            skipped.append(SkippedEntry(position, _claimed_id(note), str(error)))
    return Batch(tuple(records), tuple(skipped), **said)


def _claimed_id(note: Any) -> str:
    return str(note.get("id", ""))[:60] if isinstance(note, dict) else ""


def _record(note: _Note) -> PaperRecord:
    content = note.content
    return PaperRecord(
        source="openreview",
        external_id=note.forum,
        title=title_of(content.title or ""),
        abstract=abstract_of(content.abstract or ""),
        authors=tuple(each for each in map(_author, content.authors or []) if each.name),
        published_at=_moment(note.pdate or note.odate or note.cdate),
        revised_at=_moment(note.mdate),
        withdrawn=(content.venueid or "").endswith(_WITHDRAWN) or None,
        pdf_url=web_url(urljoin("https://openreview.net/", content.pdf)) if content.pdf else "",
        venue=short_text_of(content.venue or ""),
        work_type="proceedings-article",
    )


def _author(name: str) -> AuthorRecord:
    return AuthorRecord(plain_name(bounded(name, MAX_NAME, "name of an author")))


def _moment(milliseconds: int | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None
    except (ValueError, OverflowError, OSError):
        return None
