"""arXiv's query interface: Atom feeds of papers by id, by search, by DOI."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from common.fetch_errors import FetchStatusError
from papers.clients.answers import (
    EntryError,
    Transport,
    ask,
    child_text,
    children,
    counted,
    local_name,
    parse_moment,
    parse_xml,
    web_url,
)
from papers.clients.arxiv_texts import (
    abstract_of,
    doi_of,
    named_authors,
    says_withdrawn,
    short_text_of,
    title_of,
)
from papers.clients.errors import ClientError, MalformedAnswerError, RefusedError
from papers.clients.records import Batch, PaperRecord, SkippedEntry, VersionRecord
from papers.identifiers import (
    ArxivId,
    IdentifierError,
    parse_arxiv_id,
    parse_identifier,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree.ElementTree import Element

    from common.fetching import Fetched

SERVICE = "arXiv"
# Keeps the address well under the length that servers take.
IDS_PER_REQUEST = 150
MAX_RESULTS = 2_000  # a page; arXiv's limit
_ERROR_ID = re.compile(r"arxiv\.org/api/errors")


def by_ids(get: Transport, base_url: str, *, ids: Iterable[str]) -> Batch:
    """The papers with these ids, at their latest versions.

    Ids that are none, or that arXiv does not know, come back as `missing`.
    """
    asked = {each: _read_id(each) for each in ids}
    valid = list(dict.fromkeys(str(each) for each in asked.values() if each))
    records: list[PaperRecord] = []
    skipped: list[SkippedEntry] = []
    for start in range(0, len(valid), IDS_PER_REQUEST):
        some = valid[start : start + IDS_PER_REQUEST]
        batch = _query(get, base_url, {"id_list": ",".join(some), "max_results": len(some)})
        records += batch.records
        skipped += batch.skipped
    came = {record.external_id for record in records}
    came |= {entry.external_id for entry in skipped}
    missing = tuple(each for each, read in asked.items() if read is None or read.id not in came)
    return Batch(tuple(records), tuple(skipped), missing=missing, total=len(records))


def search(
    get: Transport, base_url: str, *, query: str, start: int = 0, max_results: int = 100
) -> Batch:
    """One page of a search, newest submissions first; `total` says how many there are."""
    batch = _query(
        get,
        base_url,
        {
            "search_query": query,
            "start": start,
            "max_results": min(max_results, MAX_RESULTS),
            "sortBy": "submittedDate",
            "sortOrder": "descending",
        },
    )
    is_short = not batch.records and not batch.skipped and (batch.total or 0) > start
    if is_short and max_results > 0:
        # It does so now and then; taken at its word, the papers would be lost.
        raise MalformedAnswerError(
            f"{SERVICE} counts {batch.total:,} papers and sent none of them."
        )
    return batch


def submitted_between(since: datetime, until: datetime, *, categories: Sequence[str]) -> str:
    """The query for what was submitted to the categories in a span of time."""
    span = " TO ".join(moment.astimezone(UTC).strftime("%Y%m%d%H%M") for moment in (since, until))
    window = f"submittedDate:[{span}]"
    if not categories:
        return window
    return f"({' OR '.join(f'cat:{each}' for each in categories)}) AND {window}"


def search_doi(get: Transport, base_url: str, *, doi: str) -> Batch:
    """The papers whose authors gave this DOI of the published version."""
    found = search(get, base_url, query=f'doi:"{doi}"', max_results=10)
    records = tuple(each for each in found.records if each.doi == doi.lower())
    missing = () if records else (doi,)
    return Batch(records, found.skipped, missing=missing, total=len(records))


def _query(get: Transport, base_url: str, parameters: dict[str, str | int]) -> Batch:
    # A server of theirs once took encoded commas for part of the id.
    url = f"{base_url}?{urlencode(parameters, safe=',:/')}"
    try:
        answer = ask(get, url, service=SERVICE)
    except ClientError as error:
        if isinstance(error.__cause__, FetchStatusError):
            _raise_told_error(error.__cause__.body)
        raise
    return parse_feed(answer)


def _raise_told_error(body: bytes) -> None:
    """Raise what the body of an error answer says, if it is arXiv's own feed."""
    try:
        root = parse_xml(body, service=SERVICE)
    except MalformedAnswerError:
        return
    _refuse_error_entry(root)


def parse_feed(answer: Fetched) -> Batch:
    """Read an Atom answer of the query interface."""
    root = parse_xml(answer.body, service=SERVICE)
    if local_name(root) != "feed":
        raise MalformedAnswerError(f"{SERVICE} sent something else than a feed.")
    _refuse_error_entry(root)
    records: list[PaperRecord] = []
    skipped: list[SkippedEntry] = []
    for position, entry in enumerate(counted(children(root, "entry"), service=SERVICE)):
        try:
            records.append(_record(entry))
        except (EntryError, IdentifierError) as error:
            claimed = _claimed_id(entry)
            skipped.append(SkippedEntry(position, claimed, str(error)))
    total = child_text(root, "totalResults")
    return Batch(
        tuple(records),
        tuple(skipped),
        total=int(total) if total.isascii() and total.isdigit() and len(total) < 12 else None,
    )


def _refuse_error_entry(root: Element) -> None:
    for entry in children(root, "entry"):
        if _ERROR_ID.search(child_text(entry, "id")):
            message = short_text_of(child_text(entry, "summary")) or "an error"
            raise RefusedError(f"{SERVICE} says: {message}")


def _record(entry: Element) -> PaperRecord:
    arxiv_id = _entry_id(entry)
    abstract = abstract_of(child_text(entry, "summary"))
    comment = short_text_of(child_text(entry, "comment"))
    categories = tuple(
        dict.fromkeys(each.get("term", "").strip()[:40] for each in children(entry, "category"))
    )
    primary = next(children(entry, "primary_category"), None)
    published_at = _moment(child_text(entry, "published"))
    revised_at = _moment(child_text(entry, "updated"))
    return PaperRecord(
        external_id=arxiv_id.id,
        version=arxiv_id.version,
        title=title_of(child_text(entry, "title")),
        abstract=abstract,
        authors=named_authors(child_text(each, "name") for each in children(entry, "author")),
        published_at=published_at,
        revised_at=revised_at,
        versions=_versions(arxiv_id.version, published_at, revised_at),
        withdrawn=says_withdrawn(comment=comment, abstract=abstract),
        primary_category=(primary.get("term", "") if primary is not None else "")[:40],
        categories=tuple(filter(None, categories)),
        doi=doi_of(child_text(entry, "doi")),
        pdf_url=_pdf_url(entry),
    )


def _versions(
    latest: int | None, published_at: datetime | None, revised_at: datetime | None
) -> tuple[VersionRecord, ...]:
    """Return the first and the latest version: the feed dates no other."""
    dated = {1: published_at} if latest else {}
    if latest and latest > 1:
        dated[latest] = revised_at
    return tuple(VersionRecord(number, at) for number, at in dated.items() if at)


def _entry_id(entry: Element) -> ArxivId:
    found = parse_identifier(child_text(entry, "id"))
    if not isinstance(found, ArxivId):
        raise EntryError("the entry has no arXiv id")
    return found


def _claimed_id(entry: Element) -> str:
    try:
        return _entry_id(entry).id
    except (EntryError, IdentifierError):
        return child_text(entry, "id")[:60]


def _moment(text: str) -> datetime | None:
    return parse_moment(text) if text else None


def _pdf_url(entry: Element) -> str:
    for link in children(entry, "link"):
        if link.get("title") == "pdf" or link.get("type") == "application/pdf":
            return web_url(link.get("href"))
    return ""


def _read_id(text: str) -> ArxivId | None:
    try:
        return parse_arxiv_id(text)
    except IdentifierError:
        return None
