"""A thread: writing to it, watching it, having read it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe

from common import redirects
from common.numbers import whole_number
from common.rate_limits import spend
from common.words import counted
from discussions import access, places
from discussions.comments import comments, drafts, limits, rendering
from discussions.comments.forms import CommentForm, EditForm, place_of
from discussions.markdown import comment_text
from discussions.thread import comment_list, names, news, page, posting, reading
from discussions.thread.models import ThreadReading
from discussions.thread.rows import ThreadQuery
from papers import submitting
from papers.models import Paper
from papers.page import PaperView, arxiv_twin
from papers.sources import PAPER_SOURCES, parse_ref

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.http import MemberRequest
    from accounts.models import User
    from common.htmx import HtmxRequest
    from discussions.comments.forms import WritingForm
    from discussions.thread.models import Thread
    from papers.sources import Ref

    Typed = dict[str, str]


_NEWS = {
    ThreadReading.Attention.WATCHING: "You will be notified of every new comment here.",
    ThreadReading.Attention.MUTED: "You will get no notifications from this thread.",
    ThreadReading.Attention.USUAL: "You will be notified of replies and mentions.",
}

# What the button says that takes a passage off a form.
WITHOUT_PASSAGE = "without-passage"


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
    paper = page.get_paper(ref)

    def show_again(form: CommentForm, status: int) -> HttpResponse:
        return _show_paper(request, paper, form=form, status=status)

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
        "comments": comment_list.lone_comments(thread, found.comment_ids, request.user),
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
    return _names(request, page.thread_of(paper))


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
    if twin := arxiv_twin(ref):
        return redirect(twin)
    address = reverse("discussions:paper_page", args=[ref])
    if request.path != unquote(address):
        # Old ids come with their subject, and DOIs in capitals.
        query = request.META["QUERY_STRING"]
        return redirect(f"{address}?{query}" if query else address)
    # Only the addresses that are linked from elsewhere are remembered.
    if request.user.is_authenticated or not request.GET.keys() <= {"sort"}:
        paper = page.find_paper(ref)
        return _show_paper(request, paper) if paper else _offer_paper(request, ref)
    shown = page.visitors_paper(ref, ThreadQuery.of(request.GET).sort)
    if shown is None:
        return _offer_paper(request, ref)
    return render(request, "discussions/paper_page.html", {"shown": shown})


def _offer_paper(request: HtmxRequest, ref: Ref) -> HttpResponse:
    """Say that the paper is not here, and offer to bring it in, if there can be one."""
    source = PAPER_SOURCES[ref.source]
    context = {
        "ref": ref,
        "source": source,
        "source_url": source.page_url(ref.external_id),
        "refusal": submitting.refusal_of(ref),
    }
    return render(request, "discussions/paper_missing.html", context, status=HTTPStatus.NOT_FOUND)


def _show_paper(
    request: HtmxRequest, paper: Paper, *, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    """Show a paper with its thread, and with the form as it was sent."""
    view = PaperView(paper, reader=request.user, asked_version=request.GET.get("version", ""))
    query = ThreadQuery.of(request.GET)
    thread = page.thread_view(paper, request.user, view=view, query=query)
    if form is None and thread.takes_comments:
        form = CommentForm(on=paper, typed=posting.draft_for(request, place_of(paper)))
    form_html = posting.form_html(request, form) if form else ""
    shown = page.render_paper(view, thread, form_html=form_html)
    return render(request, "discussions/paper_page.html", {"shown": shown}, status=status)


# What a text will look like -----------------------------------------------------------------


@login_not_required
def comment_preview(request: HtmxRequest) -> HttpResponse:
    """Show what a text will look like: made by what will make it when it is posted."""
    if not request.user.is_authenticated:
        return _sign_in_to_preview(request)
    return _preview(cast("MemberRequest", request))


@require_POST
def _preview(request: MemberRequest) -> HttpResponse:
    spend(request, limits.PREVIEW)
    form = _form_at(request)
    if request.POST.get("preview") == WITHOUT_PASSAGE:
        return _without_passage(request, form)
    preview: dict[str, str] = {}
    status = HTTPStatus.OK
    try:
        preview["html"] = rendering.preview(request.POST.get("text", ""))
    except comment_text.TextError as error:
        preview["refusal"] = str(error)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    preview_id = form.preview_id if form else "preview"
    context = {"preview": preview, "preview_id": preview_id, "form": form}
    if request.htmx:
        return render(request, "discussions/_preview.html", context, status=status)
    return render(request, "discussions/preview_page.html", context, status=status)


def _without_passage(request: MemberRequest, form: WritingForm | None) -> HttpResponse:
    """Show the form again without what it pointed at."""
    if request.htmx and form:
        return HttpResponse(posting.form_html(request, form))
    context = {"form": form, "heading": "Your comment"}
    return render(request, "discussions/reply_page.html", context)


def _form_at(request: MemberRequest) -> WritingForm | None:
    """Return the form that a preview was asked from, with what was typed in it."""
    kind, _, name = request.POST.get("where", "").partition(":")
    names: Collection[str] = drafts.FIELDS
    if request.POST.get("preview") == WITHOUT_PASSAGE:
        names = ("text", "key")
    typed = {field: request.POST[field] for field in names if field in request.POST}
    try:
        return _FORMS_AT[kind](request.user, name, typed)
    except (KeyError, ValueError, Http404, PermissionDenied):
        return None


def _form_on_paper(member: User, name: str, typed: Typed) -> WritingForm:
    return CommentForm(on=get_object_or_404(Paper.objects.at(parse_ref(name))), typed=typed)


def _form_in_thread(member: User, name: str, typed: Typed) -> WritingForm:
    return CommentForm(on=access.get_thread(member, int(name)), typed=typed)


def _form_for_reply(member: User, name: str, typed: Typed) -> WritingForm:
    parent = access.get_comment(member, int(name))
    return CommentForm(on=parent.thread, parent=parent, typed=typed)


def _form_for_edit(member: User, name: str, typed: Typed) -> WritingForm:
    return EditForm(comment=access.get_comment_to_change(member, int(name)), typed=typed)


_FORMS_AT = {
    "paper": _form_on_paper,
    "thread": _form_in_thread,
    "reply": _form_for_reply,
    "edit": _form_for_edit,
}

_PAGES_AT = {
    "paper": "discussions:paper_page",
    "thread": "discussions:thread_page",
    "reply": "discussions:comment_reply",
    "edit": "discussions:comment_edit",
}


def _sign_in_to_preview(request: HtmxRequest) -> HttpResponse:
    """Lead back to the form and not to the preview, which is nothing without its text."""
    where = request.POST.get("where", "")
    kind, _, name = where.partition(":")
    try:
        url = reverse(_PAGES_AT[kind], args=[name])
    except (KeyError, NoReverseMatch):
        return redirect_to_login("/")
    form_id = f"edit-{name}" if kind == "edit" else "write"
    return posting.sign_in_first(request, where=where, url=url, form_id=form_id)
