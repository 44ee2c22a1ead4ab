"""Parts of URLs."""

from __future__ import annotations

from datetime import date

# A page leads to the days beside its own, so that the calendar's ends have none.
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(2999, 12, 31)


class PaperId:
    """An arXiv id, new or old style, without its version: "2401.12345", "hep-th/9901001".

    Old ids were also written with a subject, "math.GT/0309136", which is not part of them.
    """

    regex = r"[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}"

    def to_python(self, value: str) -> str:
        archive, slash, number = value.partition("/")
        return f"{archive.partition('.')[0]}/{number}" if slash else value

    def to_url(self, value: str) -> str:
        return value


class Slug:
    """What a topic, an organization or an author is known by. Postgres knows no NUL."""

    regex = r"[^/\0]+"

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
        raise ValueError(f"There is no page of {day}.")
    return day
