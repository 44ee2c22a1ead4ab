"""Acts that a visitor began in a thread before signing in: a vote, or a text."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django.urls import Resolver404, resolve

from discussions import places
from discussions.comments import voting
from discussions.comments.models import Comment

if TYPE_CHECKING:
    from accounts.models import User

_FORMS = {
    "discussions:paper_page",
    "discussions:thread_page",
    "discussions:comment_reply",
    "discussions:comment_edit",
}


def cast_pending_vote(user: User, redirect_url: str) -> str | None:
    """Cast the vote that the URL names, and return the comment's URL."""
    pk = _pending_vote(redirect_url)
    if pk is None:
        return None
    comments = Comment.objects.readable_by(user).select_related("thread__paper")
    comment = comments.filter(pk=pk).first()
    if comment is None:
        return None
    # Their own, or removed meanwhile: the comment's page explains that better than an error.
    with suppress(voting.MarkRefusedError):
        voting.cast_vote(comment=comment, member=user)
    return places.url_of_comment(comment)


def describe_pending_vote(redirect_url: str) -> str | None:
    """Describe the vote after sign-in, for comments that everybody may read."""
    pk = _pending_vote(redirect_url)
    comment = pk and Comment.objects.public().select_related("author").filter(pk=pk).first()
    if not comment:
        return None
    name = comment.author.display_name if comment.author else "a former member"
    return f"Your vote for the comment by {name} counts once you sign in."


def perform_nothing(user: User, redirect_url: str) -> str | None:
    """Do nothing: authors post their kept texts themselves."""
    return None


def describe_kept_text(redirect_url: str) -> str | None:
    """Say that the text is kept, if the URL leads back to its form."""
    if "draft" not in parse_qs(urlsplit(redirect_url).query):
        return None
    if _view_at(redirect_url)[0] not in _FORMS:
        return None
    return "Your comment is kept; you can post it once you sign in."


def _pending_vote(url: str) -> int | None:
    name, arguments = _view_at(url)
    return arguments["pk"] if name == "discussions:comment_vote" else None


def _view_at(url: str) -> tuple[str, dict[str, int]]:
    try:
        match = resolve(urlsplit(url).path)
    except (Resolver404, ValueError):
        return "", {}
    return match.view_name, match.kwargs
