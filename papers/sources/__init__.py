"""Where papers come from. To add a source, write a module and name its objects here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from papers.sources.arxiv import ARXIV, ARXIV_ANNOUNCEMENTS, ARXIV_CHANGES
from papers.sources.doi import DOI
from papers.sources.huggingface import HUGGINGFACE_DAILY
from papers.sources.openreview import OPENREVIEW

if TYPE_CHECKING:
    from papers.sources.source import PaperFeed, PaperSource

# arXiv comes last, because its ids follow no prefix.
PAPER_SOURCES: dict[str, PaperSource] = {source.key: source for source in (DOI, OPENREVIEW, ARXIV)}
FEEDS: dict[str, PaperFeed] = {
    feed.key: feed for feed in (HUGGINGFACE_DAILY, ARXIV_ANNOUNCEMENTS, ARXIV_CHANGES)
}


class Ref(NamedTuple):
    """Which paper: the service that published it, and its id there.

    As text it is the address of the paper's page, below /papers/.
    """

    source: str
    external_id: str

    def __str__(self) -> str:
        return f"{PAPER_SOURCES[self.source].prefix}{self.external_id}"


def parse_ref(text: str) -> Ref:
    """Read a text that names a paper as its address does, or raise ValueError."""
    for source in PAPER_SOURCES.values():
        if text.startswith(source.prefix):
            external_id = source.canonical(text.removeprefix(source.prefix))
            if source.is_id(external_id):
                return Ref(source.key, external_id)
    raise ValueError(f"{text[:60]!r} names no paper.")


# Called when a choice is shown, so that a new source needs no migration.


def source_choices() -> list[tuple[str, str]]:
    return [(source.key, source.label) for source in PAPER_SOURCES.values()]


def feed_choices() -> list[tuple[str, str]]:
    return [(feed.key, feed.label) for feed in FEEDS.values()]
