"""Parts of URLs."""

from __future__ import annotations

from datetime import date


class PaperId:
    """An arXiv id, new or old style, without its version: "2401.12345", "hep-th/9901001"."""

    regex = r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Day:
    """A date as ISO 8601 writes it. One that does not exist is no URL of ours."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class Week:
    """An ISO week, "2026-W47", as the Monday that it starts with."""

    regex = r"\d{4}-W\d{2}"

    def to_python(self, value: str) -> date:
        year, _, week = value.partition("-W")
        return date.fromisocalendar(int(year), int(week), 1)

    def to_url(self, value: date) -> str:
        year, week, _ = value.isocalendar()
        return f"{year:04}-W{week:02}"


class Month:
    """A month, "2026-11", as its first day."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        return f"{value.year:04}-{value.month:02}"
