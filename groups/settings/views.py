"""Views of settings, and for handing over or closing a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from common.form_views import ask, posted, show_form
from common.methods import require_page
from common.rate_limits import spend
from common.refusals import Refused, refusal_on
from common.words import counted
from groups import access, limits
from groups.cycle.models import Cycle
from groups.membership import members
from groups.membership.forms import HandOverForm
from groups.membership.models import Membership
from groups.schedule.models import Phase
from groups.settings import changing
from groups.settings.forms import CycleForm, GroupForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import MemberRequest
    from groups.access import Visit


@require_page
def group_settings(request: MemberRequest, slug: str) -> HttpResponse:
    """Edit the group's settings. A new visibility needs confirmation of its effect."""
    visit = access.get_visit_as_organiser(request.user, slug)
    form = GroupForm(posted(request), group=visit.group)
    if request.method == "POST":
        access.require_running(visit)
        spend(request, limits.RUN)
        if form.is_valid():
            with refusal_on(form):
                changing.change_group(group=visit.group, by=request.user, **form.settings())
                messages.success(request, "Saved.")
                return redirect("groups:group_settings", slug)
    return show_form(request, "groups/group_settings.html", form, visit=visit)


@require_page
def cycle_settings(request: MemberRequest, slug: str) -> HttpResponse:
    """Edit how and when the paper is chosen; saving updates upcoming meetings."""
    visit = access.get_visit_as_organiser(request.user, slug)
    form = CycleForm(posted(request), cycle=visit.group.cycle)
    if request.method == "POST":
        access.require_running(visit)
        spend(request, limits.RUN)
        if form.is_valid():
            with refusal_on(form):
                count = changing.change_cycle(group=visit.group, by=request.user, **form.settings())
                what = (
                    f"Changes {counted(count, 'upcoming meeting')}." if count else _from_when(visit)
                )
                messages.success(request, f"Saved. {what}".strip())
                return redirect("groups:cycle_settings", slug)
    return show_form(request, "groups/cycle_settings.html", form, visit=visit)


def _from_when(visit: Visit) -> str:
    """Say which ballot is the first that new rules apply to."""
    meetings = visit.group.meetings.filter(
        choice=Cycle.Choice.BALLOT,
        phase__in=[Phase.PLANNED, Phase.NOMINATING],
        starts_at__gt=timezone.now(),
    )
    meeting = meetings.order_by("starts_at", "pk").first()
    return f"Applies from the ballot of {meeting.day:%B %-d}." if meeting else ""


@require_page
def group_hand_over(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_owner(request.user, slug)
    form = HandOverForm(
        posted(request), initial={"username": request.GET.get("to", "")}, label_suffix=""
    )
    if request.method == "POST":
        access.require_running(visit)
        if form.is_valid():
            heir = Membership.objects.select_related("member").filter(
                group=visit.group, member__username__iexact=form.cleaned_data["username"]
            )
            membership = heir.first()
            if membership is None:
                form.add_error("username", "No member of the group has this username.")
                return show_form(request, "groups/hand_over.html", form, visit=visit)
            with refusal_on(form):
                members.hand_over(
                    group=visit.group,
                    by=request.user,
                    member=membership.member,
                    stays_as=form.cleaned_data["stays_as"],
                )
                name = membership.member.display_name
                messages.success(request, f"{name} is now an owner of the group.")
                return redirect("groups:member_list", slug)
    return show_form(request, "groups/hand_over.html", form, visit=visit)


@require_page
def group_close(request: MemberRequest, slug: str) -> HttpResponse:
    """Ask for confirmation; then close the group (`close=yes`), or reopen it (`close=no`)."""
    visit = access.get_visit_as_owner(request.user, slug)
    wanted = request.POST.get("close")
    if wanted not in {"yes", "no"}:
        return ask(request, "groups/close_confirm.html", visit=visit)
    change = changing.close_group if wanted == "yes" else changing.reopen_group
    try:
        change(group=visit.group, by=request.user)
    except Refused as refusal:
        return ask(request, "groups/close_confirm.html", visit=visit, refusal=str(refusal))
    said = "was closed. Its pages can still be read" if wanted == "yes" else "was reopened"
    messages.success(request, f"{visit.group.name} {said}.")
    return redirect(visit.group)
