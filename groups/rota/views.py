"""Views of seats, swaps and the rota."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common import paging, redirects
from common.form_views import ask, posted, show_form, show_page
from common.methods import require_page
from common.rate_limits import RateLimit, spend
from common.refusals import Refused, refusal_on
from groups import access
from groups.rota import forms, load, page, seats, swaps
from groups.rota.models import Seat, SeatKind, Swap
from groups.rota.swaps import SwapOutcome

if TYPE_CHECKING:
    from datetime import date

    from accounts.http import MemberRequest
    from groups.access import Visit
    from groups.rota.page import SeatLine
    from groups.schedule.models import Meeting

MEETINGS_SHOWN = 8
TURNS_SHOWN = 5
# Each notifies somebody.
SEATS = RateLimit("seats", per_minute=20, burst=30)


@require_safe
def rota_page(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_member(request.user, slug)
    number = paging.number_of(request)
    meetings = _coming(visit, number)
    table = load.load_table(visit.group, page=paging.number_of(request, "load"))
    context = {
        "visit": visit,
        "panels": page.seats_of(visit, meetings[:MEETINGS_SHOWN]),
        "pager": paging.pager_of(request, number, has_more=len(meetings) > MEETINGS_SHOWN),
        "swaps": page.swap_lines(visit),
        "table": table,
        "load_pager": paging.pager_of(
            request, table.page, has_more=table.has_more, name="load", anchor="#load"
        ),
        "here": request.get_full_path(),
    }
    return render(request, "groups/rota_page.html", context)


@require_page
def seat_set(request: MemberRequest, slug: str, day: date, pk: int) -> HttpResponse:
    """Show a seat; on POST, take, leave or give it (`act=take|leave|give`)."""
    visit = access.get_visit_as_full_member(request.user, slug)
    line = _line(visit, day, pk)
    if request.method == "POST":
        access.require_running(visit)
        spend(request, SEATS)
    form = forms.SeatForm(posted(request), group=visit.group)
    if form.is_valid():
        with refusal_on(form):
            messages.success(request, _change(request, line, form))
            back = line.meeting.get_absolute_url()
            return redirect(redirects.local_next(request, otherwise=back))
    return _seat(request, line, form)


@require_page
def seat_swap(request: MemberRequest, slug: str, day: date, pk: int) -> HttpResponse:
    """Show the seats to swap this one for; on POST, ask for one."""
    visit = access.get_visit_as_full_member(request.user, slug)
    line = _line(visit, day, pk)
    offered = _exchanges(line)
    if request.method == "POST":
        access.require_running(visit)
        spend(request, SEATS)
    form = forms.SwapForm(posted(request), seats=offered)
    if form.is_bound and line.seat is None:
        form.add_error(None, "Nobody has this seat, so you can take it.")
    elif line.seat is not None and form.is_valid():
        chosen = next(seat for seat in offered if seat.pk == form.cleaned_data["seat"])
        with refusal_on(form):
            swaps.ask(
                seat=chosen,
                other_seat=line.seat,
                by=request.user,
                words=form.cleaned_data["words"],
            )
            messages.success(request, "Request sent. The members concerned are notified.")
            return redirect(_swaps_url(visit))
    return _swap(request, line, offered, form)


@require_POST
def swap_answer(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Accept or decline a swap (`answer=accept|decline`)."""
    visit = access.get_visit_as_full_member(request.user, slug)
    access.require_running(visit)
    swap = get_object_or_404(Swap, pk=pk, group=visit.group)
    if request.user.pk not in {swap.member_id, swap.other_member_id, swap.asked_by_id}:
        raise PermissionDenied("This request is between other members.")
    form = forms.SwapAnswerForm(request.POST)
    if not form.is_valid():
        words = str(form.errors["answer"][0])
        swap_lines = page.swap_lines(visit)
        return ask(request, "groups/swaps_page.html", visit=visit, refusal=words, swaps=swap_lines)
    accepts = form.cleaned_data["answer"] == forms.SwapAnswerForm.YES
    outcome = swaps.answer(swap=swap, member=request.user, accepts=accepts)
    add = messages.warning if outcome == SwapOutcome.VOID else messages.success
    add(request, outcome.value)
    return redirect(_swaps_url(visit))


@require_page
def seat_settings(request: MemberRequest, slug: str) -> HttpResponse:
    """Edit the group's seats; `?template=` shows those of a template, unsaved."""
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    template = request.GET.get("template", "")
    if request.method != "POST":
        if template and template not in seats.TEMPLATES:
            raise Http404("There is no such template.")
        drafts = forms.drafts_in_use(visit.group)
        if template:
            drafts = seats.drafts_of(visit.group, template)
        formset = forms.SeatKindForms(initial=forms.initial_of(drafts))
        return _seat_settings(request, visit, formset, template=template)
    formset = forms.SeatKindForms(request.POST)
    refusal = ""
    if formset.is_valid():
        try:
            seats.set_seat_kinds(group=visit.group, by=request.user, kinds=formset.drafts())
        except Refused as error:
            refusal = str(error)
    if refusal or not formset.is_valid():
        refusal = refusal or "Correct the errors below. Nothing was changed."
        return _seat_settings(request, visit, formset, refusal=refusal)
    messages.success(request, "Seats saved.")
    return redirect("groups:seat_settings", visit.group.slug)


def _coming(visit: Visit, page: int) -> list[Meeting]:
    """Return the meetings of a page of the rota, and one more if there is one."""
    start = (page - 1) * MEETINGS_SHOWN
    upcoming = visit.group.meetings.upcoming()
    meetings = list(upcoming[start : start + MEETINGS_SHOWN + 1])
    for meeting in meetings:
        meeting.group = visit.group
    return meetings


def _line(visit: Visit, day: date, pk: int) -> SeatLine:
    """Return one seat at one meeting, if the group fills it or somebody had it there."""
    meeting = access.get_meeting(visit, day)
    kind = get_object_or_404(SeatKind, pk=pk, group=visit.group)
    seat = Seat.objects.filter(meeting=meeting, kind=kind).select_related("member").first()
    if kind.retired_at is not None and seat is None:
        raise Http404("The group no longer has this seat.")
    return page.SeatLine(visit, meeting, kind, seat)


def _change(request: MemberRequest, line: SeatLine, form: forms.SeatForm) -> str:
    """Carry out the form's action on the seat, and return a message for the reader."""
    act, meeting, kind = form.cleaned_data["act"], line.meeting, line.kind
    if act == forms.SeatForm.TAKE:
        seats.take_seat(meeting=meeting, kind=kind, member=request.user)
        return f"{kind.name} is yours."
    if act == forms.SeatForm.LEAVE:
        seats.leave_seat(meeting=meeting, kind=kind, by=request.user)
        return f"{kind.name} is free again."
    if not line.visit.is_running:
        raise PermissionDenied(access.ORGANISERS_ONLY)
    assert form.member is not None
    seats.give_seat(meeting=meeting, kind=kind, member=form.member, by=request.user)
    return f"{kind.name} is {form.member.display_name}."


def _exchanges(line: SeatLine) -> list[Seat]:
    """Return the seats for which the reader may ask to swap a seat."""
    if line.seat is None:
        return []
    coming = page.coming_seats(line.visit.group).exclude(member=line.seat.member)
    if line.is_mine or line.visit.is_running:
        return list(coming)
    return list(coming.filter(member=line.visit.reader.pk))


def _seat(request: MemberRequest, line: SeatLine, form: forms.SeatForm) -> HttpResponse:
    shows_turns = line.may_set and line.kind.is_presenter and line.is_coming
    context = {
        "visit": line.visit,
        "meeting": line.meeting,
        "line": line,
        "turns": load.suggest(line.meeting, limit=TURNS_SHOWN) if shows_turns else [],
        "next": redirects.local_next(request, otherwise=""),
    }
    return show_form(request, "groups/seat_page.html", form, **context)


def _swap(
    request: MemberRequest, line: SeatLine, offered: list[Seat], form: forms.SwapForm
) -> HttpResponse:
    context = {
        "visit": line.visit,
        "meeting": line.meeting,
        "line": line,
        "offered": offered,
    }
    return show_form(request, "groups/swap_form.html", form, **context)


def _seat_settings(
    request: MemberRequest,
    visit: Visit,
    formset: forms.SeatKindFormSet,
    *,
    template: str = "",
    refusal: str = "",
) -> HttpResponse:
    context = {
        "visit": visit,
        "formset": formset,
        "templates": seats.TEMPLATES,
        "presenter_id": visit.group.seat_kinds.get(is_presenter=True, retired_at__isnull=True).pk,
        "template": template,
        "refusal": refusal,
    }
    return show_page(request, "groups/seat_settings.html", context, is_refused=refusal)


def _swaps_url(visit: Visit) -> str:
    return reverse("groups:rota_page", args=[visit.group.slug]) + "#swaps"
