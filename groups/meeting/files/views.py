"""Views of a meeting's slides, recordings and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from common.form_views import ask, posted, show_form
from common.methods import require_page
from common.rate_limits import RateLimit, spend
from common.refusals import refusal_on
from common.uploads import takes_files
from groups import access
from groups.meeting.files import files as keeping
from groups.meeting.files.forms import FileForm
from groups.meeting.files.models import MeetingFile

if TYPE_CHECKING:
    from datetime import date

    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest
    from groups.schedule.models import Meeting

ADD = RateLimit("file", per_minute=6, burst=20)
TAKEN_AWAY = "This file no longer exists."


@takes_files
@require_page
def file_create(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    visit = access.get_visit_as_full_member(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    if request.method == "POST":
        spend(request, ADD)
    form = FileForm(posted(request), request.FILES or None)
    if form.is_valid():
        with refusal_on(form, "file" if request.FILES else None):
            _add(form, meeting, request)
            messages.success(request, "Added.")
            return redirect("groups:meeting_page", slug, meeting.occurs_on)
    return show_form(request, "groups/file_form.html", form, visit=visit, meeting=meeting)


@require_safe
@login_not_required
def file_download(request: HtmxRequest, slug: str, day: date, pk: int) -> FileResponse:
    """Send a file as a download, never inline: its contents are not trusted."""
    visit = access.get_visit(request.user, slug)
    file = _get_file(access.get_meeting(visit, day), pk)
    try:
        content = file.file.open("rb") if file.file else None
    except FileNotFoundError:
        content = None
    if content is None:
        raise Http404(TAKEN_AWAY)
    response = FileResponse(
        content,
        as_attachment=True,
        filename=file.file_name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_page
def file_delete(request: MemberRequest, slug: str, day: date, pk: int) -> HttpResponse:
    """Ask for confirmation; then delete (`delete=yes`)."""
    visit = access.get_visit_as_full_member(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    file = _get_file(meeting, pk)
    if not visit.is_running and file.added_by_id != request.user.pk:
        raise PermissionDenied("Only organisers and the member who added it can delete it.")
    if request.POST.get("delete") != "yes":
        return ask(request, "groups/file_delete.html", visit=visit, meeting=meeting, file=file)
    keeping.delete(file=file)
    messages.success(request, f"{file.title} was deleted.")
    return redirect("groups:meeting_page", slug, meeting.occurs_on)


def _add(form: FileForm, meeting: Meeting, request: MemberRequest) -> MeetingFile:
    given = form.cleaned_data
    about = {
        "meeting": meeting,
        "by": request.user,
        "kind": MeetingFile.Kind(given["kind"]),
        "title": given["title"],
        "has_consent": given["has_consent"],
        "kept_until": given["kept_until"],
    }
    if given["file"]:
        return keeping.add_file(upload=given["file"], **about)
    return keeping.add_link(url=given["url"], **about)


def _get_file(meeting: Meeting, pk: int) -> MeetingFile:
    file = MeetingFile.objects.filter(meeting=meeting, pk=pk).first()
    if file is None:
        raise Http404(TAKEN_AWAY)
    return file
