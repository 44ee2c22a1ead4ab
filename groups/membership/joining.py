"""Joining a group, and asking to join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from groups import access
from groups.membership import members
from groups.membership.models import Ban, Group, JoinRequest, LogEntry, Role
from groups.membership.rights import membership_of, require_organiser, require_running
from groups.notices import notices
from groups.notices.models import Notice

if TYPE_CHECKING:
    from accounts.models import User
    from groups.membership.models import JoinRequestQuerySet

BANNED = "The organisers have removed you from this group, so you cannot join it."
NOT_OPEN = "The organisers decide who joins this group. You can ask to join."
BY_INVITATION = "You can only join this group by invitation. Ask an organiser for one."
MAX_ANSWER = 1000


@transaction.atomic
def join(*, group: Group, member: User) -> bool:
    """Join a group that is open to everybody. Return whether that changed anything."""
    group = _lock_to_enter(group, member)
    if membership_of(group, member) is not None:
        return False
    if group.joining != Group.Joining.OPEN:
        is_asked = group.joining == Group.Joining.REQUEST
        raise Refused(NOT_OPEN if is_asked else BY_INVITATION)
    members.add(group=group, member=member, role=Role.MEMBER, words="Joined")
    # A request from the time when the group required them.
    _waiting(group, member).update(decided_at=timezone.now(), is_accepted=True)
    return True


@transaction.atomic
def ask_to_join(*, group: Group, member: User, answer: str = "") -> JoinRequest | None:
    """Ask to join, and notify the organisers. An existing request stays unchanged.

    Return None for a member.
    """
    group = _lock_to_enter(group, member)
    if membership_of(group, member) is not None:
        return None
    if group.joining == Group.Joining.INVITATION:
        raise Refused(BY_INVITATION)
    if waiting := _waiting(group, member).first():
        return waiting
    asked = JoinRequest.objects.create(group=group, member=member, answer=answer[:MAX_ANSWER])
    notices.give(
        group=group,
        kind=Notice.Kind.REQUEST,
        subject_id=asked.pk,
        words=f"{member.display_name} asks to join {group.name}.",
        url=reverse("groups:request_list", args=[group.slug]),
        recipients=members.organiser_ids(group),
        actor=member,
    )
    return asked


@transaction.atomic
def withdraw_request(*, group: Group, member: User) -> bool:
    """Withdraw an undecided request. Return whether there was one."""
    group = access.lock_group(group)
    gone, _ = _waiting(group, member).delete()
    return bool(gone)


def accept(*, group: Group, request_id: int, by: User) -> JoinRequest:
    """Accept a request to join. An earlier decision stays."""
    return _decide(group, request_id, by, is_accepted=True)


def decline(*, group: Group, request_id: int, by: User) -> JoinRequest:
    """Decline a request to join; the asker may ask again."""
    return _decide(group, request_id, by, is_accepted=False)


@transaction.atomic
def _decide(group: Group, request_id: int, by: User, *, is_accepted: bool) -> JoinRequest:
    group = access.lock_group(group)
    require_running(group)
    require_organiser(group, by)
    requests = JoinRequest.objects.select_related("member", "decided_by").filter(group=group)
    asked = requests.filter(pk=request_id).first()
    if asked is None:
        raise Refused("This request was withdrawn.")
    if asked.decided_at is not None:
        return asked
    asked.decided_at, asked.decided_by, asked.is_accepted = timezone.now(), by, is_accepted
    asked.save(update_fields=["decided_at", "decided_by", "is_accepted"])
    name = f"@{asked.member.username}"
    if not is_accepted:
        LogEntry.note(
            group=group, kind="declined", words=f"Declined the request of {name}", actor=by
        )
    elif membership_of(group, asked.member) is None:
        words = f"Accepted the request of {name}"
        members.add(group=group, member=asked.member, role=Role.MEMBER, words=words, actor=by)
    _tell_decided(group, asked)
    return asked


def _tell_decided(group: Group, asked: JoinRequest) -> None:
    said = "You are now a member of" if asked.is_accepted else "Your request was declined by"
    notices.give(
        group=group,
        kind=Notice.Kind.DECIDED,
        subject_id=asked.pk,
        words=f"{said} {group.name}.",
        url=group.get_absolute_url(),
        recipients=[asked.member_id],
    )


def waiting_request(group: Group, member: User) -> JoinRequest | None:
    """Return a member's undecided request, if any."""
    return _waiting(group, member).first()


def _waiting(group: Group, member: User) -> JoinRequestQuerySet:
    return JoinRequest.objects.waiting().filter(group=group, member=member)


def _lock_to_enter(group: Group, member: User) -> Group:
    """Lock a group for a new member. Refuse the banned, and closed or private groups."""
    group = access.lock_group(group)
    require_running(group)
    if group.is_private:
        # It became private after the page was shown, and is hidden from outsiders.
        raise Refused(BY_INVITATION)
    if Ban.objects.filter(group=group, member=member).exists():
        raise Refused(BANNED)
    return group
