"""Checks of roles in a locked group.

Code that changes memberships locks the group first (`access.lock_group`), and then checks them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.refusals import Refused
from groups.access import CLOSED
from groups.membership.models import Membership

if TYPE_CHECKING:
    from accounts.models import User
    from groups.membership.models import Group


def require_running(group: Group) -> None:
    """Raise if the group was closed meanwhile."""
    if group.is_closed:
        raise Refused(CLOSED)


def membership_of(group: Group, member: User | int) -> Membership | None:
    pk = member if isinstance(member, int) else member.pk
    found = Membership.objects.select_related("member").filter(group=group, member_id=pk)
    return found.first()


def require_membership(group: Group, member: User | int) -> Membership:
    membership = membership_of(group, member)
    if membership is None:
        raise Refused("They are no longer a member of this group.")
    return membership


def require_organiser(group: Group, member: User) -> Membership:
    """Return the membership of an organiser in a locked group, or refuse anybody else."""
    membership = membership_of(group, member)
    if membership is None or not membership.is_running:
        raise Refused("Only organisers of the group can do this.")
    return membership


def require_owner(group: Group, member: User) -> Membership:
    membership = membership_of(group, member)
    if membership is None or not membership.is_owner:
        raise Refused("Only owners of the group can do this.")
    return membership
