"""What a visitor was about to do before signing in: vote for a paper, save it, submit one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from common.redirects import view_at
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

# Pages that only ask for the sign-in.
_PAGES = {
    "papers:submit": "Sign in to submit a paper. You come back to the form.",
    "papers:saved_list": "Sign in to see the papers you saved.",
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
    """Say what happens after sign-in, or why sign-in is needed."""
    mark, paper = _pending(redirect_url)
    if mark and paper:
        return mark.sentence.format(title=paper.title_text)
    return _PAGES.get(view_at(redirect_url)[0])


def _pending(redirect_url: str) -> tuple[PendingMark | None, Paper | None]:
    name, arguments = view_at(redirect_url)
    mark = _MARKS.get(name)
    return mark, Paper.objects.at(arguments["ref"]).first() if mark else None
