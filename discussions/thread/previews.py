"""What a text will look like once it is posted."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from common.rate_limits import spend
from discussions import access
from discussions.comments import drafts, limits, rendering
from discussions.comments.forms import CommentForm, EditForm
from discussions.markdown import comment_text
from discussions.thread import posting
from papers.models import Paper
from papers.sources import parse_ref

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.http import MemberRequest
    from accounts.models import User
    from common.htmx import HtmxRequest
    from discussions.comments.forms import WritingForm

    Typed = dict[str, str]

# What the button says that takes a passage off a form.
WITHOUT_PASSAGE = "without-passage"


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
    context = {"form": form, "heading": "Your comment"}
    template = "discussions/_comment_form.html" if request.htmx else "discussions/reply_page.html"
    return render(request, template, context)


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
