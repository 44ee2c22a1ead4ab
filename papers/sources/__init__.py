"""Where papers come from. To add a source, write a module and name its objects here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.sources.arxiv import ARXIV, ARXIV_ANNOUNCEMENTS, ARXIV_CHANGES
from papers.sources.huggingface import HUGGINGFACE_DAILY

if TYPE_CHECKING:
    from papers.sources.source import Feed, PaperSource

PAPER_SOURCES: dict[str, PaperSource] = {source.key: source for source in (ARXIV,)}
FEEDS: dict[str, Feed] = {
    feed.key: feed for feed in (HUGGINGFACE_DAILY, ARXIV_ANNOUNCEMENTS, ARXIV_CHANGES)
}


# Called when a choice is shown, so that a new source needs no migration.


def source_choices() -> list[tuple[str, str]]:
    return [(source.key, source.label) for source in PAPER_SOURCES.values()]


def feed_choices() -> list[tuple[str, str]]:
    return [(feed.key, feed.label) for feed in FEEDS.values()]
