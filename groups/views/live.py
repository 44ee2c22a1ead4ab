"""The room: what a group has before it while it meets."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from groups import access
from groups.keeping.presenting import minutes_panel
from groups.pages.room_page import room_page
from groups.room import pulse

if TYPE_CHECKING:
    from datetime import date

    from accounts.http import MemberRequest


@require_safe
def live_page(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    visit = access.get_visit_as_member(request.user, slug)
    meeting = access.get_meeting(visit, day)
    if meeting.occurs_on != day:
        return redirect(reverse("groups:live_page", args=[slug, meeting.occurs_on]))
    context = {
        "visit": visit,
        "meeting": meeting,
        "room": room_page(visit, meeting),
        "minutes": minutes_panel(visit, meeting, is_editor=True),
    }
    return render(request, "groups/live_page.html", context)


@require_safe
def live_news(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Answer with the parts of the room, or 204 while `beat` is still what it was.

    Every open page asks every few seconds: nothing new costs one query, which lets members in
    and nobody else.
    """
    found = pulse.look(member_id=request.user.pk, slug=slug, day=day)
    if found is not None and request.GET.get("beat") == found.state:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    visit = access.get_visit_as_member(request.user, slug)
    meeting = access.get_meeting(visit, day)
    return render(request, "groups/_room.html", {"room": room_page(visit, meeting)})
