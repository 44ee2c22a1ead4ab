"""Coming into a group, going out of it, and what one wants of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.methods import require_page
from common.rate_limits import RateLimitExceededError, spend
from groups import access, limits
from groups.belonging import changing, joining, members
from groups.belonging.rights import BelongingRefusedError
from groups.forms.people import JoinForm, MembershipForm
from groups.models import Group, JoinRequest
from groups.pages.about import WayIn
from groups.views.showing import ask, posted, show_form

if TYPE_CHECKING:
    from accounts.http import MemberRequest
    from groups.access import Visit


@require_page
def group_join(request: MemberRequest, slug: str) -> HttpResponse:
    """Join, or ask to; a request that waits is taken back by `take=back`."""
    visit = access.get_visit(request.user, slug)
    if visit.is_member:
        return redirect(visit.group)
    if request.method != "POST":
        return _way_in(request, visit, JoinForm(None, group=visit.group))
    if request.POST.get("take") == "back":
        if joining.take_back_request(group=visit.group, member=request.user):
            messages.success(request, "You no longer ask to join.")
        return redirect("groups:group_about", slug)
    if visit.group.joining == Group.Joining.REQUEST:
        return _ask_to_join(request, visit)
    try:
        spend(request, limits.JOIN)
        joining.join(group=visit.group, member=request.user)
    except (BelongingRefusedError, RateLimitExceededError) as refusal:
        return _way_in(request, visit, JoinForm(None, group=visit.group), str(refusal))
    messages.success(request, f"You are a member of {visit.group.name} now.")
    return redirect(visit.group)


@require_page
def group_leave(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_member(request.user, slug)
    refusal = ""
    if request.method == "POST":
        try:
            members.leave(group=visit.group, member=request.user)
        except BelongingRefusedError as error:
            refusal = str(error)
        else:
            messages.success(request, f"You have left {visit.group.name}.")
            return redirect("groups:group_list")
    return ask(request, "groups/leave_confirm.html", visit=visit, refusal=refusal)


@require_page
def membership_settings(request: MemberRequest, slug: str) -> HttpResponse:
    """What a member wants of one group: usual answer, reminders, what is shown of them."""
    visit = access.get_visit_as_member(request.user, slug)
    assert visit.membership is not None
    form = MembershipForm(posted(request), membership=visit.membership)
    if request.method == "POST":
        access.require_running(visit)
        if form.is_valid():
            try:
                changing.change_membership(
                    group=visit.group, member=request.user, **form.settings()
                )
            except BelongingRefusedError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "Saved.")
                return redirect("groups:membership_settings", slug)
    return show_form(request, "groups/membership_settings.html", form, visit=visit)


@require_safe
def request_list(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_organiser(request.user, slug)
    waiting = JoinRequest.objects.waiting().filter(group=visit.group).order_by("id")
    context = {"visit": visit, "requests": waiting.select_related("member")[:100]}
    return render(request, "groups/request_list.html", context)


@require_POST
def request_decide(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Accept (`decide=accept`) or decline (`decide=decline`) who asks to join."""
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    if not JoinRequest.objects.filter(group=visit.group, pk=pk).exists():
        raise Http404("There is no such request.")
    decide = {"accept": joining.accept, "decline": joining.decline}.get(
        request.POST.get("decide", "")
    )
    if decide is None:
        words = "Say decide=accept or decide=decline."
        return HttpResponse(words, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        asked = decide(group=visit.group, request_id=pk, by=request.user)
    except BelongingRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        said = "is a member now" if asked.is_accepted else "was declined"
        messages.success(request, f"{asked.member.display_name} {said}.")
    return redirect("groups:request_list", slug)


def _ask_to_join(request: MemberRequest, visit: Visit) -> HttpResponse:
    form = JoinForm(request.POST, group=visit.group)
    if not form.is_valid():
        return _way_in(request, visit, form)
    try:
        spend(request, limits.ASK_TO_JOIN)
        joining.ask_to_join(
            group=visit.group, member=request.user, answer=form.cleaned_data["answer"]
        )
    except (BelongingRefusedError, RateLimitExceededError) as refusal:
        form.add_error(None, str(refusal))
        return _way_in(request, visit, form)
    messages.success(request, "The organisers know. You hear of it when they have decided.")
    return redirect("groups:group_join", visit.group.slug)


def _way_in(
    request: MemberRequest, visit: Visit, form: JoinForm, refusal: str = ""
) -> HttpResponse:
    context = {"visit": visit, "form": form, "way_in": WayIn(visit), "refusal": refusal}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "groups/group_join.html", context, status=status)
