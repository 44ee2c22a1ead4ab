"""Views of the schedule, and of changes to single meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from common import paging, redirects
from common.form_views import ask, posted, show_form, show_page
from common.methods import require_page
from common.rate_limits import SUBMIT, RateLimit, spend
from common.refusals import Refused, refusal_on
from common.words import listed
from groups import access
from groups.schedule import editing, meetings, readings, schedules
from groups.schedule import page as schedule_page
from groups.schedule.forms import (
    AddForm,
    MeetingForm,
    MoveForm,
    OffForm,
    ScheduleForm,
    SkipForm,
    initial_of,
)
from groups.schedule.models import Phase
from groups.scheduling import words

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from accounts.http import MemberRequest
    from groups.access import Visit
    from groups.schedule.changes import ScheduleChanges
    from groups.schedule.models import Meeting

# Each may notify every member.
PLANNING = RateLimit("planning", per_minute=20, burst=40)
_PHASES = {"skip": Phase.SKIPPED, "cancel": Phase.CANCELLED}


@require_page
def schedule_edit(request: MemberRequest, slug: str) -> HttpResponse:
    """Show the rule; on POST, preview or apply a new one, or skip days (`act`)."""
    visit = access.get_visit_as_organiser(request.user, slug)
    initial = initial_of(schedule_page.rule_to_edit(visit.group), reader=request.user)
    if request.method != "POST":
        return _schedule(request, visit, form=ScheduleForm(initial=initial))
    access.require_running(visit)
    spend(request, PLANNING)
    if request.POST.get("act") == "skip":
        return _skip(request, visit)
    form = ScheduleForm(request.POST, initial=initial)
    changes = _change(request, visit, form) if form.is_valid() else None
    if form.is_valid() and changes is None:
        return redirect("groups:schedule_edit", visit.group.slug)
    return _schedule(request, visit, form=form, changes=changes)


@require_page
def meeting_add(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_organiser(request.user, slug)
    rule = schedule_page.rule_to_edit(visit.group)
    initial = {"zone": rule.zone if rule else request.user.time_zone}
    form = AddForm(posted(request), initial=initial)
    if request.method == "POST":
        access.require_running(visit)
        spend(request, PLANNING)
    if form.is_valid():
        with refusal_on(form):
            added = meetings.add_meeting(group=visit.group, by=request.user, **form.cleaned_data)
            messages.success(request, f"The meeting was added. {added.note}".strip())
            return redirect(added.meeting)
    return show_form(request, "groups/meeting_add.html", form, visit=visit)


@require_page
def meeting_edit(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    visit, meeting = _fetch(request, slug, day)
    form = MeetingForm(posted(request), meeting=meeting)
    if form.is_valid():
        with refusal_on(form):
            _edit(request, meeting, form)
            messages.success(request, "Meeting saved.")
            return redirect(meeting)
    return show_form(request, "groups/meeting_form.html", form, visit=visit, meeting=meeting)


@require_page
def meeting_move(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    visit, meeting = _fetch(request, slug, day)
    form = MoveForm(posted(request), meeting=meeting)
    if form.is_valid():
        with refusal_on(form):
            moved = meetings.move_meeting(meeting=meeting, by=request.user, **form.cleaned_data)
            messages.success(request, _said_of(moved))
            return redirect(moved.meeting)
    return show_form(request, "groups/meeting_move.html", form, visit=visit, meeting=meeting)


@require_page
def meeting_off(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Skip, cancel or restore a meeting (`act=skip|cancel|on`)."""
    visit, meeting = _fetch(request, slug, day)
    if request.method == "POST" and request.POST.get("act") == "on":
        return _put_on(request, visit, meeting)
    form = OffForm(posted(request))
    if form.is_valid():
        said = form.cleaned_data
        with refusal_on(form):
            meetings.cancel_or_skip(
                meeting=meeting,
                by=request.user,
                phase=_PHASES[said["act"]],
                reason=said["reason"],
            )
            messages.success(request, "Meeting cancelled. You can restore it.")
            return redirect(_back(request, visit))
    return show_form(request, "groups/meeting_off.html", form, visit=visit, meeting=meeting)


def _fetch(request: MemberRequest, slug: str, day: date) -> tuple[Visit, Meeting]:
    """Return a meeting for an organiser, and count the request against the rate limit."""
    visit = access.get_visit_as_organiser(request.user, slug)
    meeting = access.get_meeting(visit, day)
    if request.method == "POST":
        access.require_running(visit)
        spend(request, PLANNING)
    return visit, meeting


def _change(request: MemberRequest, visit: Visit, form: ScheduleForm) -> ScheduleChanges | None:
    """Return a rule's changes as a preview, or apply them and return None."""
    group, rule, from_day = visit.group, form.rule, form.rule.starts_on
    with refusal_on(form):
        if request.POST.get("act") != "apply":
            return schedules.preview(group=group, rule=rule, from_day=from_day)
        digest = request.POST.get("digest", "")
        try:
            schedule = schedules.set_schedule(
                group=group, by=request.user, rule=rule, from_day=from_day, digest=digest
            )
        except schedules.ChangedMeanwhileError as meanwhile:
            form.add_error(None, str(meanwhile))
            return meanwhile.changes
        messages.success(request, f"Schedule saved. {schedule_page.described(schedule)}")
    return None


def _skip(request: MemberRequest, visit: Visit) -> HttpResponse:
    form = SkipForm(request.POST)
    if form.is_valid():
        days = form.cleaned_data["days"]
        with refusal_on(form, "days"):
            skipped = schedules.skip_days(group=visit.group, by=request.user, days=days)
            said = listed([words.dated(each.occurs_on) for each in skipped])
            messages.success(
                request, f"No meeting on {said}." if said else "These were already cancelled."
            )
            return redirect("groups:schedule_edit", visit.group.slug)
    initial = initial_of(schedule_page.rule_to_edit(visit.group), reader=request.user)
    return _schedule(request, visit, form=ScheduleForm(initial=initial), skip_form=form)


def _schedule(
    request: MemberRequest,
    visit: Visit,
    *,
    form: ScheduleForm,
    skip_form: SkipForm | None = None,
    changes: ScheduleChanges | None = None,
) -> HttpResponse:
    number = paging.number_of(request)
    coming = schedule_page.coming(visit.group, number)
    schedule = schedules.current(visit.group)
    shown = schedule_page.MEETINGS_SHOWN
    context = {
        "visit": visit,
        "form": form,
        "skip_form": skip_form or SkipForm(),
        "changes": changes,
        "described": schedule_page.described(schedule) if schedule else "",
        "meetings": coming[:shown],
        "pager": paging.pager_of(request, number, has_more=len(coming) > shown),
    }
    refused = any(each is not None and each.errors for each in (form, skip_form))
    return show_page(request, "groups/schedule_form.html", context, is_refused=refused)


def _edit(request: MemberRequest, meeting: Meeting, form: MeetingForm) -> None:
    texts = form.cleaned_data["papers"]
    for _ in readings.unknown_among(texts):
        spend(request, SUBMIT)
    papers = readings.find_papers(texts, by=request.user)
    editing.edit_meeting(meeting=meeting, by=request.user, details=form.details, papers=papers)


def _put_on(request: MemberRequest, visit: Visit, meeting: Meeting) -> HttpResponse:
    try:
        meetings.restore(meeting=meeting, by=request.user)
    except Refused as refusal:
        page = {"visit": visit, "meeting": meeting, "form": OffForm()}
        return ask(request, "groups/meeting_off.html", refusal=str(refusal), **page)
    messages.success(request, "Meeting restored.")
    return redirect(_back(request, visit))


def _back(request: MemberRequest, visit: Visit) -> str:
    schedule = reverse("groups:schedule_edit", args=[visit.group.slug])
    return redirects.local_next(request, otherwise=schedule)


def _said_of(moved: meetings.PlannedMeeting) -> str:
    meeting = moved.meeting
    wall = words.wall(meeting.day, meeting.time, meeting.zone, year=0)
    return f"The meeting is on {wall}. {moved.note}".strip()
