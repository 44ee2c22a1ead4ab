"""The papers that a group has read, as RIS, which managers of references read.

A record is lines of a tag, two spaces, a hyphen, a space and a value; TY begins it, ER ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.text import tidy_line
from groups.transfer.bibliography import papers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groups.membership.models import Group
    from papers.models import Paper


def write(group: Group) -> str:
    """Return what was read and what is planned, the earliest first: two queries."""
    papers, names = papers_of(group)
    return "".join(_record(paper, names[paper.pk]) for paper in papers)


def _record(paper: Paper, names: Sequence[str]) -> str:
    published = paper.published_at
    fields = [
        # A preprint has no type of its own; this is what archives of them use.
        ("TY", "UNPB"),
        ("TI", paper.title_text),
        *(("AU", _inverted(name)) for name in names or paper.lead_authors),
        ("PY", f"{published:%Y}" if published else ""),
        ("DA", f"{published:%Y/%m/%d}" if published else ""),
        ("PB", "arXiv"),
        ("M1", f"arXiv:{paper.external_id}"),
        ("DO", paper.doi),
        ("UR", paper.source_url),
    ]
    lines = [f"{tag}  - {tidy_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _inverted(name: str) -> str:
    """Write a name as RIS wants it, the family's first; what is no person's stays whole."""
    given, _, family = " ".join(name.split()).rpartition(" ")
    return f"{family}, {given}" if given and "," not in name else name
