"""arXiv's announcements: what is new, cross-listed or replaced today.

The shape of today is RSS 2.0 or Atom with `announce_type`. Mirrors and archives still
hold the RDF of before 2024, which says the same inside its titles.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

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
    says_withdrawn,
    title_of,
)
from papers.clients.errors import MalformedAnswerError
from papers.clients.records import Batch, PaperRecord, SkippedEntry
from papers.identifiers import ArxivId, IdentifierError, parse_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

    from common.fetching import Fetched

SERVICE = "arXiv RSS"
ARXIV_ZONE = ZoneInfo("America/New_York")
ANNOUNCE_TYPES = frozenset({"new", "cross", "replace", "replace-cross"})

_CATEGORY = re.compile(r"[a-z-]{2,10}(?:\.[A-Za-z-]{2,20})?")
_DESCRIPTION = re.compile(
    r"\s*arXiv:\S{1,40}\s+Announce\s+Type:\s*(?P<type>[a-z-]{1,20})\s*(?:Abstract:\s*)?",
    re.IGNORECASE,
)
_OLD_TITLE = re.compile(
    r"\s*\(arXiv:(?P<id>\S{1,40})\s*(?:\[(?P<category>[\w.-]{1,30})\])?"
    r"(?P<marks>[A-Z ,]{0,40})\)\s*\Z"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>")


def announcements(get: Transport, base_url: str, *, categories: Iterable[str]) -> Batch:
    """Today's announcements of the categories; none on days without announcement.

    Only a paper announced as new gets its `announced_on`: the others had their day.
    """
    names = list(dict.fromkeys(categories))
    if not names or not all(_CATEGORY.fullmatch(each) for each in names):
        raise ValueError("Name at least one arXiv category, as cs.CL or hep-th.")
    answer = ask(get, f"{base_url.rstrip('/')}/{'+'.join(names)}", service=SERVICE)
    if answer.not_modified:
        return Batch(not_modified=True)
    return parse_feed(answer)


def parse_feed(answer: Fetched) -> Batch:
    """Read a feed of announcements in any of its three shapes."""
    root = parse_xml(answer.body, service=SERVICE)
    day = _feed_day(root)
    records: dict[str, PaperRecord] = {}
    skipped: list[SkippedEntry] = []
    for position, item in enumerate(counted(_items(root), service=SERVICE)):
        try:
            record = _record(item, day)
        except (EntryError, IdentifierError) as error:
            claimed = child_text(item, "guid", "id", "link")[:60]
            skipped.append(SkippedEntry(position, claimed, str(error)))
            continue
        if record.external_id in records:
            reason = "the same paper came before"
            skipped.append(SkippedEntry(position, record.external_id, reason))
        else:
            records[record.external_id] = record
    return Batch(
        tuple(records.values()),
        tuple(skipped),
        day=day,
        etag=answer.etag,
        last_modified=answer.last_modified,
    )


def _items(root: Element) -> Iterator[Element]:
    match local_name(root):
        case "rss":
            for channel in children(root, "channel"):
                yield from children(channel, "item")
        case "feed":
            yield from children(root, "entry")
        case "RDF":
            yield from children(root, "item")
        case _:
            raise MalformedAnswerError(f"{SERVICE} sent something else than a feed.")


def _feed_day(root: Element) -> date | None:
    """The day that the feed says it is of, by arXiv's clock."""
    holder = next(children(root, "channel"), root)
    text = child_text(holder, "pubDate") or child_text(holder, "date", "updated", "lastBuildDate")
    try:
        return _day(text) if text else None
    except EntryError:
        return None


def _record(item: Element, feed_day: date | None) -> PaperRecord:
    arxiv_id = _item_id(item)
    title, description = child_text(item, "title"), child_text(item, "description", "summary")
    announce_type, primary = child_text(item, "announce_type").strip().lower(), ""
    if old := _OLD_TITLE.search(title):
        title = title[: old.start()].removesuffix(".")
        announce_type, primary = _old_type(old["marks"]), old["category"] or ""
        description = _TAG.sub(" ", html.unescape(description))
    if new := _DESCRIPTION.match(description):
        announce_type = announce_type or new["type"].lower()
        description = description[new.end() :]
    if announce_type not in ANNOUNCE_TYPES:
        raise EntryError(f"“{announce_type[:20]}” is no type of announcement")

    abstract = abstract_of(description)
    said = child_text(item, "pubDate", "published", "date")
    announced_on = _day(said) if said else feed_day
    categories = filter(None, map(_category, children(item, "category")))
    return PaperRecord(
        external_id=arxiv_id.id,
        version=arxiv_id.version,
        title=title_of(title),
        abstract=abstract,
        authors=authors_in(_creators(item)),
        announced_on=announced_on if announce_type == "new" else None,
        announce_type=announce_type,
        # Silence says little here: the comment, where most say it, is not in the feed.
        withdrawn=says_withdrawn(comment="", abstract=abstract) or None,
        primary_category=primary,
        categories=tuple(dict.fromkeys(categories)) or ((primary,) if primary else ()),
        doi=doi_of(child_text(item, "DOI", "doi")),
    )


def _item_id(item: Element) -> ArxivId:
    """The id with its version, from the first place that holds one."""
    link = next(children(item, "link"), None)
    title = _OLD_TITLE.search(child_text(item, "title"))
    places = [
        child_text(item, "guid", "id").removeprefix("oai:"),
        title["id"] if title else "",
        child_text(item, "link") or (link.get("href", "") if link is not None else ""),
    ]
    for place in filter(None, places):
        try:
            found = parse_identifier(place.replace("arXiv.org:", "arXiv:"))
        except IdentifierError:
            continue
        if isinstance(found, ArxivId):
            return found
    raise EntryError("the item has no arXiv id")


def _old_type(marks: str) -> str:
    is_cross, is_replaced = "CROSS" in marks, "UPDATED" in marks
    if is_replaced:
        return "replace-cross" if is_cross else "replace"
    return "cross" if is_cross else "new"


def _creators(item: Element) -> str:
    """The line of authors; the old feed wrote each as an escaped link."""
    creators = ["".join(each.itertext()) for each in children(item, "creator")] or [
        child_text(each, "name") for each in children(item, "author")
    ]
    text = ", ".join(creators)
    return _TAG.sub("", html.unescape(text)) if "<" in text else text


def _category(element: Element) -> str:
    return (element.get("term") or element.text or "").strip()[:40]


def _day(text: str) -> date:
    """The calendar day of a moment, in arXiv's zone."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        moment = parse_moment(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return _in_arxiv_zone(moment)


def _in_arxiv_zone(moment: datetime) -> date:
    try:
        return moment.astimezone(ARXIV_ZONE).date()
    except OverflowError:
        raise EntryError("the date is out of all range") from None
