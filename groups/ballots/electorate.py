"""Who may vote on a ballot, and the reason if a member may not.

Members vote, guests do not. With the electorate "attended", a member must have attended one of the
last N meetings held before the ballot opened. While the group has held fewer than N meetings, every
member votes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from groups.attendance.models import Attendance
from groups.cycle.models import Cycle
from groups.membership.models import Membership
from groups.schedule.models import Meeting

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from groups.ballots.models import Ballot

NOT_A_MEMBER = "Only members of the group can vote."
NOT_A_GUEST = "Guests cannot vote."


def described(ballot: Ballot) -> str:
    """Return a sentence about who votes."""
    if ballot.electorate == Cycle.Electorate.MEMBERS:
        return "Every member can vote."
    number = ballot.electorate_meetings
    if number == 1:
        return "Members who attended the last meeting before the ballot can vote."
    return (
        f"Members who attended at least one of the last {number} meetings can vote. Until the "
        f"group has held {number}, all members can."
    )


def why_not(*, ballot: Ballot, membership: Membership | None) -> str:
    """Return the reason why somebody may not vote; "" if they may. Up to two queries.

    The ballot's meeting must be loaded.
    """
    if membership is None:
        return NOT_A_MEMBER
    if not membership.is_full:
        return NOT_A_GUEST
    if ballot.electorate == Cycle.Electorate.MEMBERS:
        return ""
    return _why_not_by_attendance(ballot, membership)


def _why_not_by_attendance(ballot: Ballot, membership: Membership) -> str:
    counted = _meetings_that_count(ballot)
    came = Attendance.objects.filter(meeting__in=counted, member=membership.member_id)
    if len(counted) < ballot.electorate_meetings or came.exists():
        return ""
    if len(counted) == 1:
        return (
            "Only members who attended the last meeting can vote, and your attendance was not "
            "recorded."
        )
    return (
        f"Only members who attended one of the last {len(counted)} meetings can vote, and your "
        "attendance was not recorded."
    )


def voters(*, ballot: Ballot) -> QuerySet[Membership]:
    """Return the memberships that `why_not` lets vote. Up to one query.

    The ballot's meeting must be loaded.
    """
    full = Membership.objects.full().filter(group=ballot.meeting.group_id)
    if ballot.electorate == Cycle.Electorate.MEMBERS:
        return full
    counted = _meetings_that_count(ballot)
    if len(counted) < ballot.electorate_meetings:
        return full
    came = Attendance.objects.filter(meeting__in=counted)
    return full.filter(member__in=came.values("member"))


def _meetings_that_count(ballot: Ballot) -> list[int]:
    held = Meeting.objects.filter(group=ballot.meeting.group_id, starts_at__lt=ballot.opened_at)
    return list(held.held().values_list("pk", flat=True)[: ballot.electorate_meetings])
