"""What a visitor pressed on a paper before signing in: a vote, or a save."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from papers import saving, voting
from papers.models import Paper

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User


class PendingMark(NamedTuple):
    perform: Callable[..., object]
    sentence: str


# By the name of the address to which a visitor's press leads.
_MARKS = {
    "papers:paper_vote": PendingMark(
        voting.cast_vote, "Your vote for “{title}” counts once you sign in."
    ),
    "papers:paper_save": PendingMark(saving.save_paper, "“{title}” is saved once you sign in."),
}


def perform_pending(user: User, redirect_url: str) -> str | None:
    """Do what the address asks for; return the paper's page, or None.

    The address is that of the vote or save itself, which is where a visitor's press leads.
    It comes through sign-in and sign-up by the sign-in form's own POST.
    """
    mark, paper = _pending(redirect_url)
    if mark is None or paper is None:
        return None
    mark.perform(paper=paper, member=user)
    return paper.get_absolute_url()


def describe_pending(redirect_url: str) -> str | None:
    """Say what signing in will do, beside signing in."""
    mark, paper = _pending(redirect_url)
    return mark.sentence.format(title=paper.title_text) if mark and paper else None


def _pending(redirect_url: str) -> tuple[PendingMark | None, Paper | None]:
    try:
        match = resolve(urlsplit(redirect_url).path)
    except (Resolver404, ValueError):
        return None, None
    mark = _MARKS.get(match.view_name)
    if mark is None:
        return None, None
    return mark, Paper.objects.at(match.kwargs["ref"]).first()
