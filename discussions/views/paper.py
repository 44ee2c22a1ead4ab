"""The page of one paper, with its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.http import require_safe

from discussions.views import showing

if TYPE_CHECKING:
    from django.http import HttpResponse

    from common.htmx import HtmxRequest


@require_safe
@login_not_required
def paper_page(request: HtmxRequest, external_id: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return showing.show_paper_to_visitor(request, external_id)
    return showing.show_paper(request, showing.get_paper(external_id, request.user))
