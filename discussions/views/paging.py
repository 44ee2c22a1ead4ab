"""Where a page of a list begins, as its address says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from common.numbers import whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest


def start_of(request: HttpRequest, name: str = "before") -> int | None:
    """Return the id that a page begins below or after; None for the first page."""
    given = request.GET.get(name)
    if given is None:
        return None
    start = whole_number(given)
    if start is None:
        raise Http404("No page begins there.")
    return start
