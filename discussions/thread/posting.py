"""Taking a comment in, whichever thread it is for, and losing nothing on the way."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django_htmx.http import trigger_client_event

from common.jinja import render_fragment
from common.numbers import whole_number
from common.rate_limits import RateLimitExceededError, spend
from discussions import access, places
from discussions.blocks import blocks
from discussions.comments import comments, drafts, limits
from discussions.comments.forms import CommentForm
from discussions.thread.comment_list import lone_comments
from discussions.thread.rows import ThreadQuery
from discussions.thread.tree import OLDEST
from papers.models import Paper

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.http import MemberRequest
    from accounts.models import User
    from common.htmx import HtmxRequest
    from discussions.comments.forms import WritingForm
    from discussions.comments.models import Comment
    from discussions.thread.models import Thread

    ShowAgain = Callable[[CommentForm, int], HttpResponse]

HELD = "A moderator has to approve your comment first: it has a link, and your account is new."

TOO_LONG_TO_KEEP = (
    "Your comment is too long to be kept while you sign in. Go back in your browser and copy it."
)


def sign_in_first(
    request: HtmxRequest, *, where: str, url: str, form_id: str = "write"
) -> HttpResponse:
    """Keep what was typed, and lead to the sign-in and from there back to the form."""
    parent = whole_number(request.POST.get("parent", ""))
    if parent is not None:
        where, form_id = f"reply:{parent}", f"write-{parent}"
        url = reverse("discussions:comment_reply", args=[parent])
    if request.POST.get("text", "").strip():
        spend(request, limits.DRAFT)
        if drafts.keep(request.session, place=where, fields=request.POST):
            url = f"{url}?{urlencode({'draft': 1})}"
        else:
            messages.warning(request, TOO_LONG_TO_KEEP)
    return redirect_to_login(f"{url}#{form_id}")


def draft_for(request: HtmxRequest, where: str) -> dict[str, str] | None:
    """Return what was typed at a place while the session had lapsed."""
    return drafts.find(request.session, place=where, reader=request.user.get_username())


def form_html(
    request: HtmxRequest, form: WritingForm, *, cancel_url: str = "", alone: bool = False
) -> SafeString:
    """Show the form; `alone` where its page shows nothing that htmx could swap it in."""
    return render_fragment(
        "discussions/_comment_form.jinja",
        form=form,
        csrf_token=get_token(request),
        username=request.user.get_username(),
        cancel_url=cancel_url,
        alone=alone,
    )


def take(request: HtmxRequest, on: Paper | Thread, show_again: ShowAgain) -> HttpResponse:
    """Post the comment that a member sent, or show the form again with what is wrong."""
    member_request = cast("MemberRequest", request)
    form = _form(member_request, on)
    if not form.is_valid():
        if "key" in form.errors:
            form.take_new_key()
        return _again(request, form, show_again, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        limits.spend_for_comment(member_request)
        posted = comments.post_comment(
            thread=comments.ensure_thread(paper=on) if isinstance(on, Paper) else on,
            author=member_request.user,
            text=form.cleaned_data["text"],
            key=form.cleaned_data["key"],
            parent=form.answered,
            anchor=form.cleaned_data["anchor"],
            about=form.cleaned_data.get("about"),
        )
    except RateLimitExceededError as error:
        form.add_error(None, f"{error} Your text was kept.")
        response = _again(request, form, show_again, HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(error.retry_after)
        return response
    except comments.CommentRefusedError as refusal:
        form.add_error(None, str(refusal))
        form.take_new_key()
        return _again(request, form, show_again, HTTPStatus.UNPROCESSABLE_ENTITY)
    drafts.forget(request.session, place=form.where)
    return _posted(member_request, posted, form)


def _form(request: MemberRequest, on: Paper | Thread) -> CommentForm:
    sent = request.POST.get("parent", "")
    if not sent:
        return CommentForm(request.POST, on=on)
    try:
        # What is no id is as one that is not there: none is 0.
        parent = access.get_comment(request.user, whole_number(sent) or 0)
    except Http404:
        data = request.POST.copy()
        data["parent"] = ""
        form = CommentForm(data, on=on)
        form.full_clean()
        form.add_error(
            None,
            "The comment you are replying to is gone. Your text was kept: press Post to add "
            "it as a separate comment.",
        )
        return form
    return CommentForm(request.POST, on=on, parent=parent)


def _again(
    request: HtmxRequest, form: CommentForm, show_again: ShowAgain, status: int
) -> HttpResponse:
    if request.htmx:
        return HttpResponse(form_html(request, form), status=status)
    if form.answered:
        return show_reply(cast("MemberRequest", request), form, form.answered, status=status)
    return show_again(form, status)


def show_reply(
    request: MemberRequest, form: CommentForm, parent: Comment, *, status: int = 200
) -> HttpResponse:
    """Show the comment that is answered, and the form below it or why there is none."""
    context = {
        "heading": "Reply",
        "parent": parent,
        "said": shown_html(request, parent),
        "place": places.place_of(parent.thread),
        "form": form,
        "autofocus": True,
        "refusal": why_no_reply(request, parent),
        "cancel_url": places.url_of_comment(parent),
    }
    template = "discussions/_reply_form.html" if request.htmx else "discussions/reply_page.html"
    return render(request, template, context, status=status)


def shown_html(request: HtmxRequest, comment: Comment) -> str:
    """Return what the comment says, or nothing where the reader is not to read it."""
    if not comment.is_shown or is_apart(request, comment):
        return ""
    return comment.html


def is_apart(request: HtmxRequest, comment: Comment) -> bool:
    """Whether a block stands between the reader and who wrote the comment."""
    return comment.author_id in blocks.kept_apart(request.user)


def why_no_reply(request: MemberRequest, comment: Comment) -> str:
    """Say why the comment cannot be answered, or nothing if it can."""
    if reason := comment.thread.why_closed_to(request.user):
        return reason
    if comment.held_at and not comment.hidden_at and not comment.taken_back_at:
        return (
            "This comment is waiting for a moderator’s approval. You can reply once it is approved."
        )
    if not comment.is_shown:
        return "This comment is gone, so you cannot reply to it."
    if is_apart(request, comment):
        return "You cannot reply to this comment."
    return ""


def _posted(request: MemberRequest, posted: comments.Posted, form: CommentForm) -> HttpResponse:
    """Show the new comment at its place. A retry is led to what the first press posted."""
    comment = posted.comment
    if not request.htmx or not posted.is_new:
        if comment.held_at:
            messages.info(request, HELD)
        return redirect(places.url_of_comment(comment))
    thread = comment.thread
    context = {
        "comment": comment,
        "comment_html": _shown(comment, request.user),
        "into": f"beforeend:#replies-{form.answered.pk}"
        if form.answered
        else _top_of_list(request),
        "count": thread.comment_count,
        "form": None if form.answered else CommentForm(on=form.on),
        "held": HELD if comment.held_at else "",
    }
    response = render(request, "discussions/_posted.html", context)
    return trigger_client_event(response, "comment:posted", {"id": comment.pk}, after="settle")


def _shown(comment: Comment, reader: User) -> SafeString:
    alone = lone_comments(comment.thread, [comment.pk], reader)
    return alone[0].html if alone else SafeString("")


def _top_of_list(request: HtmxRequest) -> str:
    """Say where a new comment goes: on top, unless the oldest stand there."""
    try:
        query = urlsplit(request.htmx.current_url or "").query
    except ValueError:
        # The header is the browser's word, and the comment is posted already.
        query = ""
    is_oldest_first = ThreadQuery.of(QueryDict(query)).sort == OLDEST
    return "beforeend:#comments" if is_oldest_first else "afterbegin:#comments"
