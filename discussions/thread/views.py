"""A thread: writing to it, watching it, having read it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common import redirects
from common.numbers import whole_number
from common.words import counted
from discussions import access, places
from discussions.comments import comments
from discussions.thread import names, news, page, posting, reading, showing
from discussions.thread.models import ThreadReading
from papers.models import Paper

if TYPE_CHECKING:
    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest
    from discussions.comments.forms import CommentForm
    from discussions.thread.models import Thread
    from papers.sources import Ref


_NEWS = {
    ThreadReading.Attention.WATCHING: "You will be notified of every new comment here.",
    ThreadReading.Attention.MUTED: "You will get no notifications from this thread.",
    ThreadReading.Attention.USUAL: "You will be notified of replies and mentions.",
}


@require_safe
@login_not_required
def thread_page(request: HtmxRequest, pk: int) -> HttpResponse:
    """Lead to the page that shows the thread, with what the address asks of it."""
    place = places.place_of(access.get_thread(request.user, pk))
    query = f"?{request.META['QUERY_STRING']}" if request.META["QUERY_STRING"] else ""
    return redirect(f"{place.url}{query}#thread")


@require_POST
@login_not_required
def comment_create(request: HtmxRequest, ref: Ref) -> HttpResponse:
    if not request.user.is_authenticated:
        url = reverse("discussions:paper_page", args=[ref])
        return posting.sign_in_first(request, where=f"paper:{ref}", url=url)
    paper = showing.get_paper(ref)

    def show_again(form: CommentForm, status: int) -> HttpResponse:
        return showing.show_paper(request, paper, form=form, status=status)

    return posting.take(request, paper, show_again)


@require_POST
@login_not_required
def thread_comment_create(request: HtmxRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        # Whether there is such a thread is not a visitor's to learn.
        url = reverse("discussions:thread_page", args=[pk])
        return posting.sign_in_first(request, where=f"thread:{pk}", url=url)
    thread = access.get_thread(request.user, pk)
    on = thread.paper or thread

    def show_again(form: CommentForm, status: int) -> HttpResponse:
        context = {"heading": "Your comment", "form": form, "place": places.place_of(thread)}
        return render(request, "discussions/reply_page.html", context, status=status)

    return posting.take(request, on, show_again)


@require_POST
def paper_attention(request: MemberRequest, ref: Ref) -> HttpResponse:
    """Choose what news of a paper's thread one gets, before anybody wrote to it too."""
    paper = get_object_or_404(Paper.objects.at(ref))
    attention = _attention(request)
    if attention is None:
        return _say_which()
    return _set_attention(request, comments.ensure_thread(paper=paper), attention)


@require_POST
def thread_attention(request: MemberRequest, pk: int) -> HttpResponse:
    thread = access.get_thread(request.user, pk)
    attention = _attention(request)
    if attention is None:
        return _say_which()
    return _set_attention(request, thread, attention)


@require_POST
def thread_seen(request: MemberRequest, pk: int) -> HttpResponse:
    """Note how far the member has read: `up_to` is the newest comment on their screen."""
    thread = access.get_thread(request.user, pk)
    up_to = whole_number(request.POST.get("up_to", ""))
    if up_to is None:
        return HttpResponseBadRequest("Say up_to=, the id of a comment.")
    reading.mark_seen(thread=thread, member=request.user, up_to=up_to)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _attention(request: MemberRequest) -> ThreadReading.Attention | None:
    """Read which attention is asked for; the usual one has no word in its row."""
    asked = request.POST.get("attention")
    if asked == "usual":
        return ThreadReading.Attention.USUAL
    return ThreadReading.Attention(asked) if asked in ThreadReading.Attention.values else None


def _say_which() -> HttpResponse:
    return HttpResponseBadRequest("Say attention=watching, muted or usual.")


def _set_attention(
    request: MemberRequest, thread: Thread, attention: ThreadReading.Attention
) -> HttpResponse:
    reading.set_attention(thread=thread, member=request.user, attention=attention)
    messages.success(request, _NEWS[attention])
    back = redirects.local_next(request, otherwise="")
    return redirect(back or places.url_of_thread(thread))


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
        "comments": page.comments_alone(thread, found.comment_ids, request.user),
        "newest": found.comment_ids[-1],
        "count": counted(thread.comment_count, "comment"),
    }
    return HttpResponse(render_to_string("discussions/_news_shown.html", context))


@require_safe
def thread_names(request: MemberRequest, pk: int) -> HttpResponse:
    return _names(request, access.get_thread(request.user, pk))


@require_safe
def paper_names(request: MemberRequest, ref: Ref) -> HttpResponse:
    """Offer names on a paper, before anybody wrote to it too."""
    papers = Paper.objects.select_related("thread").only("thread")
    paper = get_object_or_404(papers.at(ref))
    return _names(request, showing.thread_of(paper))


def _names(request: MemberRequest, thread: Thread | None) -> HttpResponse:
    found = names.names_beginning(request.GET.get("q", ""), thread=thread, reader=request.user)
    rows = [
        {"username": name.username, "name": name.display_name, "here": name.is_here}
        for name in found
    ]
    return JsonResponse({"names": rows})


@require_safe
@login_not_required
def paper_page(request: HtmxRequest, ref: Ref) -> HttpResponse:
    if not request.user.is_authenticated:
        return showing.show_paper_to_visitor(request, ref)
    return showing.show_paper(request, showing.get_paper(ref, request.user))
