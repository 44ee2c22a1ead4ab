"""The view that moves a meeting on by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from common.form_views import show_page
from common.methods import require_page
from common.rate_limits import spend
from common.refusals import Refused
from groups import access, limits
from groups.cycle import phases, steps
from groups.schedule.models import Phase

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from accounts.http import MemberRequest
    from groups.access import Visit
    from groups.schedule.models import Meeting


@require_page
def meeting_advance(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Show an organiser the available steps and their effects; on POST, take one."""
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    if request.method == "POST":
        return _advance(request, visit, meeting)
    if meeting.occurs_on != day:
        return redirect("groups:meeting_advance", slug, meeting.occurs_on)
    return _page(request, visit, meeting)


def _advance(request: MemberRequest, visit: Visit, meeting: Meeting) -> HttpResponse:
    spend(request, limits.RUN)
    to = request.POST.get("to", "")
    if to not in Phase.values:
        return _page(request, visit, meeting, refusal="Choose a step.")
    try:
        is_moved = phases.advance(meeting_id=meeting.pk, to=Phase(to), by=request.user)
    except Refused as refusal:
        return _page(request, visit, access.get_meeting(visit, meeting.occurs_on), str(refusal))
    label = Phase(to).label
    messages.success(request, f"{label}." if is_moved else f"Already done: {label.lower()}.")
    return redirect(meeting)


def _page(
    request: MemberRequest, visit: Visit, meeting: Meeting, refusal: str = ""
) -> HttpResponse:
    context = {
        "visit": visit,
        "meeting": meeting,
        "steps": steps.by_hand(meeting, timezone.now()),
        "refusal": refusal,
    }
    return show_page(request, "groups/meeting_advance.html", context, is_refused=refusal)
