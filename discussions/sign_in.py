"""What a visitor was about to do in a thread before signing in: vote for a comment, or write."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from common.redirects import view_at
from discussions import places
from discussions.comments import voting
from discussions.comments.models import Comment
from papers.models import Paper

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
    name = _name_of_author(_pending_vote(redirect_url))
    return f"Your vote for the comment by {name} counts once you sign in." if name else None


def perform_nothing(user: User, redirect_url: str) -> str | None:
    """Do nothing: members finish what they were about to write themselves."""
    return None


def describe_writing(redirect_url: str) -> str | None:
    """Say that the text is kept, or why sign-in is needed."""
    name, arguments = view_at(redirect_url)
    address = urlsplit(redirect_url)
    if name in _FORMS and "draft" in parse_qs(address.query):
        return "Your comment is kept; you can post it once you sign in."
    if name == "discussions:inbox":
        return "Sign in to see your inbox."
    if name == "discussions:comment_reply":
        author = _name_of_author(arguments["pk"])
        return f"Sign in to reply to {author}. You come back to the comment." if author else None
    if name == "discussions:paper_page" and address.fragment == "write":
        paper = Paper.objects.at(arguments["ref"]).first()
        return (
            f"Sign in to comment on “{paper.title_text}”. You come back to it." if paper else None
        )
    return None


def _pending_vote(url: str) -> int | None:
    name, arguments = view_at(url)
    return arguments["pk"] if name == "discussions:comment_vote" else None


def _name_of_author(pk: int | None) -> str:
    """Return who wrote a comment that everybody may read; "" for any other."""
    public = Comment.objects.public().select_related("author")
    comment = public.filter(pk=pk).first() if pk else None
    if comment is None:
        return ""
    return comment.author.display_name if comment.author else "a former member"
