"""Series: a book or a long paper, read over several meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from common.form_views import posted, show_form
from common.methods import require_page
from common.rate_limits import SUBMIT, spend
from common.refusals import refusal_on
from groups import access
from groups.schedule import readings
from groups.schedule.views import PLANNING
from groups.series import page as pages
from groups.series import series
from groups.series.forms import SeriesForm
from groups.series.models import Series

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from accounts.http import MemberRequest
    from groups.access import Visit


@require_safe
@login_not_required
def series_list(request: HttpRequest, slug: str) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    context = {"visit": visit, "series": pages.series_of(visit.group)}
    return render(request, "groups/series_list.html", context)


@require_safe
@login_not_required
def series_page(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    one = _series(visit, pk)
    context = {"visit": visit, "series": one, "lines": pages.part_lines(visit, one)}
    return render(request, "groups/series_page.html", context)


@require_page
def series_create(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_organiser(request.user, slug)
    if request.method == "POST":
        access.require_running(visit)
        spend(request, PLANNING)
    form = SeriesForm(posted(request))
    if form.is_valid():
        with refusal_on(form):
            said = _said(request, form)
            made = series.create_series(group=visit.group, by=request.user, **said)
            messages.success(request, "Series planned.")
            return redirect("groups:series_page", visit.group.slug, made.pk)
    return show_form(request, "groups/series_form.html", form, visit=visit)


@require_page
def series_edit(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Show the plan of a series; on POST, change or end it (`act=end`)."""
    visit = access.get_visit_as_organiser(request.user, slug)
    one = _series(visit, pk)
    if request.method == "POST":
        access.require_running(visit)
        spend(request, PLANNING)
    if request.POST.get("act") == "end":
        series.end_series(series=one, by=request.user)
        messages.success(request, "Series ended. Past meetings stay as they are.")
        return redirect("groups:series_list", visit.group.slug)
    form = SeriesForm(posted(request), series=one)
    if form.is_valid():
        with refusal_on(form):
            said = _said(request, form)
            series.edit_series(series=one, by=request.user, **said)
            messages.success(request, "Series planned.")
            return redirect("groups:series_page", visit.group.slug, one.pk)
    return show_form(request, "groups/series_form.html", form, visit=visit, series=one)


def _series(visit: Visit, pk: int) -> Series:
    one = get_object_or_404(Series.objects.select_related("paper"), group=visit.group, pk=pk)
    one.group = visit.group
    return one


def _said(request: MemberRequest, form: SeriesForm) -> dict[str, Any]:
    """Return the submitted data, with its paper: that may call arXiv."""
    said = dict(form.cleaned_data)
    for _ in readings.unknown_among(said["paper"]):
        spend(request, SUBMIT)
    papers = readings.find_papers(said["paper"], by=request.user)
    return said | {"paper": papers[0] if papers else None}
