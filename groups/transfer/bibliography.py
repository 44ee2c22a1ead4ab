"""A group's papers as BibTeX."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from groups.schedule.models import OFF, MeetingPaper
from papers import bibtex
from papers.author_names import author_names
from papers.bibtex import tex, tex_title
from papers.models import Authorship
from papers.sources import PAPER_SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groups.membership.models import Group
    from papers.models import Paper

# A collaboration has thousands; BibTeX has "and others".
_MOST_AUTHORS = 40
# By the type of a work: the entry, and the field that names where it appeared.
_KINDS = {
    "journal-article": ("article", "journal"),
    "proceedings-article": ("inproceedings", "booktitle"),
    "book-chapter": ("incollection", "booktitle"),
    "book": ("book", "series"),
    "monograph": ("book", "series"),
}
_SMALL_WORDS = frozenset(
    {"a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the"}
    | {"to", "towards", "via"}
)


def write(group: Group) -> str:
    """Return past and planned papers as BibTeX, the earliest first: two queries."""
    papers, names = papers_of(group)
    keys: set[str] = set()
    entries = []
    for paper in papers:
        key = _key(paper, names[paper.pk], keys)
        keys.add(key)
        entries.append(_entry(paper, key, names[paper.pk]))
    head = f"% Papers that {_comment(group.name)} reads: {len(papers)}\n"
    return "\n".join([head, *entries])


def papers_of(group: Group) -> tuple[list[Paper], dict[int, list[str]]]:
    """Return past and planned papers, the earliest first, with authors: two queries."""
    readings = MeetingPaper.objects.filter(meeting__group=group).exclude(meeting__phase__in=OFF)
    rows = readings.select_related("paper").order_by("meeting__starts_at", "position", "id")
    papers = list({row.paper_id: row.paper for row in rows}.values())
    names: dict[int, list[str]] = defaultdict(list)
    authorships = Authorship.objects.filter(
        paper__in=[paper.pk for paper in papers], position__lte=_MOST_AUTHORS
    )
    for paper_id, name in authorships.order_by("paper", "position").values_list("paper_id", "name"):
        names[paper_id].append(name)
    return papers, names


def _entry(paper: Paper, key: str, names: Sequence[str]) -> str:
    archive = PAPER_SOURCES[paper.source].archive
    listed = names or paper.lead_authors
    kind, venue_field = _KINDS.get(paper.work_type, ("misc", "howpublished"))
    fields = {
        "author": bibtex.authors(listed, has_more=paper.author_count > len(listed)),
        "title": tex_title(paper.title_text),
        venue_field: tex(paper.venue),
        "year": str(paper.published_at.year) if paper.published_at else "",
        "eprint": paper.external_id if archive else "",
        "archivePrefix": archive,
        "primaryClass": paper.primary_category,
        "doi": paper.doi if re.fullmatch(r"[!-z|~]+", paper.doi) else "",
        "url": paper.source_url,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _key(paper: Paper, names: Sequence[str], taken: set[str]) -> str:
    """Return a citation key in the common format: vaswani2017attention."""
    first_author = next(iter(author_names(names or paper.lead_authors)), None)
    family = _plain([first_author.family]) if first_author else "anonymous"
    year = str(paper.published_at.year) if paper.published_at else ""
    words = [_plain([word]) for word in paper.title_text.split()]
    first = next((word for word in words if word and word not in _SMALL_WORDS), "")
    key = f"{family}{year}{first}" or "paper"
    number = 2
    found = key
    while found in taken:
        found, number = f"{key}-{number}", number + 1
    return found


def _plain(words: Sequence[str]) -> str:
    letters = unicodedata.normalize("NFKD", "".join(words)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", letters.lower())[:30]


def _comment(text: str) -> str:
    return tex(text).replace("@", "(at)")
