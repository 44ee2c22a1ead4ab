"""Who may vote on a ballot, and why somebody may not.

Members vote, guests do not. Where the electorate is "attended", a member must have come to one
of the last so many meetings that were held before the ballot opened. While the group has held
fewer meetings than that, every member votes: nobody could have come to meetings that were not.
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
    """Say who votes, in a sentence."""
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
    """Say why somebody may not vote; "" if they may. No query, or two.

    The ballot comes with its meeting.
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
    """Return the memberships of those who may vote, as `why_not` says of each. Up to one query.

    The ballot comes with its meeting.
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
