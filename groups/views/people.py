"""Who belongs to a group, for those inside; and seeing to them, for those who run it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.methods import require_page
from common.numbers import whole_number
from groups import access
from groups.belonging import members
from groups.belonging.rights import BelongingRefusedError
from groups.forms.people import BanForm, RoleForm
from groups.models import Ban, Membership
from groups.pages import people

if TYPE_CHECKING:
    from accounts.http import MemberRequest
    from groups.access import Visit

ONLY_OWNERS = "Only an owner changes what owners and organisers are."


@require_safe
def member_list(request: MemberRequest, slug: str) -> HttpResponse:
    """Show who belongs; to organisers also whom the group keeps out."""
    visit = access.get_visit_as_member(request.user, slug)
    page = whole_number(request.GET.get("page", "")) or 1
    bans = Ban.objects.filter(group=visit.group).select_related("member", "banned_by")
    context = {
        "visit": visit,
        "members": people.members_of(visit, query=request.GET.get("q", ""), page=page),
        "bans": list(bans.order_by("-id")[:100]) if visit.is_running else [],
    }
    return render(request, "groups/member_list.html", context)


@require_page
def member_edit(request: MemberRequest, slug: str, username: str) -> HttpResponse:
    """See to one member: another role (`act=role`), out (`remove`), or out for good (`ban`)."""
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
    messages.success(request, "They may come in again.")
    return redirect("groups:member_list", slug)


def _changeable(visit: Visit, username: str) -> Membership:
    """Return the membership of somebody whom the visitor may see to."""
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
    if not form.is_valid():
        return _member_page(request, visit, membership, role_form=form)
    try:
        changed = members.change_role(
            group=visit.group,
            by=request.user,
            member=membership.member,
            role=form.cleaned_data["role"],
        )
    except BelongingRefusedError as refusal:
        form.add_error("role", str(refusal))
        return _member_page(request, visit, membership, role_form=form)
    name = membership.member.display_name
    messages.success(request, f"{name}: {changed.get_role_display().lower()}.")
    return redirect("groups:member_list", visit.group.slug)


def _remove(request: MemberRequest, visit: Visit, membership: Membership) -> HttpResponse:
    try:
        members.remove(group=visit.group, by=request.user, member=membership.member)
    except BelongingRefusedError as refusal:
        return _member_page(request, visit, membership, refusal=str(refusal))
    messages.success(request, f"{membership.member.display_name} no longer belongs to the group.")
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
    except BelongingRefusedError as refusal:
        return _member_page(request, visit, membership, refusal=str(refusal))
    messages.success(request, f"{membership.member.display_name} is kept out of the group.")
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
        "refusal": refusal,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "groups/member_edit.html", context, status=status)
