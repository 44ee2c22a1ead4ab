"""Views of a meeting's sections and of members' progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect

from common.form_views import posted, show_form, show_page
from common.methods import require_page
from groups import access
from groups.meeting.progress import progress, spoilers
from groups.meeting.progress.forms import ProgressForm, SectionsForm
from groups.meeting.progress.page import progress_panel

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from accounts.http import MemberRequest
    from groups.access import Visit
    from groups.schedule.models import Meeting


@require_page
def section_edit(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    titles = "\n".join(each.title for each in spoilers.sections_of(meeting))
    form = SectionsForm(posted(request), initial={"titles": titles})
    if form.is_valid():
        progress.set_sections(meeting=meeting, by=request.user, titles=form.cleaned_data["titles"])
        messages.success(request, "Sections saved.")
        return redirect(f"{meeting.get_absolute_url()}#progress")
    return show_form(request, "groups/section_form.html", form, visit=visit, meeting=meeting)


@require_page
def progress_set(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Save the reader's progress (`state=none|reading|read`, `sections=`) and who sees it."""
    visit = access.get_visit_as_member(request.user, slug)
    meeting = access.get_meeting(visit, day)
    if request.method != "POST":
        return _progress_page(request, visit, meeting)
    access.require_running(visit)
    membership = visit.membership
    if membership is None:
        raise TypeError("Whoever got here belongs to the group.")
    form = ProgressForm(request.POST, sections=spoilers.sections_of(meeting), start={})
    if not form.is_valid():
        return _progress_page(request, visit, meeting, form)
    said = form.cleaned_data
    progress.set_progress(
        meeting=meeting,
        member=request.user,
        state=said["state"],
        section_ids=said.get("sections", ()),
    )
    membership.shares_progress = said["shares_progress"]
    # Without sections the form has no such checkbox.
    membership.folds_ahead = said.get("folds_ahead", membership.folds_ahead)
    progress.set_sharing(
        membership=membership,
        shares_progress=membership.shares_progress,
        folds_ahead=membership.folds_ahead,
    )
    if request.htmx:
        return _progress_page(request, visit, meeting)
    messages.success(request, "Progress saved.")
    return redirect(f"{meeting.get_absolute_url()}#progress")


def _progress_page(
    request: MemberRequest,
    visit: Visit,
    meeting: Meeting,
    form: ProgressForm | None = None,
) -> HttpResponse:
    panel = progress_panel(
        visit,
        meeting,
        sections=spoilers.sections_of(meeting),
        own=progress.own_progress(meeting, request.user),
        form=form,
    )
    template = "groups/_progress.html" if request.htmx else "groups/progress_page.html"
    context = {"visit": visit, "meeting": meeting, "progress": panel}
    return show_page(request, template, context, is_refused=form)
