"""Showing the page of a paper: as it is asked for, or again with a form in error."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db.models import F, FilteredRelation, Q
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from common.remembering import shared_by_key
from discussions import owners
from discussions.comments import forms
from discussions.thread import posting, queries
from discussions.thread.models import Thread, ThreadReading
from discussions.thread.page import PLACE, ThreadView
from discussions.thread.queries import Ask
from papers.models import Paper
from papers.page import PAPER_COLUMNS, PaperView

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from common.htmx import HtmxRequest
    from discussions.comments.forms import CommentForm
    from papers.sources import Ref

_THREAD_COLUMNS = (
    "thread__comment_count",
    "thread__last_comment_at",
    "thread__locked_at",
    "thread__paper_id",
)
_READING_COLUMNS = ("seen_up_to", "seen_at", "attention")

# Where a blank form takes what differs from page to page. No text holds a NUL.
_TOKEN, _KEY, _PLACE = ("\0token\0", "\0key\0", "\0place\0")
_ACTION, _NAMES, _WRITER = ("\0action\0", "\0names\0", "\0writer\0")


def get_paper(ref: Ref, reader: User | AnonymousUser | None = None) -> Paper:
    """Return a paper with all that its page shows of it, its thread, and where a reader is."""
    papers = Paper.objects.select_related("tally", "organization", "submitted_by", "thread")
    papers = papers.only(*PAPER_COLUMNS, *_THREAD_COLUMNS)
    if reader and reader.is_authenticated:
        is_own = Q(thread__readings__member_id=reader.pk)
        papers = papers.annotate(
            own_reading=FilteredRelation("thread__readings", condition=is_own),
            reading_seen_up_to=F("own_reading__seen_up_to"),
            reading_seen_at=F("own_reading__seen_at"),
            reading_attention=F("own_reading__attention"),
        )
    return get_object_or_404(papers.at(ref))


class Shown(NamedTuple):
    """A paper's page without its frame."""

    title: str
    description: str
    # "" before the first comment.
    thread_pk: int | str
    main: SafeString
    rail: SafeString
    comments: SafeString


def show_paper(
    request: HtmxRequest, paper: Paper, *, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    """Show a paper with its thread, and with the form as it was sent."""
    return _framed(request, _shown(request, paper, form), status)


def show_paper_to_visitor(request: HtmxRequest, ref: Ref) -> HttpResponse:
    """Show the page that every visitor sees alike: one query while it is remembered.

    Votes for the paper and new comments show at once; an edit, or a vote for a comment, may be
    some seconds late. Only the addresses that are linked from elsewhere are remembered.
    """
    if not request.GET.keys() <= {"sort"}:
        return show_paper(request, get_paper(ref))
    state = queries.state_of(ref)
    if state is None:
        raise Http404("There is no such paper.")
    shown = shared_by_key(
        f"paper-{ref}-{Ask.of(request.GET).sort}-{state}",
        lambda: _shown(request, get_paper(ref), None),
    )
    return _framed(request, shown, status=200)


def _framed(request: HtmxRequest, shown: Shown, status: int) -> HttpResponse:
    page = render_to_string("discussions/paper_page.html", {"shown": shown}, request)
    # Put in at the end: each part of a template that holds a megabyte copies it once more.
    whole = page.encode().replace(PLACE.encode(), shown.comments.encode())
    return HttpResponse(whole, status=status)


def _shown(request: HtmxRequest, paper: Paper, form: CommentForm | None) -> Shown:
    view = PaperView(paper, reader=request.user, asked_version=request.GET.get("version", ""))
    thread = ThreadView(
        thread=thread_of(paper),
        url=paper.get_absolute_url(),
        reader=request.user,
        ask=Ask.of(request.GET),
        paper=paper,
        known_reading=_reading_in(paper),
        author_names={line.claimed_by for line in view.authors if line.claimed_by},
    )
    form_html = ""
    if form is None and thread.takes_comments:
        typed = posting.draft_for(request, forms.place_of(paper))
        if typed:
            form = forms.CommentForm(on=paper, typed=typed)
        else:
            form_html = blank_form(request, paper)
    context = {
        "paper": paper,
        "view": view,
        "thread": thread,
        "form": form,
        "form_html": form_html,
        "sections": owners.rail_sections(paper, request.user),
        "show_ai_summary": settings.SHOW_AI_SUMMARIES and paper.ai_summary,
    }
    return Shown(
        title=paper.title_text,
        description=Truncator(paper.abstract).chars(200),
        thread_pk=thread.pk,
        main=render_to_string("discussions/_paper_main.html", context, request),
        rail=render_to_string("discussions/_paper_rail.html", context, request),
        comments=thread.comments_html,
    )


def blank_form(request: HtmxRequest, paper: Paper) -> SafeString:
    """Show the form for a new comment with nothing in it yet.

    Rendering its twelve fields took a third of a member's page, and they are always the same
    but for what is put in here.
    """
    html = _render_blank_form() if settings.DEBUG else _blank_form()
    own = {
        _TOKEN: get_token(request),
        _KEY: str(uuid.uuid4()),
        _PLACE: escape(forms.place_of(paper)),
        _WRITER: escape(request.user.get_username()),
        _ACTION: reverse("discussions:comment_create", args=[paper.ref]),
        _NAMES: reverse("discussions:paper_names", args=[paper.ref]),
    }
    for mark, value in own.items():
        html = html.replace(mark, value)
    return mark_safe(html)  # noqa: S308 - a rendered form, and escaped values


@lru_cache(maxsize=1)
def _blank_form() -> str:
    return _render_blank_form()


def _render_blank_form() -> str:
    # Any paper: what is its own is replaced.
    form = forms.CommentForm(on=Paper(external_id="2401.00001"), typed={"key": _KEY})
    form.action, form.names_url, form.where = _ACTION, _NAMES, _PLACE
    context = {"form": form, "csrf_token": _TOKEN, "user": {"username": _WRITER}}
    return render_to_string("discussions/_comment_form.html", context)


def thread_of(paper: Paper) -> Thread | None:
    """Return the paper's thread, or None before its first comment."""
    try:
        return paper.thread
    except Thread.DoesNotExist:
        return None


def _reading_in(paper: Paper) -> ThreadReading | None:
    """Return how far the reader is, or nothing for a paper that came without it."""
    if not hasattr(paper, "reading_attention"):
        return None
    found = {name: getattr(paper, f"reading_{name}") for name in _READING_COLUMNS}
    # Of a thread that the reader has not been in.
    return ThreadReading(**found) if found["attention"] is not None else ThreadReading()
