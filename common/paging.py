"""Keyset pagination of long lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from django.http import Http404

from common.components import Pager
from common.numbers import whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest


T = TypeVar("T", bound="Model")


def page_below(rows: QuerySet[T], before: int | None, *, size: int) -> tuple[list[T], int | None]:
    """Return the newest rows, or those below an id, and the id below which the next page begins."""
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    shown = found[:size]
    return shown, shown[-1].pk if len(found) > size else None


def start_of(request: HttpRequest, name: str = "before") -> int | None:
    """Return the id below or after which a page begins; None for the first page."""
    given = request.GET.get(name)
    if given is None:
        return None
    start = whole_number(given)
    if start is None:
        raise Http404("No page begins there.")
    return start


# No list has more pages than this.
MAX_PAGE = 10_000


def number_of(request: HttpRequest, name: str = "page") -> int:
    """Return the number of the requested page, 1 by default."""
    given = request.GET.get(name)
    if given is None:
        return 1
    number = whole_number(given, digits=5)
    if not number or number > MAX_PAGE:
        raise Http404("The list has no such page.")
    return number


def pager_of(
    request: HttpRequest, number: int, *, has_more: bool, name: str = "page", anchor: str = ""
) -> Pager:
    """Return links to the pages before and after; other lists on the page keep theirs."""
    values = {key: value for key, value in request.GET.items() if key != name}
    return pager_at(request.path, values, number, has_more=has_more, name=name, anchor=anchor)


def pager_at(
    path: str,
    values: Mapping[str, object],
    number: int,
    *,
    has_more: bool,
    name: str = "page",
    anchor: str = "",
) -> Pager:
    """Return links to the pages before and after at a URL, for components/_pager.html."""

    def url(page: int) -> str:
        query = {**values, name: page} if page > 1 else values
        return f"{path}{'?' if query else ''}{urlencode(query)}{anchor}"

    return Pager(
        page_number=number,
        previous_page_url=url(number - 1) if number > 1 else "",
        next_page_url=url(number + 1) if has_more else "",
    )
