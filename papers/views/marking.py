"""A vote and a save: one press, with or without JavaScript, signed in or about to be.

The form says what is wanted, so that a second click or a retry does not undo the first. A
visitor's press is a GET: they sign in, and papers.sign_in does it. A member who comes by GET
is asked to press, for a GET changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from common import rate_limits
from common.jinja import render_fragment
from common.methods import require_page
from papers import saving, voting
from papers.lists.cards import marks_of
from papers.models import Paper, Save, Upvote

if TYPE_CHECKING:
    from accounts.http import MemberRequest
    from papers.sources import Ref


@require_page
def paper_vote(request: MemberRequest, ref: Ref) -> HttpResponse:
    """Cast a vote (`vote=up`) or take it back (`vote=none`)."""
    paper = _get_paper(ref)
    if request.method != "POST":
        upvoted = Upvote.objects.counted().filter(paper=paper, member=request.user).exists()
        return _ask(request, paper, "vote", is_set=upvoted)
    rate_limits.spend(request, rate_limits.VOTE)
    wanted = request.POST.get("vote")
    if wanted == "up":
        vote = voting.cast_vote(paper=paper, member=request.user)
    elif wanted == "none":
        vote = voting.remove_vote(paper=paper, member=request.user)
    else:
        return HttpResponseBadRequest("Send vote=up or vote=none.")
    if not request.htmx:
        return redirect(_back(request, paper))
    marks = marks_of(paper, is_upvoted=vote.is_upvoted, vote_count=vote.vote_count)
    return HttpResponse(render_fragment("papers/_vote.jinja", marks=marks, is_member=True))


@require_page
def paper_save(request: MemberRequest, ref: Ref) -> HttpResponse:
    """Save a paper to read (`save=yes`) or take it off the list (`save=none`)."""
    paper = _get_paper(ref)
    if request.method != "POST":
        saved = Save.objects.filter(paper=paper, member=request.user).exists()
        return _ask(request, paper, "save", is_set=saved)
    rate_limits.spend(request, rate_limits.VOTE)
    wanted = request.POST.get("save")
    if wanted == "yes":
        saving.save_paper(paper=paper, member=request.user)
    elif wanted == "none":
        saving.remove_save(paper=paper, member=request.user)
    else:
        return HttpResponseBadRequest("Send save=yes or save=none.")
    if not request.htmx:
        return redirect(_back(request, paper))
    marks = marks_of(paper, is_saved=wanted == "yes")
    return HttpResponse(render_fragment("papers/_save.jinja", marks=marks, is_member=True))


def _get_paper(ref: Ref) -> Paper:
    columns = ("source", "external_id", "title_text", "title_html", "submitted_by")
    return get_object_or_404(Paper.objects.only(*columns).at(ref))


def _ask(request: MemberRequest, paper: Paper, mark: str, *, is_set: bool) -> HttpResponse:
    context = {"paper": paper, "mark": mark, "is_set": is_set}
    return render(request, "papers/mark_confirm.html", context)


def _back(request: MemberRequest, paper: Paper) -> str:
    """Return to the list where the button was pressed, at the paper's card."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    ) and not came_from.endswith(request.path):
        return f"{came_from.partition('#')[0]}#paper-{paper.pk}"
    return paper.get_absolute_url()
