"""The members of a group and their roles.

A group always has an owner: the last one can neither leave nor change role. Only owners appoint and
dismiss owners and organisers; organisers manage members and guests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common.refusals import Refused
from groups import access
from groups.attendance import answers
from groups.ballots import ballots
from groups.membership.models import RUNNING, Ban, Group, LogEntry, Membership, Role
from groups.membership.rights import (
    membership_of,
    require_membership,
    require_organiser,
    require_owner,
    require_running,
)
from groups.notices import notices
from groups.notices.models import Notice
from groups.rota import seats

if TYPE_CHECKING:
    from accounts.models import User

LAST_OWNER = "You are the only owner. Make someone else an owner first."


def add(*, group: Group, member: User, role: str, words: str, actor: User | None = None) -> None:
    """Add a new member to a group that the caller has locked."""
    Membership.objects.create(group=group, member=member, role=role)
    Group.objects.filter(pk=group.pk).update(member_count=F("member_count") + 1)
    LogEntry.note(group=group, kind="joined", words=words, actor=actor or member)


@transaction.atomic
def change_role(*, group: Group, by: User, member: User, role: str) -> Membership:
    """Change a member's role. Setting the same role changes nothing."""
    group = access.lock_group(group)
    require_running(group)
    membership = _membership_to_judge(group, by, member, becomes=role)
    if membership.role == role:
        return membership
    _set_role(group, membership, role=role, by=by)
    return membership


@transaction.atomic
def hand_over(
    *, group: Group, by: User, member: User, stays_as: str = Role.ORGANISER
) -> Membership:
    """Make a member an owner, and give the current owner another role."""
    if stays_as not in Role.values:
        raise Refused("Choose your role afterwards.")
    group = access.lock_group(group)
    require_running(group)
    own = require_owner(group, by)
    if member.pk == by.pk:
        raise Refused("You already own the group. Choose someone else.")
    heir = require_membership(group, member)
    if heir.role != Role.OWNER:
        _set_role(group, heir, role=Role.OWNER, by=by)
    if stays_as != Role.OWNER:
        _set_role(group, own, role=stays_as, by=by)
    return heir


@transaction.atomic
def leave(*, group: Group, member: User) -> None:
    """Leave a group. Contributions stay; a non-member is ignored."""
    group = access.lock_group(group)
    membership = membership_of(group, member)
    if membership is None:
        return
    _require_another_owner(group, membership)
    _drop(group, membership)
    LogEntry.note(group=group, kind="left", words="Left the group", actor=member)


@transaction.atomic
def remove(*, group: Group, by: User, member: User) -> None:
    """Remove somebody from the group. They may join again as others do."""
    group = access.lock_group(group)
    require_running(group)
    membership = _membership_to_judge(group, by, member, becomes=None)
    _drop(group, membership)
    LogEntry.note(group=group, kind="removed", words=f"Removed @{member.username}", actor=by)


@transaction.atomic
def ban(*, group: Group, by: User, member: User, reason: str = "") -> Ban:
    """Remove somebody from the group, and keep them out until the ban is lifted.

    Their undecided request is declined. A second ban changes nothing.
    """
    group = access.lock_group(group)
    require_running(group)
    require_organiser(group, by)
    if membership_of(group, member) is not None:
        _drop(group, _membership_to_judge(group, by, member, becomes=None))
    elif member.pk == by.pk:
        raise Refused("You cannot ban yourself.")
    standing, is_new = Ban.objects.get_or_create(
        group=group, member=member, defaults={"reason": reason[:300], "banned_by": by}
    )
    group.join_requests.filter(member=member, decided_at__isnull=True).update(
        decided_at=timezone.now(), decided_by=by
    )
    if is_new:
        words = f"Banned @{member.username}" + (f": {reason}" if reason else "")
        LogEntry.note(group=group, kind="banned", words=words, actor=by)
    return standing


@transaction.atomic
def lift_ban(*, group: Group, by: User, ban_id: int) -> None:
    """Let somebody join again; this does not make them a member. Repeating it changes nothing."""
    group = access.lock_group(group)
    require_running(group)
    require_organiser(group, by)
    standing = Ban.objects.select_related("member").filter(group=group, pk=ban_id).first()
    if standing is None:
        return
    standing.delete()
    words = f"Lifted the ban of @{standing.member.username}"
    LogEntry.note(group=group, kind="ban lifted", words=words, actor=by)


def may_change(own: Membership | None, other: Membership) -> bool:
    """Return whether a member may manage another: owners everybody, organisers the rest."""
    if own is None or not own.is_running or own.member_id == other.member_id:
        return False
    return own.is_owner or not other.is_running


def roles_within_reach(own: Membership) -> list[Role]:
    """Return the roles that a member may give to others."""
    return list(Role) if own.is_owner else [Role.MEMBER, Role.GUEST]


def _membership_to_judge(
    group: Group, by: User, member: User, *, becomes: str | None
) -> Membership:
    """Return a membership, if `by` may change it."""
    own = require_organiser(group, by)
    membership = require_membership(group, member)
    if membership.member_id == own.member_id:
        # This is how owners step down; others leave, or ask an owner.
        if becomes is None or not own.is_owner:
            raise Refused("You cannot remove yourself. Leave the group instead.")
        if becomes != Role.OWNER:
            _require_another_owner(group, own)
    elif not may_change(own, membership):
        raise Refused("Only an owner can change the roles of owners and organisers.")
    if becomes is not None and becomes not in roles_within_reach(own):
        raise Refused("Only an owner can make someone an owner or an organiser.")
    return membership


def _require_another_owner(group: Group, membership: Membership) -> None:
    owners = Membership.objects.filter(group=group, role=Role.OWNER)
    if membership.is_owner and not owners.exclude(pk=membership.pk).exists():
        raise Refused(LAST_OWNER)


def _set_role(group: Group, membership: Membership, *, role: str, by: User) -> None:
    membership.role = role
    membership.save(update_fields=["role"])
    member = membership.member
    if role == Role.GUEST:
        # Guests neither present nor vote.
        seats.free_seats(group=group, member_id=member.pk)
        ballots.drop_slips(group=group, member_id=member.pk)
    label = Role(role).label.lower()
    entry = LogEntry.note(
        group=group, kind="role", words=f"Made @{member.username} {_a(label)}", actor=by
    )
    notices.give(
        group=group,
        kind=Notice.Kind.ROLE,
        subject_id=entry.pk,
        words=f"You are now {_a(label)} of {group.name}.",
        url=group.get_absolute_url(),
        recipients=[member.pk],
        actor=by,
    )


def _drop(group: Group, membership: Membership) -> None:
    """End a membership, and its part in upcoming meetings."""
    member_id = membership.member_id
    # Meetings before ballots: the lock order.
    answers.forget_future(group=group, member_id=member_id)
    seats.free_seats(group=group, member_id=member_id)
    ballots.drop_slips(group=group, member_id=member_id)
    membership.delete()
    Group.objects.filter(pk=group.pk).update(member_count=F("member_count") - 1)


def _a(label: str) -> str:
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def organiser_ids(group: Group) -> list[int]:
    """Return the ids of the owners and organisers, for notifications."""
    running = Membership.objects.filter(group=group, role__in=RUNNING)
    return list(running.values_list("member_id", flat=True))
