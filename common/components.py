"""Data for the shared parts of pages in templates/components."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class Pager:
    """Links to the period before and after, and to the other pages of this list."""

    previous: Link | None = None
    next: Link | None = None
    page_number: int = 1
    previous_page_url: str = ""
    next_page_url: str = ""


@dataclass(frozen=True)
class Empty:
    """The message of an empty list, and what the reader can do about it."""

    title: str
    text: str
    action: Link | None = None


def with_query(url: str, **query: str | int | None) -> str:
    """Add the parameters that have a value to a URL."""
    kept = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(kept)}" if kept else url
