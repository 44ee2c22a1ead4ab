"""Periods of days, by which papers are listed."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format


@dataclass(frozen=True)
class Period:
    """A day, an ISO week or a month; `last` is included."""

    kind: str
    first: date
    last: date

    @property
    def url(self) -> str:
        return reverse(f"papers:{self.kind}_list", args=[self.first])

    @property
    def title(self) -> str:
        """The name as a heading: "Friday, November 20, 2026", "November 16–22, 2026"."""
        if self.kind == "day":
            return date_format(self.first, "l, F j, Y")
        if self.kind == "month":
            return date_format(self.first, "F Y")
        if self.first.month == self.last.month:
            return f"{date_format(self.first, 'F j')}–{date_format(self.last, 'j, Y')}"
        start = "F j" if self.first.year == self.last.year else "F j, Y"
        return f"{date_format(self.first, start)} – {date_format(self.last, 'F j, Y')}"

    @property
    def short_title(self) -> str:
        """The name as a link: "Fri, Nov 20", "Week 47", "November"."""
        if self.kind == "day":
            return date_format(self.first, "D, M j")
        if self.kind == "month":
            return date_format(self.first, "F Y")
        return f"Week {self.first.isocalendar().week}"


def today() -> date:
    """Return the current day of the lists: the same for readers everywhere."""
    return timezone.now().date()


def day(of: date) -> Period:
    return Period("day", of, of)


def week(of: date) -> Period:
    first = of - timedelta(days=of.weekday())
    return Period("week", first, first + timedelta(days=6))


def month(of: date) -> Period:
    days = calendar.monthrange(of.year, of.month)[1]
    return Period("month", of.replace(day=1), of.replace(day=days))


PERIODS = {"day": day, "week": week, "month": month}
