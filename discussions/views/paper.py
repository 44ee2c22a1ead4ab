"""The page of one paper, with its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from papers.models import Paper
from papers.presenting import PAPER_COLUMNS, PaperView

if TYPE_CHECKING:
    from django.http import HttpResponse

    from common.htmx import HtmxRequest


@require_safe
@login_not_required
def paper_page(request: HtmxRequest, external_id: str) -> HttpResponse:
    paper = get_object_or_404(
        Paper.objects.select_related("tally", "organization", "submitted_by").only(*PAPER_COLUMNS),
        external_id=external_id,
    )
    context = {
        "paper": paper,
        "view": PaperView(paper, reader=request.user, asked_version=request.GET.get("version", "")),
        "show_ai_summary": settings.SHOW_AI_SUMMARIES and paper.ai_summary,
    }
    return render(request, "discussions/paper_page.html", context)
