"""Views of comments outside their threads: the latest, a member's, feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from accounts.models import User
from common import paging
from discussions.latest import feeds
from discussions.latest import page as latest_page
from discussions.thread.models import Thread

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
@login_not_required
def latest_comments(request: HttpRequest) -> HttpResponse:
    before = paging.start_of(request)
    page = latest_page.latest_comments(request.user, before=before)
    context = {"page": page, "before": before, "url": reverse("discussions:latest_comments")}
    return render(request, "discussions/latest_comments.html", context)


@require_safe
@login_not_required
def member_comments(request: HttpRequest, username: str) -> HttpResponse:
    member = get_object_or_404(User.objects.present().looking_like(username))
    url = reverse("discussions:member_comments", args=[member.username])
    if member.username != username:
        return redirect(url)
    before = paging.start_of(request)
    page = latest_page.comments_by(member, reader=request.user, before=before)
    context = {"member": member, "page": page, "before": before, "url": url}
    return render(request, "discussions/member_comments.html", context)


@require_safe
@login_not_required
def latest_feed(request: HttpRequest) -> HttpResponse:
    return _answer(request, feeds.latest_feed())


@require_safe
@login_not_required
def thread_feed(request: HttpRequest, pk: int) -> HttpResponse:
    # Feed readers have no session, so feeds contain only what everybody may read.
    threads = Thread.objects.public().select_related("paper")
    return _answer(request, feeds.thread_feed(get_object_or_404(threads, pk=pk)))


def _answer(request: HttpRequest, feed: feeds.CommentFeed) -> HttpResponse:
    """Send the feed, or 304 without rendering it if the client's copy is current.

    Only the ETag is compared: hiding, deleting or releasing a comment moves the latest date of
    a feed backwards or not at all.
    """
    response = get_conditional_response(request, etag=feed.etag)
    if response is None:
        response = HttpResponse(feed.write(), content_type=feeds.CONTENT_TYPE)
        response["ETag"] = feed.etag
    return response
