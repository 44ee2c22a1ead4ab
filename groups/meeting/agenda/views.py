"""Views that edit the agenda, and advance it during the meeting."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from common import redirects
from common.form_views import ask
from common.methods import require_page
from common.refusals import Refused
from groups import access
from groups.meeting.agenda import agenda
from groups.meeting.agenda.forms import AgendaForm
from groups.meeting.agenda.models import AgendaItem

if TYPE_CHECKING:
    from datetime import date

    from accounts.http import MemberRequest


@require_page
def agenda_edit(request: MemberRequest, slug: str, day: date) -> HttpResponse:
    """Show the agenda's form; a `line=` button changes its lines without saving."""
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    page: dict[str, Any] = {"visit": visit, "meeting": meeting}
    if request.method != "POST":
        page["form"] = AgendaForm.of_items(list(AgendaItem.objects.filter(meeting=meeting)))
        return render(request, "groups/agenda_form.html", page)
    page["form"] = form = AgendaForm.of_sent(request.POST)
    if "line" in request.POST:
        page |= {"form": form.changed(request.POST["line"]), "is_changed": True}
        return render(request, "groups/agenda_form.html", page)
    refusal = ""
    if form.is_valid():
        try:
            agenda.set_agenda(meeting=meeting, by=request.user, points=form.points)
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, "Agenda saved.")
            return redirect(f"{meeting.get_absolute_url()}#agenda")
    return ask(request, "groups/agenda_form.html", refusal=refusal, **page)


@require_POST
def agenda_advance(request: MemberRequest, slug: str, day: date, pk: int) -> HttpResponse:
    """Start a point (`do=start`), which ends the current one, or end it (`do=end`)."""
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    meeting = access.get_meeting(visit, day)
    wanted = request.POST.get("do")
    if wanted not in {"start", "end"}:
        return HttpResponseBadRequest("Say do=start or do=end.")
    if not AgendaItem.objects.filter(meeting=meeting, pk=pk).exists():
        raise Http404("There is no such item on the agenda.")
    try:
        if wanted == "start":
            agenda.start_point(meeting=meeting, pk=pk)
        else:
            agenda.end_point(meeting=meeting, pk=pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if request.htmx:
            # The room polls for changes after its request.
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
    back = redirects.local_next(request, otherwise="")
    return redirect(back or f"{meeting.get_absolute_url()}#agenda")
