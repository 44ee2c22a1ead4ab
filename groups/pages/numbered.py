"""Lists that are shown in numbered pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404

from common.numbers import whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest

# Beyond this no list goes, and nobody has counted so far.
MAX_PAGE = 10_000


def number_of(request: HttpRequest, name: str = "page") -> int:
    """Return which page of a list the address names, the first unless it does."""
    given = request.GET.get(name)
    if given is None:
        return 1
    number = whole_number(given, digits=5)
    if not number or number > MAX_PAGE:
        raise Http404("The list has no such page.")
    return number


def pager_of(
    request: HttpRequest, number: int, *, has_more: bool, name: str = "page", anchor: str = ""
) -> dict[str, object]:
    """Return the way on and back, for components/_pager.html; other lists keep their page."""

    def url(page: int) -> str:
        values = {key: value for key, value in request.GET.items() if key != name}
        values |= {name: str(page)} if page > 1 else {}
        query = f"?{urlencode(values)}" if values else ""
        return f"{request.path}{query}{anchor}"

    return {
        "page_number": number,
        "previous_page_url": url(number - 1) if number > 1 else "",
        "next_page_url": url(number + 1) if has_more else "",
    }
