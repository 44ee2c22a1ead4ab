"""The daily papers of Hugging Face.

The entries grew fields over the years and kept the old ones in odd places; all
generations since 2024 are read here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from common.tex.rendering import plain_name
from papers.clients.answers import (
    MAX_ENTRIES,
    EntryError,
    Transport,
    ask,
    parse_json,
    parse_moment,
    web_url,
)
from papers.clients.arxiv_texts import abstract_of, short_text_of, title_of
from papers.clients.errors import MalformedAnswerError
from papers.clients.records import (
    MAX_AUTHORS,
    MAX_NAME,
    AuthorRecord,
    Batch,
    Count,
    OrganizationRecord,
    PaperRecord,
    SignalsRecord,
    SkippedEntry,
    otherwise,
    reason_of,
)
from papers.identifiers import IdentifierError, parse_arxiv_id

if TYPE_CHECKING:
    from datetime import date, datetime

SERVICE = "Hugging Face"
# The most that one page of the list holds; days have had up to 90 papers.
PAGE = 100
MAX_PAGES = 20
MAX_MEDIA = 20
MAX_KEYWORDS = 50


class _Told(BaseModel):
    """A part of an answer. Unknown fields are left out, and types are not converted."""

    model_config = ConfigDict(strict=True)


# "Not said" is written as null and as an absent field.
_Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
_Name = Annotated[str, StringConstraints(max_length=MAX_NAME)]
# What decorates a paper: of the wrong type it is left out, and the paper stays.
_Decoration = Annotated[str, otherwise("")]
_Url = Annotated[str, BeforeValidator(web_url)]


def _listed(value: Any) -> list[Any]:
    return value[:MAX_MEDIA] if isinstance(value, list) else [value]


_Urls = Annotated[list[_Url], BeforeValidator(_listed)]


class _Author(_Told):
    name: _Name
    hidden: Annotated[bool, otherwise(default=False)] = False


class _Organization(_Told):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    fullname: _Decoration = ""


class _Member(_Told):
    fullname: _Decoration = ""
    name: _Decoration = ""


_Submitter = Annotated[_Member | None, otherwise(None)]


class _Paper(_Told):
    id: str
    title: _Text = ""
    summary: _Text = ""
    authors: Annotated[list[_Author] | None, Field(max_length=MAX_AUTHORS)] = None
    published_at: _Text = Field("", alias="publishedAt")
    withdrawn_at: _Decoration = Field("", alias="withdrawnAt")
    repository: _Url = Field("", alias="githubRepo")
    project: _Url = Field("", alias="projectPage")
    stars: Count = Field(None, alias="githubStars")
    upvotes: Count = None
    submitter: _Submitter = Field(None, alias="submittedOnDailyBy")
    thumbnail: _Url = ""
    media: _Urls = Field([], alias="mediaUrls")
    ai_summary: _Decoration = ""
    ai_model: _Decoration = Field("", alias="ai_summary_model")
    ai_keywords: Annotated[list[_Decoration], otherwise([])] = []
    organization: Annotated[_Organization | None, otherwise(None)] = None


class _Entry(_Told):
    """What older answers say of the entry and newer ones of the paper."""

    paper: _Paper
    title: _Text = ""
    summary: _Text = ""
    thumbnail: _Url = ""
    media: _Urls = Field([], alias="mediaUrls")
    one_medium: _Url = Field("", alias="mediaUrl")
    organization: Annotated[_Organization | None, otherwise(None)] = None
    comments: Count = Field(None, alias="numComments")
    submitter: _Submitter = Field(None, alias="submittedBy")


def daily_papers(get: Transport, base_url: str, *, day: date, read_at: datetime) -> Batch:
    """The papers submitted for one day, in the order of the answer.

    `read_at` is the moment of the answer: votes and comments are as of then.
    """
    seen: set[str] = set()
    batch = Batch(day=day)
    for page in range(MAX_PAGES):
        query = {"date": day.isoformat(), "limit": PAGE} | ({"p": page} if page else {})
        url = f"{base_url.rstrip('/')}/api/daily_papers?{urlencode(query)}"
        answer = ask(get, url, service=SERVICE)
        if answer.not_modified:
            # The validators are the first page's; a later one is as it was.
            return replace(batch, not_modified=page == 0)
        entries = _entries(parse_json(answer.body, service=SERVICE))
        known = len(seen)
        records, skipped = _read(entries, day, read_at, seen, is_first=page == 0)
        batch = replace(
            batch,
            records=batch.records + records,
            skipped=batch.skipped + skipped,
            etag=batch.etag or answer.etag,
            last_modified=batch.last_modified or answer.last_modified,
        )
        # A mirror that knows no pages sends the same day again.
        if len(entries) != PAGE or len(seen) == known:
            break
    return batch


def _entries(answer: object) -> list[object]:
    match answer:
        case {"error": str(error)}:
            raise MalformedAnswerError(f"{SERVICE} says: {error[:200]}")
        case list() if len(answer) <= MAX_ENTRIES:
            return answer
        case list():
            raise MalformedAnswerError(f"{SERVICE} sent {len(answer):,} entries.")
    raise MalformedAnswerError(f"{SERVICE} sent something else than a list.")


def _read(
    entries: list[object], day: date, read_at: datetime, seen: set[str], *, is_first: bool
) -> tuple[tuple[PaperRecord, ...], tuple[SkippedEntry, ...]]:
    records: list[PaperRecord] = []
    skipped: list[SkippedEntry] = []
    for position, entry in enumerate(entries):
        try:
            record = _record(_Entry.model_validate(entry), day, read_at)
        except ValidationError as error:
            skipped.append(SkippedEntry(position, _claimed_id(entry), reason_of(error)))
            continue
        except (EntryError, IdentifierError) as error:
            skipped.append(SkippedEntry(position, _claimed_id(entry), str(error)))
            continue
        if record.external_id not in seen:
            seen.add(record.external_id)
            records.append(record)
        elif is_first:
            reason = "the same paper came before"
            skipped.append(SkippedEntry(position, record.external_id, reason))
    return tuple(records), tuple(skipped)


def _claimed_id(entry: object) -> str:
    match entry:
        case {"paper": {"id": str(claimed)}}:
            return claimed[:60]
    return ""


def _record(entry: _Entry, day: date, read_at: datetime) -> PaperRecord:
    paper = entry.paper
    # Without the version, even where the id names one: the texts are copies in which formulas
    # have lost their dollars, and arXiv's own of any version stand above them.
    external_id = parse_arxiv_id(paper.id.strip()).id
    media = [*entry.media, *paper.media, entry.one_medium]
    keywords = [short_text_of(each[:100]) for each in paper.ai_keywords[:MAX_KEYWORDS]]
    return PaperRecord(
        external_id=external_id,
        title=title_of(paper.title or entry.title),
        abstract=abstract_of(paper.summary or entry.summary),
        authors=_authors(paper.authors or []),
        published_at=parse_moment(paper.published_at) if paper.published_at else None,
        announced_on=day,
        withdrawn=True if paper.withdrawn_at else None,
        code_url=paper.repository,
        project_url=paper.project,
        stars=paper.stars,
        thumbnail_url=entry.thumbnail or paper.thumbnail,
        media_urls=tuple(dict.fromkeys(filter(None, media))),
        ai_summary=short_text_of(paper.ai_summary),
        ai_keywords=tuple(dict.fromkeys(filter(None, keywords))),
        ai_model=short_text_of(paper.ai_model),
        organization=_organization(paper.organization or entry.organization),
        listed_by=_name_of(paper.submitter) or _name_of(entry.submitter),
        signals=SignalsRecord(read_at, paper.upvotes, entry.comments),
    )


def _authors(authors: list[_Author]) -> tuple[AuthorRecord, ...]:
    named = [(plain_name(author.name), author.hidden) for author in authors]
    return tuple(AuthorRecord(name, is_hidden=hidden) for name, hidden in named if name)


def _name_of(told: _Member | None) -> str:
    return plain_name(told.fullname or told.name)[:MAX_NAME] if told else ""


def _organization(told: _Organization | None) -> OrganizationRecord | None:
    if told is None:
        return None
    slug = told.name[:100]
    return OrganizationRecord(slug, short_text_of(told.fullname[:MAX_NAME]) or slug)
