"""The versions of a paper, as its page lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from papers.models import PaperVersion

if TYPE_CHECKING:
    from datetime import datetime

    from papers.models import Paper

# Of a paper with more versions, only those with a known date are listed.
MAX_LISTED = 30


class VersionLine(NamedTuple):
    """One version, its page at the source, and when it was submitted, if a source told."""

    number: int
    url: str
    submitted_at: datetime | None


def versions_of(paper: Paper) -> list[VersionLine]:
    """Return the versions of a paper, the latest first: one query, none for a single version."""
    latest = paper.version or 1
    if latest == 1:
        return []
    # What the paper itself tells, for papers that came before versions were kept.
    dates = {1: paper.published_at, latest: paper.revised_at}
    rows = PaperVersion.objects.filter(paper=paper, number__lte=latest)
    dates |= dict(rows.order_by("-number").values_list("number", "submitted_at")[:MAX_LISTED])
    numbers = range(1, latest + 1) if latest <= MAX_LISTED else dates
    return [
        VersionLine(number, f"{paper.source_url}v{number}", dates.get(number))
        for number in sorted(numbers, reverse=True)
    ]
