"""What the shared parts of pages show: see templates/components."""

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
    """Ways on: to the period before and after, and through this list's own pages."""

    previous: Link | None = None
    next: Link | None = None
    page_number: int = 1
    previous_page_url: str = ""
    next_page_url: str = ""


@dataclass(frozen=True)
class Empty:
    """What an empty list says, and what to do about it."""

    title: str
    text: str
    action: Link | None = None


def with_query(url: str, **query: str | int | None) -> str:
    """Add what is set of `query` to a URL."""
    kept = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(kept)}" if kept else url
