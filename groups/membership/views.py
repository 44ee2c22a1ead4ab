"""Views for joining and leaving a group, and for a member's settings."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from common import paging
from common.form_views import ask, posted, show_form
from common.methods import require_page
from common.numbers import whole_number
from common.rate_limits import RateLimitExceededError, spend
from common.refusals import Refused, refusal_on
from groups import access, limits
from groups.membership import joining, members
from groups.membership import page as membership_page
from groups.membership.forms import BanForm, JoinForm, MembershipForm, RoleForm
from groups.membership.models import Ban, Group, JoinRequest, Membership
from groups.membership.page import AboutPage, JoinPanel
from groups.settings import changing

if TYPE_CHECKING:
    from accounts.http import MemberRequest
    from groups.access import Visit


@require_page
def group_join(request: MemberRequest, slug: str) -> HttpResponse:
    """Join, or ask to; `take=back` withdraws an undecided request."""
    visit = access.get_visit(request.user, slug)
    if visit.is_member:
        return redirect(visit.group)
    if request.method != "POST":
        return _join_page(request, visit, JoinForm(None, group=visit.group))
    if request.POST.get("take") == "back":
        if joining.withdraw_request(group=visit.group, member=request.user):
            messages.success(request, "Request withdrawn.")
        return redirect("groups:group_about", slug)
    if visit.group.joining == Group.Joining.REQUEST:
        return _ask_to_join(request, visit)
    try:
        spend(request, limits.JOIN)
        joining.join(group=visit.group, member=request.user)
    except (Refused, RateLimitExceededError) as refusal:
        return _join_page(request, visit, JoinForm(None, group=visit.group), str(refusal))
    messages.success(request, f"You are now a member of {visit.group.name}.")
    return redirect(visit.group)


@require_page
def group_leave(request: MemberRequest, slug: str) -> HttpResponse:
    visit = access.get_visit_as_member(request.user, slug)
    refusal = ""
    if request.method == "POST":
        try:
            members.leave(group=visit.group, member=request.user)
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, f"You have left {visit.group.name}.")
            return redirect("groups:group_list")
    return ask(request, "groups/leave_confirm.html", visit=visit, refusal=refusal)


@require_page
def membership_settings(request: MemberRequest, slug: str) -> HttpResponse:
    """Edit a member's settings for one group: usual answer, reminders, visibility."""
    visit = access.get_visit_as_member(request.user, slug)
    assert visit.membership is not None
    form = MembershipForm(posted(request), membership=visit.membership)
    if request.method == "POST":
        access.require_running(visit)
        if form.is_valid():
            with refusal_on(form):
                changing.change_membership(
                    group=visit.group, member=request.user, **form.settings()
                )
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
    """Accept (`decide=accept`) or decline (`decide=decline`) a request to join."""
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
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = "is now a member" if asked.is_accepted else "was declined"
        messages.success(request, f"{asked.member.display_name} {said}.")
    return redirect("groups:request_list", slug)


def _ask_to_join(request: MemberRequest, visit: Visit) -> HttpResponse:
    form = JoinForm(request.POST, group=visit.group)
    if form.is_valid():
        with refusal_on(form, also=(RateLimitExceededError,)):
            spend(request, limits.ASK_TO_JOIN)
            answer = form.cleaned_data["answer"]
            joining.ask_to_join(group=visit.group, member=request.user, answer=answer)
            messages.success(
                request, "Request sent. You will be notified when the organisers have decided."
            )
            return redirect("groups:group_join", visit.group.slug)
    return _join_page(request, visit, form)


def _join_page(
    request: MemberRequest, visit: Visit, form: JoinForm, refusal: str = ""
) -> HttpResponse:
    context = {"visit": visit, "form": form, "join_panel": JoinPanel(visit)}
    return ask(request, "groups/group_join.html", refusal=refusal, **context)


ONLY_OWNERS = "Only an owner can change the roles of owners and organisers."


@require_safe
def member_list(request: MemberRequest, slug: str) -> HttpResponse:
    """List the members; for organisers, bans too."""
    visit = access.get_visit_as_member(request.user, slug)
    page = whole_number(request.GET.get("page", "")) or 1
    bans = Ban.objects.filter(group=visit.group).select_related("member", "banned_by")
    context = {
        "visit": visit,
        "members": membership_page.members_of(visit, query=request.GET.get("q", ""), page=page),
        "bans": list(bans.order_by("-id")[:100]) if visit.is_running else [],
    }
    return render(request, "groups/member_list.html", context)


@require_page
def member_edit(request: MemberRequest, slug: str, username: str) -> HttpResponse:
    """Manage one member: change the role (`act=role`), remove (`remove`) or ban (`ban`) them."""
    visit = access.get_visit_as_organiser(request.user, slug)
    membership = _changeable(visit, username)
    if request.method != "POST":
        return _member_page(request, visit, membership)
    access.require_running(visit)
    act = {"role": _change_role, "remove": _remove, "ban": _ban}.get(request.POST.get("act", ""))
    if act is None:
        return _member_page(request, visit, membership)
    return act(request, visit, membership)


@require_POST
def ban_lift(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Lift a ban (`lift=yes`)."""
    visit = access.get_visit_as_organiser(request.user, slug)
    access.require_running(visit)
    if request.POST.get("lift") != "yes":
        return HttpResponse("Say lift=yes.", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    members.lift_ban(group=visit.group, by=request.user, ban_id=pk)
    messages.success(request, "Ban lifted. They can join again.")
    return redirect("groups:member_list", slug)


def _changeable(visit: Visit, username: str) -> Membership:
    """Return the membership of somebody whom the visitor may manage."""
    found = Membership.objects.filter(group=visit.group).select_related("member")
    membership = get_object_or_404(found, member__username__iexact=username)
    own = visit.membership
    if own is None:
        raise Http404("There is no such member.")
    if membership.pk == own.pk and own.is_owner:
        return membership
    if not members.may_change(own, membership):
        raise PermissionDenied(ONLY_OWNERS)
    return membership


def _change_role(request: MemberRequest, visit: Visit, membership: Membership) -> HttpResponse:
    form = _role_form(request, visit, membership)
    if form.is_valid():
        with refusal_on(form, "role"):
            changed = members.change_role(
                group=visit.group,
                by=request.user,
                member=membership.member,
                role=form.cleaned_data["role"],
            )
            name = membership.member.display_name
            messages.success(request, f"{name}: {changed.get_role_display().lower()}.")
            return redirect("groups:member_list", visit.group.slug)
    return _member_page(request, visit, membership, role_form=form)


def _remove(request: MemberRequest, visit: Visit, membership: Membership) -> HttpResponse:
    try:
        members.remove(group=visit.group, by=request.user, member=membership.member)
    except Refused as refusal:
        return _member_page(request, visit, membership, refusal=str(refusal))
    messages.success(
        request, f"{membership.member.display_name} is no longer a member of the group."
    )
    return redirect("groups:member_list", visit.group.slug)


def _ban(request: MemberRequest, visit: Visit, membership: Membership) -> HttpResponse:
    form = BanForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _member_page(request, visit, membership, ban_form=form)
    try:
        members.ban(
            group=visit.group,
            by=request.user,
            member=membership.member,
            reason=form.cleaned_data["reason"],
        )
    except Refused as refusal:
        return _member_page(request, visit, membership, refusal=str(refusal))
    messages.success(request, f"{membership.member.display_name} is banned from the group.")
    return redirect("groups:member_list", visit.group.slug)


def _role_form(request: MemberRequest, visit: Visit, membership: Membership) -> RoleForm:
    assert visit.membership is not None
    data = request.POST if request.POST.get("act") == "role" else None
    roles = members.roles_within_reach(visit.membership)
    return RoleForm(data, roles=roles, now=membership.role)


def _member_page(
    request: MemberRequest,
    visit: Visit,
    membership: Membership,
    *,
    role_form: RoleForm | None = None,
    ban_form: BanForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    context = {
        "visit": visit,
        "membership": membership,
        "is_self": membership.member_id == request.user.pk,
        "role_form": role_form or _role_form(request, visit, membership),
        "ban_form": ban_form or BanForm(label_suffix=""),
    }
    return ask(request, "groups/member_edit.html", refusal=refusal, **context)


@require_safe
@login_not_required
def group_about(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the description, rules, organisers, and how to join."""
    visit = access.get_visit(request.user, slug)
    return render(request, "groups/group_about.html", {"visit": visit, "about": AboutPage(visit)})


@require_safe
def group_log(request: MemberRequest, slug: str) -> HttpResponse:
    """Show organisers the group's log, latest first."""
    visit = access.get_visit_as_organiser(request.user, slug)
    before = paging.start_of(request)
    context = {
        "visit": visit,
        "page": membership_page.log_of(visit.group, before=before),
        "before": before,
    }
    return render(request, "groups/group_log.html", context)
