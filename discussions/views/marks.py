"""Votes for comments, and reactions to them: one press, signed in or about to be."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render

from common import rate_limits
from common.methods import require_page
from discussions import access, limits, places, reactions, voting
from discussions.models import Reaction
from discussions.thread_page import comment_marks
from discussions.views import posting

if TYPE_CHECKING:
    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest
    from discussions.models import Comment


@require_page
def comment_vote(request: MemberRequest, pk: int) -> HttpResponse:
    """Vote for a comment (`vote=up`), or take the vote back (`vote=none`).

    As for a paper: a visitor's press is a GET, which leads through sign-in, and
    discussions.sign_in votes then; a member who comes by GET is asked to press.
    """
    comment = access.get_comment(request.user, pk)
    if comment.author_id == request.user.pk:
        raise PermissionDenied("Nobody votes for their own comment.")
    if request.method != "POST":
        return _ask(request, comment)
    rate_limits.spend(request, rate_limits.VOTE)
    wanted = request.POST.get("vote")
    try:
        if wanted == "up":
            vote = voting.cast_vote(comment=comment, member=request.user)
        elif wanted == "none":
            vote = voting.take_back_vote(comment=comment, member=request.user)
        else:
            return HttpResponseBadRequest("Say vote=up or vote=none.")
    except voting.MarkRefusedError as refusal:
        return _ask(request, comment, refusal=str(refusal))
    if request.htmx:
        return HttpResponse(
            comment_marks.vote(pk, vote.vote_count, is_upvoted=vote.is_upvoted, is_own=False)
        )
    return redirect(places.url_of_comment(comment))


@require_page
@login_not_required
def comment_reactions(request: HtmxRequest, pk: int) -> HttpResponse:
    """Who reacted to a comment; by POST, react (`reaction=agree`) or take it back.

    The button says which of the two, so that a second click does not undo the first.
    """
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    comment = access.get_comment(request.user, pk)
    if request.method != "POST":
        return _who_reacted(request, comment)
    return _react(cast("MemberRequest", request), comment)


def _react(request: MemberRequest, comment: Comment) -> HttpResponse:
    rate_limits.spend(request, limits.REACT)
    added, removed = request.POST.get("reaction"), request.POST.get("take_back")
    try:
        if added in Reaction.Kind.values:
            counts = voting.react(comment=comment, member=request.user, kind=Reaction.Kind(added))
        elif removed in Reaction.Kind.values:
            kind = Reaction.Kind(removed)
            counts = voting.take_back_reaction(comment=comment, member=request.user, kind=kind)
        else:
            return HttpResponseBadRequest("Say reaction= or take_back=, and which.")
    except voting.MarkRefusedError as refusal:
        return _who_reacted(request, comment, refusal=str(refusal))
    if request.htmx:
        chosen = reactions.chosen_by(request.user, comment)
        is_own = _is_own(request, comment)
        return HttpResponse(comment_marks.reactions(comment.pk, counts, chosen, is_own=is_own))
    return redirect(places.url_of_comment(comment))


def _who_reacted(request: HtmxRequest, comment: Comment, *, refusal: str = "") -> HttpResponse:
    """Show who reacted and, to those who may, what there is to choose from."""
    is_shown = bool(posting.shown_html(request, comment))
    context = {
        "comment": comment,
        "place": places.place_of(comment.thread),
        "is_shown": is_shown,
        "kinds": reactions.who_reacted(comment, reader=request.user) if is_shown else [],
        "choices": _choices(request, comment) if is_shown else [],
        "refusal": refusal,
    }
    asks_for_choices = request.htmx and request.method != "POST"
    template = "_reaction_choices.html" if asks_for_choices else "reactions_page.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, f"discussions/{template}", context, status=status)


def _choices(request: HtmxRequest, comment: Comment) -> list[dict[str, object]]:
    """Return what the reader may press, and what they have pressed already."""
    reader = request.user
    if not reader.is_authenticated or _is_own(request, comment):
        return []
    if not comment.thread.is_writable_by(reader):
        return []
    chosen = reactions.chosen_by(request.user, comment)
    return [
        {"value": kind.value, "label": kind.label, "is_chosen": kind.value in chosen}
        for kind in Reaction.Kind
    ]


def _is_own(request: HtmxRequest, comment: Comment) -> bool:
    return comment.author_id is not None and comment.author_id == request.user.pk


def _ask(request: MemberRequest, comment: Comment, *, refusal: str = "") -> HttpResponse:
    context = {
        "comment": comment,
        "said": posting.shown_html(request, comment),
        "is_upvoted": comment.votes.standing().filter(member=request.user).exists(),
        "refusal": refusal,
        "cancel_url": places.url_of_comment(comment),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "discussions/comment_vote_confirm.html", context, status=status)
