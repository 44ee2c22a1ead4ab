"""The page of a meeting, and its live page."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from discussions.comments import forms
from discussions.thread import posting
from discussions.thread.rows import ThreadQuery
from groups import access
from groups.attendance.page import rsvp_panel, survey_panel
from groups.ballots.page import ballot_panel
from groups.meeting import pulse
from groups.meeting.files.page import files_panel
from groups.meeting.minutes.page import minutes_panel
from groups.meeting.page import MeetingPage
from groups.meeting.room import room_page
from groups.rota.page import seats_panel

if TYPE_CHECKING:
    from datetime import date

    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest


@require_safe
@login_not_required
def meeting_page(request: HtmxRequest, slug: str, day: date) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    meeting = access.get_meeting(visit, day)
    if meeting.occurs_on != day:
        # The meeting had another day before the rule was changed.
        query = request.META["QUERY_STRING"]
        return redirect(f"{meeting.get_absolute_url()}{'?' if query else ''}{query}")
    page = MeetingPage(visit, meeting, query=ThreadQuery.of(request.GET))
    context = {
        "visit": visit,
        "meeting": meeting,
        "page": page,
        "thread": page.thread,
        "form_html": _comment_form(request, page),
        "rsvp": rsvp_panel(visit, meeting),
        "seats": seats_panel(visit, meeting),
        "ballot": ballot_panel(visit, meeting),
        "minutes": minutes_panel(visit, meeting),
        "files": files_panel(visit, meeting),
        "survey": survey_panel(visit, meeting),
    }
    return render(request, "groups/meeting_page.html", context)


def _comment_form(request: HtmxRequest, page: MeetingPage) -> str:
    if not page.thread.takes_comments:
        return ""
    thread = page.meeting.thread
    typed = posting.draft_for(request, forms.place_of(thread))
    return posting.form_html(request, forms.CommentForm(on=thread, typed=typed))


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
    """Return the parts of the room, or 204 while `beat` is unchanged.

    Every open page polls every few seconds: without news this costs one query, which also checks
    membership.
    """
    found = pulse.look(member_id=request.user.pk, slug=slug, day=day)
    if found is not None and request.GET.get("beat") == found.state:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    visit = access.get_visit_as_member(request.user, slug)
    meeting = access.get_meeting(visit, day)
    return render(request, "groups/_room.html", {"room": room_page(visit, meeting)})
