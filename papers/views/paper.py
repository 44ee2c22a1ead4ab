"""Parts of one paper's page, and why papers trend. The page is in discussions, with its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from papers import day_order, page, voting
from papers.forms import ExampleForm
from papers.lists.reasons import VOTES_TO_MENTION, VOTES_TO_RISE
from papers.models import Paper
from papers.models.votes import EPOCH, HALF_LIFE_HOURS

if TYPE_CHECKING:
    from django.http import HttpResponse

    from common.htmx import HtmxRequest
    from papers.sources import Ref


@require_safe
@login_not_required
def version(request: HtmxRequest, ref: Ref, version: int) -> HttpResponse:
    """Lead an address with a version to the paper's one page, which says if it is superseded."""
    url = reverse("discussions:paper_page", args=[ref])
    return redirect(f"{url}?version={version}")


@require_safe
@login_not_required
def abstract(request: HtmxRequest, ref: Ref) -> HttpResponse:
    """The whole abstract, to unfold in a list; without htmx, the paper's page has it."""
    papers = Paper.objects.only("source", "external_id", "abstract_html")
    paper = get_object_or_404(papers.at(ref))
    if not request.htmx:
        return redirect(paper)
    return render(request, "papers/_abstract.html", {"paper": paper})


@require_safe
@login_not_required
def about_trending(request: HtmxRequest) -> HttpResponse:
    """Explain the order, with the numbers of whichever paper is asked for."""
    form = ExampleForm(request.GET if "paper" in request.GET else None)
    paper = form.cleaned_data["paper"] if form.is_valid() else page.hottest_paper()
    context = {
        "form": form,
        "paper": paper,
        "days": page.voting_days(paper) if paper else [],
        "day_numbers": day_order.numbers_of(paper) if paper else None,
        "halving_votes": day_order.HALVING_VOTES,
        "day_rank": page.day_rank_of(paper) if paper else None,
        "half_life_hours": int(HALF_LIFE_HOURS),
        "epoch": date_format(EPOCH, "F j, Y"),
        "new_hours": int(voting.NEW_FOR.total_seconds() // 3600),
        "young_days": voting.YOUNG_FOR.days,
        "young_weight": voting.YOUNG_WEIGHT,
        "votes_to_mention": VOTES_TO_MENTION,
        "votes_to_rise": VOTES_TO_RISE,
    }
    return render(request, "papers/about_trending.html", context)
