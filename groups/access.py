"""Fetch groups and meetings for a reader, and check what they may do.

A private group is a 404 for anybody outside it, as is an address that does not exist, whatever the
request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

from groups.membership.models import Group, Membership
from groups.schedule.models import Meeting

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

MEMBERS_ONLY = "This is for members of the group."
NOT_FOR_GUESTS = "This is for members of the group, not for guests."
ORGANISERS_ONLY = "This is for the organisers of the group."
OWNERS_ONLY = "This is for the owners of the group."
CLOSED = "This group is closed. Its pages stay, but nothing in it can be changed."


@dataclass(frozen=True)
class Visit:
    """A reader in a group that is visible to them."""

    group: Group
    reader: User | AnonymousUser
    membership: Membership | None

    @property
    def is_member(self) -> bool:
        """Return whether the reader belongs to the group, as a guest or more."""
        return self.membership is not None

    @property
    def is_full(self) -> bool:
        """Return whether the reader votes, nominates and presents: everybody but guests."""
        return self.membership is not None and self.membership.is_full

    @property
    def is_running(self) -> bool:
        """Return whether the reader is an organiser or an owner."""
        return self.membership is not None and self.membership.is_running

    @property
    def is_owner(self) -> bool:
        return self.membership is not None and self.membership.is_owner


def get_visit(reader: User | AnonymousUser, slug: str) -> Visit:
    """Return a group that is visible to the reader, with its cycle: one or two queries."""
    if reader.is_authenticated:
        memberships = Membership.objects.select_related("group__cycle")
        own = memberships.filter(member_id=reader.pk, group__slug=slug).first()
        if own is not None:
            return Visit(group=own.group, reader=reader, membership=own)
    # The query above found the reader's own groups; any other private group is hidden.
    groups = Group.objects.exclude(visibility=Group.Visibility.PRIVATE).select_related("cycle")
    group = groups.filter(slug=slug).first()
    if group is None:
        raise Http404("There is no such group.")
    return Visit(group=group, reader=reader, membership=None)


def get_visit_as_member(reader: User, slug: str) -> Visit:
    """Return a group to one of its members, guests included."""
    visit = get_visit(reader, slug)
    _require(visit.is_member, MEMBERS_ONLY)
    return visit


def get_visit_as_full_member(reader: User, slug: str) -> Visit:
    """Return a group in which the reader may vote, nominate and present."""
    visit = get_visit_as_member(reader, slug)
    _require(visit.is_full, NOT_FOR_GUESTS)
    return visit


def get_visit_as_organiser(reader: User, slug: str) -> Visit:
    """Return a group that the reader runs."""
    visit = get_visit_as_member(reader, slug)
    _require(visit.is_running, ORGANISERS_ONLY)
    return visit


def get_visit_as_owner(reader: User, slug: str) -> Visit:
    """Return a group that the reader owns."""
    visit = get_visit_as_member(reader, slug)
    _require(visit.is_owner, OWNERS_ONLY)
    return visit


def require_running(visit: Visit) -> None:
    """Raise if the group is closed."""
    _require(not visit.group.is_closed, CLOSED)


def get_meeting(visit: Visit, day: date) -> Meeting:
    """Return the group's meeting of a scheduled day, or of a day that it used to have.

    The meeting's page redirects an old address to the current one. One or two queries.
    """
    meetings = Meeting.objects.filter(group=visit.group).select_related("thread")
    meeting = meetings.filter(occurs_on=day).first()
    if meeting is None:
        meeting = meetings.filter(former_days__contains=[day]).order_by("-starts_at").first()
    if meeting is None:
        raise Http404("The group has no such meeting.")
    meeting.group = visit.group
    return meeting


def lock_group(group: Group | int) -> Group:
    """Lock a group and return it with its cycle; call it in a transaction, before locking meetings.

    Its members, schedule and settings stay the same until the transaction ends.
    """
    pk = group if isinstance(group, int) else group.pk
    # no_key: rows that point to the group need not wait.
    groups = Group.objects.select_for_update(no_key=True, of=("self",))
    return groups.select_related("cycle").get(pk=pk)


def lock_meeting(pk: int) -> Meeting:
    """Lock a meeting that was fetched before, with its group; call it in a transaction.

    Raise Http404 if a changed rule has removed the meeting since.
    """
    meetings = Meeting.objects.select_for_update(of=("self",), no_key=True)
    meeting = meetings.select_related("group").filter(pk=pk).first()
    if meeting is None:
        raise Http404("The group has no such meeting any more.")
    return meeting


def _require(allowed: bool, words: str) -> None:  # noqa: FBT001 - a condition, read as one
    if not allowed:
        raise PermissionDenied(words)
