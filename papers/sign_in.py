"""The vote that a visitor pressed before signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from papers import voting
from papers.models import Paper

if TYPE_CHECKING:
    from accounts.models import User


def cast_pending_vote(user: User, redirect_url: str) -> str | None:
    """Cast the vote that the address asks for; return the paper's page, or None.

    The address is that of the vote itself, which is where a visitor's press leads. It
    comes through sign-in and sign-up by the sign-in form's own POST.
    """
    paper = _pending_paper(redirect_url)
    if paper is None:
        return None
    voting.cast_vote(paper=paper, member=user)
    return paper.get_absolute_url()


def describe_pending_vote(redirect_url: str) -> str | None:
    """Say what signing in will do, beside signing in."""
    paper = _pending_paper(redirect_url)
    return f"Your vote for “{paper.title_text}” counts once you are in." if paper else None


def _pending_paper(redirect_url: str) -> Paper | None:
    try:
        match = resolve(urlsplit(redirect_url).path)
    except (Resolver404, ValueError):
        return None
    if match.view_name != "papers:paper_vote":
        return None
    return Paper.objects.filter(external_id=match.kwargs["external_id"]).first()
