"""arXiv's OAI-PMH interface: everything that changed in a span of days.

It answers in pages that a token links. `arXivRaw` tells all versions and so the
withdrawals; `arXiv` tells authors with first and last names.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

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
)
from papers.clients.arxiv_texts import (
    abstract_of,
    authors_in,
    doi_of,
    named_authors,
    says_withdrawn,
    short_text_of,
    title_of,
)
from papers.clients.errors import (
    MalformedAnswerError,
    NotFoundError,
    RefusedError,
    UnavailableError,
)
from papers.clients.records import (
    AuthorRecord,
    Batch,
    PaperRecord,
    SkippedEntry,
    VersionRecord,
)
from papers.identifiers import (
    IdentifierError,
    parse_arxiv_id,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

SERVICE = "arXiv OAI"
Format = Literal["arXiv", "arXivRaw"]
# A full harvest of arXiv takes some 2,500 pages of 1,000.
MAX_PAGES = 5_000


class TokenExpiredError(UnavailableError):
    """The list must be begun again: the token of its next page is not known any more."""


def changes(
    get: Transport,
    base_url: str,
    *,
    since: date,
    until: date | None = None,
    set_spec: str = "",
    metadata_format: Format = "arXivRaw",
) -> Iterator[Batch]:
    """Each page of what changed, as it comes; nothing when nothing did.

    The days are those of the last change, not of submission.
    """
    parameters = {"verb": "ListRecords", "metadataPrefix": metadata_format}
    parameters["from"] = since.isoformat()
    if until:
        parameters["until"] = until.isoformat()
    if set_spec:
        parameters["set"] = set_spec

    tokens: set[str] = set()
    for _ in range(MAX_PAGES):
        root = _ask(get, base_url, parameters)
        if root is None:
            return
        listed = next(children(root, "ListRecords"), None)
        if listed is None:
            raise MalformedAnswerError(f"{SERVICE} sent no list of records.")
        yield _batch(listed)
        token = child_text(listed, "resumptionToken")
        if not token:
            return
        if token in tokens:
            raise MalformedAnswerError(f"{SERVICE} sent the same page again.")
        tokens.add(token)
        parameters = {"verb": "ListRecords", "resumptionToken": token}
    raise MalformedAnswerError(f"{SERVICE} sent more than {MAX_PAGES:,} pages.")


def record(
    get: Transport, base_url: str, *, arxiv_id: str, metadata_format: Format = "arXivRaw"
) -> Batch:
    """One paper, by its id without version."""
    parameters = {
        "verb": "GetRecord",
        "identifier": f"oai:arXiv.org:{parse_arxiv_id(arxiv_id).id}",
        "metadataPrefix": metadata_format,
    }
    root = _ask(get, base_url, parameters)
    holder = next(children(root, "GetRecord"), None) if root is not None else None
    if holder is None:
        raise MalformedAnswerError(f"{SERVICE} sent no record.")
    return _batch(holder)


def _ask(get: Transport, base_url: str, parameters: dict[str, str]) -> Element | None:
    """The root of the answer, or None when no record matches."""
    answer = ask(get, f"{base_url}?{urlencode(parameters)}", service=SERVICE)
    root = parse_xml(answer.body, service=SERVICE)
    if local_name(root) != "OAI-PMH":
        raise MalformedAnswerError(f"{SERVICE} sent something else than OAI-PMH.")
    for error in children(root, "error"):
        told = short_text_of(error.text or "")
        match code := error.get("code", ""):
            case "noRecordsMatch":
                return None
            case "badResumptionToken":
                raise TokenExpiredError(f"{SERVICE} does not know the token: {told}")
            case "idDoesNotExist":
                raise NotFoundError(f"{SERVICE} does not know the paper. {told}")
            case _:
                raise RefusedError(f"{SERVICE} answers {code[:40]}: {told}")
    return root


def _batch(holder: Element) -> Batch:
    records: list[PaperRecord] = []
    skipped: list[SkippedEntry] = []
    deleted: list[str] = []
    for position, element in enumerate(counted(children(holder, "record"), service=SERVICE)):
        header = next(children(element, "header"), None)
        identifier = child_text(header, "identifier") if header is not None else ""
        identifier = identifier.rpartition(":")[2]
        if header is not None and header.get("status") == "deleted":
            deleted.append(identifier[:60])
            continue
        try:
            records.append(_record(element))
        except (EntryError, IdentifierError) as error:
            skipped.append(SkippedEntry(position, identifier[:60], str(error)))
    return Batch(tuple(records), tuple(skipped), deleted=tuple(deleted))


def _record(element: Element) -> PaperRecord:
    metadata = next(children(element, "metadata"), None)
    told = next(iter(metadata), None) if metadata is not None else None
    if told is None or local_name(told) not in {"arXiv", "arXivRaw"}:
        raise EntryError("the record is in none of arXiv's formats")
    arxiv_id = parse_arxiv_id(child_text(told, "id"))
    versions = list(children(told, "version"))
    abstract = abstract_of(child_text(told, "abstract"))
    comment = short_text_of(child_text(told, "comments"))
    categories = tuple(child_text(told, "categories").split())[:50]
    published_at, revised_at = _moments(told, versions)
    return PaperRecord(
        external_id=arxiv_id.id,
        version=max(map(_number, versions), default=None) or None,
        versions=_dated(versions),
        title=title_of(child_text(told, "title")),
        abstract=abstract,
        authors=_authors(told),
        published_at=published_at,
        revised_at=revised_at,
        withdrawn=_is_empty(versions) or says_withdrawn(comment=comment, abstract=abstract),
        primary_category=categories[0][:40] if categories else "",
        categories=tuple(dict.fromkeys(each[:40] for each in categories)),
        doi=doi_of(child_text(told, "doi")),
    )


def _moments(told: Element, versions: list[Element]) -> tuple[datetime | None, datetime | None]:
    """When the paper was first submitted, and when its last version was."""
    if versions:
        dates = [child_text(each, "date") for each in versions]
        return _mail_date(dates[0]), _mail_date(dates[-1])
    created, updated = child_text(told, "created"), child_text(told, "updated")
    published_at = parse_moment(created) if created else None
    return published_at, parse_moment(updated) if updated else published_at


def _mail_date(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        raise EntryError(f"“{text[:40]}” is no date") from None


def _number(version: Element) -> int:
    """Return the number of a version, 0 for one that has none."""
    text = version.get("version", "").removeprefix("v")
    return int(text) if text.isascii() and text.isdigit() else 0


def _dated(versions: list[Element]) -> tuple[VersionRecord, ...]:
    """Return the versions that have a number and a date, without the others."""
    found = []
    for each in versions:
        with suppress(EntryError):
            at = _mail_date(child_text(each, "date"))
            if at and (number := _number(each)):
                found.append(VersionRecord(number, at))
    return tuple(found)


def _is_empty(versions: list[Element]) -> bool:
    """Whether the last version has no text: arXiv's mark of a withdrawal."""
    if len(versions) < 2:
        return False
    size, source = child_text(versions[-1], "size"), child_text(versions[-1], "source_type")
    return size == "0kb" and "I" in source


def _authors(told: Element) -> tuple[AuthorRecord, ...]:
    holder = next(children(told, "authors"), None)
    if holder is None:
        return ()
    listed = list(children(holder, "author"))
    if not listed:
        return authors_in("".join(holder.itertext()))
    return named_authors(map(_full_name, listed))


def _full_name(element: Element) -> str:
    parts = (child_text(element, each) for each in ("forenames", "keyname", "suffix"))
    return " ".join(filter(None, parts))
