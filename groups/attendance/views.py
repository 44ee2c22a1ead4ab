"""Views for answers, check-in, attendance and the survey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render

from common import paging, redirects
from common.form_views import posted, show_form
from common.methods import require_page
from common.rate_limits import RateLimit, spend
from common.refusals import refusal_on
from groups import access
from groups.attendance import answers, attendance, survey
from groups.attendance.forms import AttendanceForm, CheckInForm, RsvpForm, SurveyForm
from groups.attendance.page import rsvp_panel, survey_panel
from groups.meeting import pulse

if TYPE_CHECKING:
    from datetime import date

    from django import forms
    from django.http import HttpResponse

    from accounts.http import MemberRequest
    from groups.access import Visit
    from groups.schedule.models import Meeting

ANSWER = RateLimit("rsvp", per_minute=40, burst=40)


@require_page
def rsvp_set(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Show the attendees; on POST, save an answer (`answer=going|maybe|no|none`)."""
    visit = access.get_visit_as_member(request.user, slug)
    meeting = access.get_meeting(visit, day)
    form = RsvpForm(posted(request))
    _begin(request, visit)
    if form.is_valid():
        with refusal_on(form):
            rsvp = answers.answer(meeting=meeting, member=request.user, answer=form.word)
            if request.htmx:
                return _fragment(request, visit, meeting)
            if rsvp is None:
                messages.info(request, "Answer removed.")
            elif rsvp.is_waiting:
                messages.info(request, "All places are taken. You are on the waiting list.")
            else:
                messages.success(request, f"Saved: {rsvp.get_answer_display()}.")
            return redirect(redirects.local_next(request, otherwise=meeting.get_absolute_url()))
    return _rsvp(request, visit, meeting, form)


@require_page
def check_in(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Check in or undo it (`here=yes|no`), while the meeting goes on."""
    visit = access.get_visit_as_member(request.user, slug)
    meeting = access.get_meeting(visit, day)
    form = CheckInForm(posted(request))
    _begin(request, visit)
    if form.is_valid():
        is_here = form.cleaned_data["here"] == CheckInForm.HERE
        act = attendance.check_in if is_here else attendance.undo_check_in
        with refusal_on(form):
            act(meeting=meeting, member=request.user)
            pulse.beat(meeting.pk)
            if request.htmx:
                return _fragment(request, visit, meeting)
            said = "Checked in." if is_here else "Check-in removed."
            messages.success(request, said)
            return redirect(redirects.local_next(request, otherwise=meeting.get_absolute_url()))
    return _check_in(request, visit, meeting, form)


@require_page
def attendance_edit(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Show the attendance list; on POST, save it."""
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    form = AttendanceForm(posted(request))
    if form.is_valid():
        with refusal_on(form):
            count = attendance.note_attendance(
                meeting=meeting,
                by=request.user,
                member_ids=form.cleaned_data["came"],
                instead_of=form.cleaned_data["noted"],
            )
            pulse.beat(meeting.pk)
            messages.success(request, f"Saved: {count} attended.")
            return redirect(request.get_full_path() if request.GET.get("page") else meeting)
    return _attendance(request, visit, meeting, form)


@require_page
def survey_page(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Show the survey after the meeting; on POST, save an answer."""
    visit = access.get_visit_as_member(request.user, slug)
    meeting = access.get_meeting(visit, day)
    form = SurveyForm(posted(request))
    _begin(request, visit)
    if form.is_valid():
        with refusal_on(form):
            survey.answer(meeting=meeting, member=request.user, **form.cleaned_data)
            if request.htmx:
                context = {"visit": visit, "survey": survey_panel(visit, meeting)}
                return render(request, "groups/_survey.html", context | {"is_saved": True})
            messages.success(request, "Answer saved. Thank you.")
            return redirect(redirects.local_next(request, otherwise=meeting.get_absolute_url()))
    return _survey(request, visit, meeting, form)


def _begin(request: MemberRequest, visit: Visit) -> None:
    """Check that the visitor may answer, and count it against the rate limit."""
    if request.method == "POST":
        access.require_running(visit)
        spend(request, ANSWER)


def _rsvp(request: MemberRequest, visit: Visit, meeting: Meeting, form: forms.Form) -> HttpResponse:
    context = {
        "visit": visit,
        "meeting": meeting,
        "rsvp": rsvp_panel(visit, meeting),
        "refusal": _first_error(form),
    }
    template = "groups/_rsvp.html" if _swaps(request, context) else "groups/rsvp_page.html"
    return show_form(request, template, form, **context)


def _fragment(request: MemberRequest, visit: Visit, meeting: Meeting) -> HttpResponse:
    # Reload: the counts changed under the lock.
    meeting.refresh_from_db(fields=["going_count", "phase"])
    context = {"visit": visit, "meeting": meeting, "rsvp": rsvp_panel(visit, meeting)}
    return render(request, "groups/_rsvp.html", context)


def _check_in(
    request: MemberRequest, visit: Visit, meeting: Meeting, form: forms.Form
) -> HttpResponse:
    context = {
        "visit": visit,
        "meeting": meeting,
        "rsvp": rsvp_panel(visit, meeting),
        "refusal": _first_error(form),
        "is_open": attendance.is_open(meeting) and not visit.group.is_closed,
    }
    template = "groups/_rsvp.html" if _swaps(request, context) else "groups/check_in.html"
    return show_form(request, template, form, **context)


def _attendance(
    request: MemberRequest, visit: Visit, meeting: Meeting, form: forms.Form
) -> HttpResponse:
    people = attendance.people(meeting, page=paging.number_of(request))
    context = {
        "visit": visit,
        "meeting": meeting,
        "people": people,
        "noted": ",".join(str(row.member.pk) for row in people.rows if row.came),
        "may_note": attendance.may_note(meeting),
        "refusal": _first_error(form),
        "pager": paging.pager_of(request, people.page, has_more=people.has_more),
    }
    return show_form(request, "groups/attendance_edit.html", form, **context)


def _survey(
    request: MemberRequest, visit: Visit, meeting: Meeting, form: SurveyForm
) -> HttpResponse:
    context = {"visit": visit, "meeting": meeting, "survey": survey_panel(visit, meeting)}
    template = "groups/_survey.html" if _swaps(request, context) else "groups/survey_page.html"
    return show_form(request, template, form, **context)


def _swaps(request: MemberRequest, context: dict[str, object]) -> bool:
    """Return whether htmx sent the request and there is a partial to swap in."""
    shown = context.get("rsvp") or context.get("survey")
    return bool(request.htmx and request.method == "POST" and shown)


def _first_error(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()), [""])[0])
