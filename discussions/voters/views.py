"""The page that names a paper's voters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.paging import number_of, pager_of
from discussions.voters import page
from papers.models import Paper

if TYPE_CHECKING:
    from django.http import HttpResponse

    from common.htmx import HtmxRequest
    from papers.sources import Ref


@require_safe
@login_not_required
def paper_voters(request: HtmxRequest, ref: Ref) -> HttpResponse:
    papers = Paper.objects.select_related("tally")
    papers = papers.only("source", "external_id", "title_html", "title_text", "tally__vote_count")
    paper = get_object_or_404(papers.at(ref))
    number = number_of(request)
    listed = page.voters_at(paper, request.user, number=number)
    context = {
        "paper": paper,
        "listed": listed,
        "pager": pager_of(request, number, has_more=listed.has_more),
    }
    return render(request, "discussions/paper_voters.html", context)
