"""What an open thread asks for while it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from common.numbers import whole_number
from common.words import counted
from discussions import access, names, news
from discussions.thread_page import presenting
from discussions.views import showing
from papers.models import Paper

if TYPE_CHECKING:
    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest
    from discussions.models import Thread


@require_safe
@login_not_required
def thread_news(request: HtmxRequest, pk: int) -> HttpResponse:
    # What is no id comes before all.
    after = whole_number(request.GET.get("after", "")) or 0
    found = news.news_of(pk, after=after, reader=request.user)
    if not found:
        return HttpResponse(status=204)
    if request.GET.get("show") == "1":
        return _shown(request, pk, found)
    # Without the request: what every page shows is not asked for here.
    return HttpResponse(render_to_string("discussions/_news.html", {"pk": pk, "news": found}))


def _shown(request: HtmxRequest, pk: int, found: news.News) -> HttpResponse:
    """Answer with the comments themselves, each with what it answers: the page places them."""
    thread = access.get_thread(request.user, pk)
    context = {
        "comments": presenting.comments_alone(thread, found.comment_ids, request.user),
        "newest": found.comment_ids[-1],
        "count": counted(thread.comment_count, "comment"),
    }
    return HttpResponse(render_to_string("discussions/_news_shown.html", context))


@require_safe
def thread_names(request: MemberRequest, pk: int) -> HttpResponse:
    return _names(request, access.get_thread(request.user, pk))


@require_safe
def paper_names(request: MemberRequest, external_id: str) -> HttpResponse:
    """Offer names on a paper, before anybody wrote to it too."""
    paper = get_object_or_404(
        Paper.objects.select_related("thread").only("thread"), external_id=external_id
    )
    return _names(request, showing.thread_of(paper))


def _names(request: MemberRequest, thread: Thread | None) -> HttpResponse:
    found = names.names_beginning(request.GET.get("q", ""), thread=thread, reader=request.user)
    rows = [
        {"username": name.username, "name": name.display_name, "here": name.is_here}
        for name in found
    ]
    return JsonResponse({"names": rows})
