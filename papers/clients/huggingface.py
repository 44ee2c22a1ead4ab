"""The daily papers of Hugging Face.

The entries grew fields over the years and kept the old ones in odd places; all
generations since 2024 are read here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import urlencode

from common.tex import clean, clean_name
from papers.clients.answers import (
    MAX_AUTHORS,
    MAX_ENTRIES,
    MAX_NAME,
    EntryError,
    Transport,
    ask,
    bounded,
    parse_json,
    parse_moment,
    web_url,
)
from papers.clients.arxiv_texts import abstract_of, short_text_of, title_of
from papers.clients.errors import MalformedAnswerError
from papers.clients.records import (
    AuthorRecord,
    Batch,
    OrganizationRecord,
    PaperRecord,
    SkippedEntry,
)
from papers.identifiers import IdentifierError, parse_arxiv_id

if TYPE_CHECKING:
    from datetime import date, datetime

SERVICE = "Hugging Face"
# The most that one page of the list holds; days have had up to 90 papers.
PAGE = 100
MAX_PAGES = 20
MAX_STARS = 2_000_000_000


def daily_papers(get: Transport, base_url: str, *, day: date) -> Batch:
    """The papers submitted for one day, in the order of the answer."""
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
        records, skipped = _read(entries, day, seen, is_first=page == 0)
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
    if _is_mapping(answer) and isinstance(answer.get("error"), str):
        raise MalformedAnswerError(f"{SERVICE} says: {answer['error'][:200]}")
    if not isinstance(answer, list):
        raise MalformedAnswerError(f"{SERVICE} sent something else than a list.")
    if len(answer) > MAX_ENTRIES:
        raise MalformedAnswerError(f"{SERVICE} sent {len(answer):,} entries.")
    return answer


def _read(
    entries: list[object], day: date, seen: set[str], *, is_first: bool
) -> tuple[tuple[PaperRecord, ...], tuple[SkippedEntry, ...]]:
    records: list[PaperRecord] = []
    skipped: list[SkippedEntry] = []
    for position, entry in enumerate(entries):
        try:
            record = _record(entry, day)
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
    paper = entry.get("paper") if _is_mapping(entry) else None
    claimed = paper.get("id") if _is_mapping(paper) else None
    return claimed[:60] if isinstance(claimed, str) else ""


def _record(entry: object, day: date) -> PaperRecord:
    if not _is_mapping(entry):
        raise EntryError("the entry is no object")
    paper = entry.get("paper")
    if not _is_mapping(paper):
        raise EntryError("the entry holds no paper")
    identifier = paper.get("id")
    if not isinstance(identifier, str):
        raise EntryError("the paper has no id")
    arxiv_id = parse_arxiv_id(identifier.strip())
    return PaperRecord(
        external_id=arxiv_id.id,
        version=arxiv_id.version,
        title=title_of(_text(paper, "title") or _text(entry, "title")),
        abstract=abstract_of(_text(paper, "summary") or _text(entry, "summary")),
        authors=_authors(paper.get("authors")),
        published_at=_moment(paper, "publishedAt"),
        announced_on=day,
        withdrawn=True if isinstance(paper.get("withdrawnAt"), str) else None,
        code_url=web_url(paper.get("githubRepo")),
        project_url=web_url(paper.get("projectPage")),
        stars=_stars(paper.get("githubStars")),
        thumbnail_url=web_url(entry.get("thumbnail") or paper.get("thumbnail")),
        media_urls=_media(entry, paper),
        ai_summary=_optional_text(paper.get("ai_summary")),
        ai_keywords=_keywords(paper.get("ai_keywords")),
        ai_model=_optional_text(paper.get("ai_summary_model")),
        organization=_organization(paper.get("organization") or entry.get("organization")),
        submitted_by_name=_submitter(paper.get("submittedOnDailyBy") or entry.get("submittedBy")),
    )


def _text(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise EntryError(f"{key} is no text")
    return value


def _moment(mapping: dict[str, Any], key: str) -> datetime | None:
    text = _text(mapping, key)
    return parse_moment(text) if text else None


def _authors(value: object) -> tuple[AuthorRecord, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise EntryError("authors is no list")
    if len(value) > MAX_AUTHORS:
        raise EntryError(f"there are {len(value):,} authors")
    authors = [_author(each) for each in value]
    return tuple(author for author in authors if author.name)


def _author(value: object) -> AuthorRecord:
    if not _is_mapping(value) or not isinstance(value.get("name"), str):
        raise EntryError("an author has no name")
    name = clean_name(bounded(value["name"], MAX_NAME, "name of an author"))
    user = value.get("user")
    username = user.get("user") or user.get("name") if _is_mapping(user) else None
    return AuthorRecord(
        name,
        is_hidden=value.get("hidden") is True,
        username=username[:MAX_NAME] if isinstance(username, str) else "",
    )


# What follows decorates a paper: of the wrong type it is left out, and the paper stays.


def _optional_text(value: object) -> str:
    return short_text_of(value) if isinstance(value, str) else ""


def _stars(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= MAX_STARS else None


def _keywords(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    keywords = [clean(each[:100]) for each in value[:50] if isinstance(each, str)]
    return tuple(dict.fromkeys(filter(None, keywords)))


def _media(entry: dict[str, Any], paper: dict[str, Any]) -> tuple[str, ...]:
    urls: list[str] = []
    for value in (entry.get("mediaUrls"), paper.get("mediaUrls"), entry.get("mediaUrl")):
        values = value if isinstance(value, list) else [value]
        urls.extend(web_url(each) for each in values[:20])
    return tuple(dict.fromkeys(filter(None, urls)))


def _organization(value: object) -> OrganizationRecord | None:
    if not _is_mapping(value):
        return None
    slug, name = value.get("name"), value.get("fullname")
    if not isinstance(slug, str) or not slug.strip():
        return None
    shown = clean(name[:MAX_NAME]) if isinstance(name, str) else ""
    avatar = web_url(value.get("avatar") or value.get("avatarUrl"))
    return OrganizationRecord(slug.strip()[:100], shown or slug.strip()[:100], avatar)


def _submitter(value: object) -> str:
    if not _is_mapping(value):
        return ""
    for key in ("fullname", "name", "user"):
        name = value.get(key)
        if isinstance(name, str) and (cleaned := clean_name(name[:MAX_NAME])):
            return cleaned
    return ""


def _is_mapping(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)
