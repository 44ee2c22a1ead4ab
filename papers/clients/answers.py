"""What all clients share: asking, and reading what comes with suspicion."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import defusedxml.ElementTree as SafeET
from defusedxml.common import DefusedXmlException

from common.fetching import Fetched
from common.text import NOT_XML
from papers.clients.errors import (
    MalformedAnswerError,
    RateLimitedError,
    as_client_errors,
)
from papers.clients.records import MAX_URL

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Fetches one address. The caller brings it, with limits, pace and validators bound.
Transport = Callable[[str], Fetched]

# The most that any of the services puts into one answer is 2,000.
MAX_ENTRIES = 10_000
# A page of 2,000 papers with 40 authors each has some 400,000.
MAX_TAGS = 1_000_000


class EntryError(ValueError):
    """One entry cannot be used; the message says why."""


def ask(get: Transport, url: str, *, service: str) -> Fetched:
    """Fetch the address, and see through errors that come with status 200."""
    with as_client_errors(service):
        answer = get(url)
    if not answer.not_modified:
        refuse_disguised_errors(answer.body, service=service)
    return answer


def refuse_disguised_errors(body: bytes, *, service: str) -> None:
    start = body[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"rate exceeded"):
        raise RateLimitedError(f"{service} says that we ask too often.")
    if not start:
        raise MalformedAnswerError(f"{service} sent an answer without content.")
    if start.startswith((b"<!doctype html", b"<html")):
        raise MalformedAnswerError(f"{service} sent a web page instead of data.")


def parse_json(body: bytes, *, service: str) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise MalformedAnswerError(f"{service} sent JSON that cannot be read.") from error


def parse_xml(body: bytes, *, service: str) -> Element:
    """Parse without entities, document types and anything from outside."""
    if body.count(b"<") > MAX_TAGS:
        raise MalformedAnswerError(f"{service} sent more XML than any honest answer has.")
    try:
        return _parsed(body)
    except SafeET.ParseError:
        # One control character in one abstract must not cost the whole day.
        legal = NOT_XML.sub("", body.decode("utf-8", "replace"))
        try:
            return _parsed(legal.encode())
        except (SafeET.ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise MalformedAnswerError(
                f"{service} sent XML that cannot be read: {error}."
            ) from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise MalformedAnswerError(f"{service} sent XML that we refuse.") from error


def _parsed(body: bytes) -> Element:
    root: Element = SafeET.fromstring(body, forbid_dtd=True)
    return root


def local_name(element: Element) -> str:
    """The element's name without its namespace, which mirrors and old feeds change."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if local_name(child) == name)


def counted(entries: Iterable[Element], *, service: str) -> list[Element]:
    """The entries, unless there are more than any honest answer holds."""
    found = list(islice(entries, MAX_ENTRIES + 1))
    if len(found) > MAX_ENTRIES:
        raise MalformedAnswerError(f"{service} sent more than {MAX_ENTRIES:,} entries.")
    return found


def child_text(element: Element, *names: str) -> str:
    """The text of the first child that has one of the names, or nothing."""
    for child in element:
        if local_name(child) in names:
            return "".join(child.itertext()).strip()
    return ""


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 moment; one without zone is UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise EntryError(f"“{text[:40]}” is no date") from None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise EntryError(f"“{text[:40]}” is no date") from None


def bounded(text: str, limit: int, what: str) -> str:
    if len(text) > limit:
        raise EntryError(f"the {what} has {len(text):,} characters")
    return text


def web_url(value: object) -> str:
    """The value if it is a plain web address, else nothing."""
    if not isinstance(value, str):
        return ""
    url = value.strip()
    if len(url) > MAX_URL or not url.isprintable() or re.search(r"[\s<>\"]", url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""
