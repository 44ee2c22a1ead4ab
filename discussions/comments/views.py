"""Views of one comment: permalink, history, and the actions on it."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event

from common import rate_limits
from common.methods import require_page
from common.numbers import whole_number
from common.rate_limits import RateLimitExceededError
from discussions import access, places
from discussions.blocks import blocks
from discussions.comments import (
    comments,
    drafts,
    forgetting,
    history,
    limits,
    reactions,
    voting,
)
from discussions.comments.forms import CommentForm, EditForm
from discussions.comments.marks import CommentMarks, render_choices, render_reactions, render_vote
from discussions.comments.models import Reaction
from discussions.thread import posting

if TYPE_CHECKING:
    from accounts.http import MemberRequest
    from accounts.models import User
    from common.htmx import HtmxRequest
    from discussions.comments.models import Comment


DELETED = f"Comment deleted. You can restore it for {forgetting.KEPT_FOR.days} days."


SAVED = "Comment saved. Previous versions are in its history."


_MOST_QUOTED = 1_500


@require_safe
@login_not_required
def comment_page(request: HtmxRequest, pk: int) -> HttpResponse:
    """Redirect to the comment in its thread."""
    return redirect(places.url_of_comment(access.get_comment(request.user, pk)))


@require_safe
def comment_reply(request: MemberRequest, pk: int) -> HttpResponse:
    parent = access.get_comment(request.user, pk)
    typed = posting.draft_for(request, f"reply:{pk}")
    if typed is None and request.GET.get("quote") == "1":
        typed = {"text": _quoted(request, parent)}
    thread = parent.thread
    form = CommentForm(on=thread.paper or thread, parent=parent, typed=typed)
    return posting.show_reply(request, form, parent)


@require_page
@login_not_required
def comment_edit(request: HtmxRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return _sign_in_to_edit(request, pk)
    member_request = cast("MemberRequest", request)
    comment = access.get_comment_to_change(request.user, pk)
    if request.method == "POST":
        return _save_edit(member_request, comment)
    form = EditForm(comment=comment, typed=posting.draft_for(request, f"edit:{pk}"))
    return _edit_page(member_request, comment, form)


def _save_edit(request: MemberRequest, comment: Comment) -> HttpResponse:
    form = EditForm(request.POST, comment=comment)
    if not form.is_valid():
        return _edit_page(request, comment, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        limits.spend_for_comment(request)
        comment = comments.edit_comment(
            comment=comment, editor=request.user, text=form.cleaned_data["text"]
        )
    except RateLimitExceededError as error:
        form.add_error(None, f"{error} Your text was kept.")
        response = _edit_page(request, comment, form, status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(error.retry_after)
        return response
    except comments.CommentRefusedError as refusal:
        form.add_error(None, str(refusal))
        return _edit_page(request, comment, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _edited(request, comment)


@require_page
def comment_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a comment (`do=delete`), or restore it (`do=restore`)."""
    comment = access.get_comment_to_change(request.user, pk)
    if request.method != "POST":
        return _delete_page(request, comment)
    wanted = request.POST.get("do")
    try:
        if wanted == "delete":
            comments.delete_comment(comment=comment, author=request.user)
            messages.success(request, DELETED)
        elif wanted == "restore":
            comments.restore_comment(comment=comment, author=request.user)
            messages.success(request, "Comment restored.")
        else:
            return HttpResponseBadRequest("Say do=delete or do=restore.")
    except comments.CommentRefusedError as refusal:
        return _delete_page(request, comment, refusal=str(refusal))
    return redirect(places.url_of_comment(comment))


@require_safe
@login_not_required
def comment_history(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show the versions of a comment, the newest first, with the changes of each edit."""
    comment = access.get_comment(request.user, pk)
    gone = _why_not_shown(request, comment)
    context: dict[str, object] = {
        "comment": comment,
        "place": places.place_of(comment.thread),
        "gone": gone,
    }
    if not gone:
        found = history.history_of(comment, up_to=whole_number(request.GET.get("up_to", "")))
        context |= {"versions": found.versions}
        if found.older:
            context["older_url"] = f"{request.path}?{urlencode({'up_to': found.older})}"
    return render(request, "discussions/comment_history.html", context)


def _edit_page(
    request: MemberRequest, comment: Comment, form: EditForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "autofocus": True,
        "refusal": _why_no_edit(comment, request.user),
        "cancel_url": places.url_of_comment(comment),
    }
    template = "discussions/_reply_form.html" if request.htmx else "discussions/edit_form.html"
    return render(request, template, context, status=status)


def _why_no_edit(comment: Comment, editor: User) -> str:
    if comment.taken_back_at:
        return "You deleted this comment. Restore it first, then edit it."
    if comment.hidden_at:
        return "A moderator hid this comment, so it cannot be edited."
    if comment.held_at:
        return (
            "This comment is waiting for a moderator’s approval. You can edit it once it is "
            "approved."
        )
    return comment.thread.why_closed_to(editor)


def _delete_page(request: MemberRequest, comment: Comment, *, refusal: str = "") -> HttpResponse:
    context = {
        "comment": comment,
        # Their own text: only the author gets here.
        "said": comment.html,
        "kept_days": forgetting.KEPT_FOR.days,
        "refusal": refusal,
        "cancel_url": places.url_of_comment(comment),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "discussions/delete_confirm.html", context, status=status)


def _why_not_shown(request: HtmxRequest, comment: Comment) -> str:
    """Return why the versions of a comment are not shown, or "" if they are."""
    if posting.is_apart(request, comment):
        return "One of you has blocked the other, so the text of this comment is not shown."
    if comment.author_id is not None and comment.author_id == request.user.pk:
        return ""
    if comment.taken_back_at:
        return "Its author deleted this comment, so its text is not shown."
    if comment.hidden_at and not _moderates(request):
        return "A moderator hid this comment, so its text is not shown."
    return ""


def _moderates(request: HtmxRequest) -> bool:
    return request.user.is_authenticated and request.user.is_moderator


def _quoted(request: MemberRequest, comment: Comment) -> str:
    """Return the comment as a Markdown quote, without its own quotes."""
    if not posting.shown_html(request, comment):
        return ""
    text = comment.text
    if len(text) > _MOST_QUOTED:
        text = f"{text[:_MOST_QUOTED].rpartition(' ')[0]} …"
    own = "\n".join(line for line in text.split("\n") if not line.startswith(">"))
    own = re.sub(r"\n{3,}", "\n\n", own).strip("\n")
    said = "\n".join(f"> {line}".rstrip() for line in own.split("\n"))
    name = f"> @{comment.author.username}:\n>\n" if comment.author else ""
    return f"{name}{said}\n\n"


def _sign_in_to_edit(request: HtmxRequest, pk: int) -> HttpResponse:
    url = reverse("discussions:comment_edit", args=[pk])
    if request.method != "POST":
        return redirect_to_login(url)
    return posting.sign_in_first(request, where=f"edit:{pk}", url=url, form_id=f"edit-{pk}")


def _edited(request: MemberRequest, comment: Comment) -> HttpResponse:
    drafts.forget(request.session, place=f"edit:{comment.pk}")
    if request.htmx and comment.is_shown:
        context = {
            "comment": comment,
            "is_first_edit": comment.revision_count == 1,
            "said": SAVED,
        }
        response = render(request, "discussions/_edited.html", context)
        return trigger_client_event(response, "comment:edited", {"id": comment.pk}, after="settle")
    messages.info(request, posting.HELD if comment.held_at else SAVED)
    return HttpResponseClientRefresh() if request.htmx else redirect(places.url_of_comment(comment))


@require_page
def comment_vote(request: MemberRequest, pk: int) -> HttpResponse:
    """Vote for a comment (`vote=up`), or remove the vote (`vote=none`).

    As for a paper: a visitor's click is a GET, which leads through sign-in, and
    discussions.sign_in then votes; a member who arrives by GET is asked to confirm.
    """
    comment = access.get_comment(request.user, pk)
    if comment.author_id == request.user.pk:
        raise PermissionDenied("You cannot vote for your own comment.")
    if request.method != "POST":
        return _ask(request, comment)
    rate_limits.spend(request, rate_limits.VOTE)
    wanted = request.POST.get("vote")
    try:
        if wanted == "up":
            vote = voting.cast_vote(comment=comment, member=request.user)
        elif wanted == "none":
            vote = voting.remove_vote(comment=comment, member=request.user)
        else:
            return HttpResponseBadRequest("Say vote=up or vote=none.")
    except voting.MarkRefusedError as refusal:
        return _ask(request, comment, refusal=str(refusal))
    if request.htmx:
        return HttpResponse(render_vote(CommentMarks(pk, vote.vote_count, vote.is_upvoted)))
    return redirect(places.url_of_comment(comment))


@require_page
@login_not_required
def comment_reactions(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show who reacted to a comment; by POST, add a reaction (`reaction=agree`) or remove it.

    The button says which, so that a second click does not undo the first.
    """
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    comment = access.get_comment(request.user, pk)
    if request.method != "POST":
        return _who_reacted(request, comment)
    return _react(cast("MemberRequest", request), comment)


def _react(request: MemberRequest, comment: Comment) -> HttpResponse:
    rate_limits.spend(request, limits.REACT)
    added, removed = request.POST.get("reaction"), request.POST.get("remove")
    try:
        if added in Reaction.Kind.values:
            counts = voting.react(comment=comment, member=request.user, kind=Reaction.Kind(added))
        elif removed in Reaction.Kind.values:
            kind = Reaction.Kind(removed)
            counts = voting.remove_reaction(comment=comment, member=request.user, kind=kind)
        else:
            return HttpResponseBadRequest("Say reaction= or remove=, and which.")
    except voting.MarkRefusedError as refusal:
        return _who_reacted(request, comment, refusal=str(refusal))
    if request.htmx:
        chosen = reactions.chosen_by(request.user, comment)
        marks = CommentMarks(
            pk=comment.pk,
            reaction_counts=counts,
            chosen=chosen,
            is_own=_is_own(request, comment),
        )
        return HttpResponse(render_reactions(marks))
    return redirect(places.url_of_comment(comment))


def _who_reacted(request: HtmxRequest, comment: Comment, *, refusal: str = "") -> HttpResponse:
    """Show who reacted and, to members who may react, the choices."""
    is_shown = bool(posting.shown_html(request, comment))
    marks = _own_marks(request, comment) if is_shown else None
    if request.htmx and request.method != "POST":
        return HttpResponse(render_choices(comment.pk, marks))
    context = {
        "comment": comment,
        "place": places.place_of(comment.thread),
        "is_shown": is_shown,
        "kinds": reactions.who_reacted(comment, reader=request.user) if is_shown else [],
        "choices": marks.choices if marks else [],
        "refusal": refusal,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "discussions/reactions_page.html", context, status=status)


def _own_marks(request: HtmxRequest, comment: Comment) -> CommentMarks | None:
    """Return the member's reactions, or None for a reader who may not react."""
    reader = request.user
    if not reader.is_authenticated or _is_own(request, comment):
        return None
    if not comment.thread.is_writable_by(reader):
        return None
    return CommentMarks(comment.pk, chosen=reactions.chosen_by(reader, comment))


def _is_own(request: HtmxRequest, comment: Comment) -> bool:
    return comment.author_id is not None and comment.author_id == request.user.pk


def _ask(request: MemberRequest, comment: Comment, *, refusal: str = "") -> HttpResponse:
    context = {
        "comment": comment,
        "said": posting.shown_html(request, comment),
        "is_upvoted": comment.votes.counted().filter(member=request.user).exists(),
        "refusal": refusal,
        "cancel_url": places.url_of_comment(comment),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "discussions/comment_vote_confirm.html", context, status=status)


@require_safe
def comment_menu(request: MemberRequest, pk: int) -> HttpResponse:
    """List the actions on a comment: in place for htmx, or as a page."""
    comment = access.get_comment(request.user, pk)
    author = comment.author
    is_own = comment.author_id == request.user.pk
    is_apart = comment.author_id in blocks.kept_apart(request.user)
    context = {
        "comment": comment,
        "is_own": is_own,
        # Do not name blocked members, nor the author of a comment that is not shown.
        "author": author if comment.is_shown and not (is_own or is_apart) else None,
    }
    name = "_comment_menu" if request.htmx else "comment_menu"
    return render(request, f"discussions/{name}.html", context)
