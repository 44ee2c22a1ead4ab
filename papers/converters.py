"""Parts of URLs."""

from __future__ import annotations

from datetime import date

from papers.sources import PAPER_SOURCES, Ref, parse_ref
from papers.sources.arxiv import ARXIV

# A page leads to the days beside its own, so that the calendar's ends have none.
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(2999, 12, 31)


# What one does to a paper, last in an address.
ACTS = ("abstract", "attention", "comments", "names", "nominate", "save", "vote", "voters")


class PaperRef:
    """A paper: "2401.12345" at arXiv, "doi/10.1145/3292500", "openreview/HkwoSDPgg"."""

    regex = "|".join(source.address_pattern for source in PAPER_SOURCES.values())

    def to_python(self, value: str) -> Ref:
        return parse_ref(value)

    def to_url(self, value: Ref | str) -> str:
        return str(value)


class PaperPageRef(PaperRef):
    """A paper, last in an address. A slash ends one whose DOI itself ends as an act does."""

    _ends_as_act = "|".join(f"(?<=/{act})" for act in ACTS)
    regex = f"(?:{PaperRef.regex})(?:(?:{_ends_as_act})/|(?!{_ends_as_act}))"

    def to_python(self, value: str) -> Ref:
        return parse_ref(value.removesuffix("/"))

    def to_url(self, value: Ref | str) -> str:
        text = str(value)
        return f"{text}/" if text.rpartition("/")[2] in ACTS else text


class ArxivPaper(PaperRef):
    """A paper at arXiv, whose id may be followed by a version."""

    regex = ARXIV.address_pattern


class Slug:
    """What a topic, an organization or an author is known by. Postgres knows no NUL."""

    regex = r"[^/\0]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Digest:
    """The digest of a stored picture."""

    regex = r"[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Day:
    """A date as ISO 8601 writes it. One that does not exist is no URL of ours."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return _with_days_beside(date.fromisoformat(value))

    def to_url(self, value: date) -> str:
        return value.isoformat()


class Week:
    """An ISO week, "2026-W47", as the Monday that it starts with."""

    regex = r"[0-9]{4}-W[0-9]{2}"

    def to_python(self, value: str) -> date:
        year, _, week = value.partition("-W")
        return _with_days_beside(date.fromisocalendar(int(year), int(week), 1))

    def to_url(self, value: date) -> str:
        year, week, _ = value.isocalendar()
        return f"{year:04}-W{week:02}"


class Month:
    """A month, "2026-11", as its first day."""

    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return _with_days_beside(date.fromisoformat(f"{value}-01"))

    def to_url(self, value: date) -> str:
        return f"{value.year:04}-{value.month:02}"


def _with_days_beside(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"There is no page for {day}.")
    return day
