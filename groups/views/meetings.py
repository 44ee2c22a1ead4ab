"""The page of a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from discussions import forms
from discussions.thread_page.presenting import PLACE
from discussions.thread_page.queries import Ask
from discussions.views import posting
from groups import access
from groups.attending.presenting import rsvp_panel, survey_panel
from groups.choosing.presenting import ballot_panel
from groups.keeping.presenting import files_panel, minutes_panel
from groups.pages.meeting_page import MeetingPage
from groups.rota.presenting import seats_panel

if TYPE_CHECKING:
    from datetime import date

    from common.htmx import HtmxRequest


@require_safe
@login_not_required
def meeting_page(request: HtmxRequest, slug: str, day: date) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    meeting = access.get_meeting(visit, day)
    if meeting.occurs_on != day:
        # Known by another day before the rule was changed.
        query = request.META["QUERY_STRING"]
        return redirect(f"{meeting.get_absolute_url()}{'?' if query else ''}{query}")
    page = MeetingPage(visit, meeting, ask=Ask.of(request.GET))
    context = {
        "visit": visit,
        "meeting": meeting,
        "page": page,
        "thread": page.thread,
        "form": _comment_form(request, page),
        "rsvp": rsvp_panel(visit, meeting),
        "seats": seats_panel(visit, meeting),
        "ballot": ballot_panel(visit, meeting),
        "minutes": minutes_panel(visit, meeting),
        "files": files_panel(visit, meeting),
        "survey": survey_panel(visit, meeting),
    }
    html = render_to_string("groups/meeting_page.html", context, request)
    # Put in at the end: each part of a template that holds a megabyte copies it once more.
    whole = html.encode().replace(PLACE.encode(), page.thread.comments_html.encode())
    return HttpResponse(whole)


def _comment_form(request: HtmxRequest, page: MeetingPage) -> forms.CommentForm | None:
    if not page.thread.takes_comments:
        return None
    thread = page.meeting.thread
    typed = posting.draft_for(request, forms.place_of(thread))
    return forms.CommentForm(on=thread, typed=typed)
