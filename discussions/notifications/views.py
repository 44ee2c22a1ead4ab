"""Views of the inbox and its settings."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common import paging, redirects
from common.numbers import whole_number
from discussions.notifications import news_settings
from discussions.notifications import page as inboxes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.http import MemberRequest

_MOST_IDS = 500


@require_safe
def inbox(request: MemberRequest) -> HttpResponse:
    shown, before = _filter(request.GET.get("show", "")), paging.start_of(request)
    url = reverse("discussions:inbox")
    tabs = [
        {"label": each.label, "url": _with_query(url, show=each.key), "is_current": each is shown}
        for each in inboxes.FILTERS
    ]
    page = inboxes.page_of(request.user, shown, before=before)
    return render(
        request,
        "discussions/inbox.html",
        {
            "page": page,
            "shown": shown,
            "tabs": tabs,
            "before": before,
            "here": _with_query(url, show=shown.key, before=before),
            "newest_url": _with_query(url, show=shown.key),
            "older_url": _with_query(url, show=shown.key, before=page.older),
        },
    )


@require_POST
def inbox_read(request: MemberRequest) -> HttpResponse:
    """Mark some as read (`ids`), or a part of the inbox (`all=1`, `show`, `up_to`).

    `up_to` is the newest on the page: later ones stay unread.
    """
    ids = _ids(request.POST.getlist("ids"))
    up_to = _ids([request.POST.get("up_to", "")])
    if ids:
        inboxes.mark_read(member=request.user, ids=ids)
    elif request.POST.get("all") == "1" and up_to:
        shown = _filter(request.POST.get("show", ""))
        inboxes.mark_all_read(member=request.user, shown=shown, up_to=up_to[0])
    else:
        return HttpResponseBadRequest("Say which: ids, or all=1 and up_to.")
    if request.htmx and ids:
        return _one_read(request, ids[0])
    return redirect(redirects.local_next(request, otherwise=reverse("discussions:inbox")))


@require_safe
def notification_settings(request: MemberRequest) -> HttpResponse:
    lists = news_settings.lists_of(
        request.user, only=request.GET.get("list", ""), before=paging.start_of(request)
    )
    if not lists:
        raise Http404("There is no such list.")
    page = {"lists": lists, "here": request.get_full_path(), "is_part": len(lists) == 1}
    return render(request, "discussions/notification_settings.html", page)


def _one_read(request: MemberRequest, pk: int) -> HttpResponse:
    """Render the item as read, and the bell with one less."""
    item = inboxes.item_of(request.user, pk)
    if item is None:
        raise Http404("There is no such notification.")
    here = redirects.local_next(request, otherwise=reverse("discussions:inbox"))
    return render(
        request,
        "discussions/_inbox_item.html",
        {"item": item, "here": here, "is_swapped": True},
    )


def _filter(key: str) -> inboxes.Filter:
    shown = inboxes.filter_of(key)
    if shown is None:
        raise Http404("The inbox has no such part.")
    return shown


def _ids(given: Iterable[str]) -> list[int]:
    numbers = (whole_number(each) for each in given)
    return list(islice((each for each in numbers if each is not None), _MOST_IDS))


def _with_query(url: str, **query: str | int | None) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(kept)}" if kept else url
