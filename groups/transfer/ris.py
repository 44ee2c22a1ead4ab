"""A group's papers as RIS, for reference managers.

A record consists of lines with a tag, two spaces, a hyphen, a space and a value; TY begins it, ER
ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.text import tidy_line
from groups.transfer.bibliography import papers_of
from papers.author_names import author_names
from papers.sources import PAPER_SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groups.membership.models import Group
    from papers.author_names import AuthorName
    from papers.models import Paper

# By the type of a work, as Crossref names it.
_KINDS = {
    "journal-article": "JOUR",
    "proceedings-article": "CPAPER",
    "book-chapter": "CHAP",
    "book": "BOOK",
    "monograph": "BOOK",
}


def write(group: Group) -> str:
    """Return past and planned papers as RIS, the earliest first: two queries."""
    papers, names = papers_of(group)
    return "".join(_record(paper, names[paper.pk]) for paper in papers)


def _record(paper: Paper, names: Sequence[str]) -> str:
    published = paper.published_at
    archive = PAPER_SOURCES[paper.source].archive
    fields = [
        # RIS has no type for preprints; archives use "unpublished".
        ("TY", _KINDS.get(paper.work_type, "UNPB" if archive else "GEN")),
        ("TI", paper.title_text),
        *(("AU", _inverted(name)) for name in author_names(names or paper.lead_authors)),
        ("PY", f"{published:%Y}" if published else ""),
        ("DA", f"{published:%Y/%m/%d}" if published else ""),
        ("T2", paper.venue),
        ("PB", archive),
        ("M1", f"{archive}:{paper.external_id}" if archive else ""),
        ("DO", paper.doi),
        ("UR", paper.source_url),
    ]
    lines = [f"{tag}  - {tidy_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _inverted(name: AuthorName) -> str:
    """Return a name for RIS: "Muster, Ben, Jr."; names of organizations stay unchanged."""
    return ", ".join(part for part in (name.family, name.given, name.suffix) if part)
