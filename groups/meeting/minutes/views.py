"""Views that show, edit and compare the minutes of a meeting."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.form_views import ask, show_page
from common.methods import require_page
from common.numbers import whole_number
from common.rate_limits import RateLimit, spend
from common.refusals import refusal_on
from discussions.comments import limits
from groups import access
from groups.meeting import pulse
from groups.meeting.minutes import minutes as keeping
from groups.meeting.minutes.forms import MinutesForm
from groups.meeting.minutes.models import MinutesRevision
from groups.meeting.minutes.page import below_h2, minutes_panel

if TYPE_CHECKING:
    from datetime import date

    from accounts.http import MemberRequest
    from common.htmx import HtmxRequest
    from groups.access import Visit
    from groups.meeting.minutes.minutes import SavedMinutes
    from groups.schedule.models import Meeting

# The editor saves after each pause in typing.
SAVE = RateLimit("minutes", per_minute=40, burst=40)


@require_safe
@login_not_required
def minutes_page(request: HtmxRequest, slug: str, day: date) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    meeting = access.get_meeting(visit, day)
    context = {"visit": visit, "meeting": meeting, "minutes": minutes_panel(visit, meeting)}
    return render(request, "groups/minutes_page.html", context)


@require_page
def minutes_edit(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Show the form; on POST, save, or show a preview (`preview=yes`)."""
    visit = access.get_visit_as_full_member(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    if request.method != "POST":
        return _edit(request, visit, meeting)
    form = MinutesForm(request.POST)
    if request.POST.get("preview") == "yes":
        return _preview(request, visit, meeting, form)
    spend(request, SAVE)
    if form.is_valid():
        with refusal_on(form, "text"):
            saved = keeping.save(meeting=meeting, editor=request.user, **form.cleaned_data)
            pulse.beat(meeting.pk)
            return _saved(request, visit, meeting, saved)
    return _refused(request, visit, meeting, form)


@require_page
def minutes_history(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Show the previous versions; on POST, restore one (`restore=` its number)."""
    visit = access.get_visit_as_member(request.user, slug)
    meeting = access.get_meeting(visit, day)
    if request.method == "POST":
        return _restore(request, slug, meeting)
    found = keeping.history_of(meeting, below=whole_number(request.GET.get("below", "")))
    context = {
        "visit": visit,
        "meeting": meeting,
        "minutes": minutes_panel(visit, meeting),
        "history": found,
    }
    return render(request, "groups/minutes_history.html", context)


def _restore(request: MemberRequest, slug: str, meeting: Meeting) -> HttpResponse:
    visit = access.get_visit_as_full_member(request.user, slug)
    access.require_running(visit)
    number = whole_number(request.POST.get("restore", ""), digits=9)
    if number is None:
        return HttpResponse("Say restore= and which.", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    spend(request, SAVE)
    try:
        keeping.restore(meeting=meeting, editor=request.user, number=number)
    except MinutesRevision.DoesNotExist as error:
        raise Http404("There is no such version.") from error
    pulse.beat(meeting.pk)
    messages.success(request, "Version restored.")
    return redirect("groups:minutes_page", slug, meeting.occurs_on)


def _edit(
    request: MemberRequest,
    visit: Visit,
    meeting: Meeting,
    *,
    form: MinutesForm | None = None,
    preview: str | None = None,
    is_refused: bool = False,
) -> HttpResponse:
    panel = minutes_panel(visit, meeting, is_editor=True)
    context = {
        "visit": visit,
        "meeting": meeting,
        "minutes": panel,
        "form": form,
        "preview": preview,
    }
    return show_page(request, "groups/minutes_edit.html", context, is_refused=is_refused)


def _preview(
    request: MemberRequest, visit: Visit, meeting: Meeting, form: MinutesForm
) -> HttpResponse:
    spend(request, limits.PREVIEW)
    form.is_valid()
    with refusal_on(form, "text"):
        html = below_h2(keeping.render(keeping.cleaned(request.POST.get("text", ""))))
        if request.htmx:
            return render(request, "groups/_minutes_preview.html", {"preview": html})
        return _edit(request, visit, meeting, form=form, preview=html)
    return _refused(request, visit, meeting, form)


def _refused(
    request: MemberRequest, visit: Visit, meeting: Meeting, form: MinutesForm
) -> HttpResponse:
    words = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if request.accepts("text/html"):
        if request.htmx:
            return ask(request, "groups/_minutes_preview.html", refusal=words)
        return _edit(request, visit, meeting, form=form, is_refused=True)
    return JsonResponse({"refusal": words}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _saved(
    request: MemberRequest, visit: Visit, meeting: Meeting, saved: SavedMinutes
) -> HttpResponse:
    """Send a script the new version number; redirect anybody else to the minutes."""
    if not request.accepts("text/html"):
        return JsonResponse({"version": saved.version, "words": saved.words})
    messages.success(request, f"Minutes saved. {saved.words}".strip())
    response: HttpResponse = redirect("groups:minutes_page", visit.group.slug, meeting.occurs_on)
    return response
