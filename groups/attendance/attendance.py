"""Attendance: recorded by organisers, or by members who check in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, IntegerField, OuterRef, Subquery, Value, When
from django.utils import timezone

from accounts.models import User
from common.refusals import Refused
from groups import access
from groups.attendance.models import Attendance, Rsvp
from groups.defaults import Attending
from groups.membership.models import Membership
from groups.schedule.models import Meeting, Phase

if TYPE_CHECKING:
    from collections.abc import Iterable

# Members arrive early, and remember to check in late.
OPENS_BEFORE = timedelta(minutes=15)
CLOSES_AFTER = timedelta(hours=2)
# Far below the maximum number of fields in a form.
PAGE_SIZE = 200


@dataclass(frozen=True)
class Attendee:
    """Somebody who may have attended."""

    member: User
    # Their answer before the meeting; "" for none.
    answer: str
    came: bool
    is_guest: bool


@dataclass(frozen=True)
class Attendees:
    """One page of possible attendees."""

    rows: list[Attendee]
    page: int
    has_more: bool


def people(meeting: Meeting, *, page: int = 1) -> Attendees:
    """Return all members and everybody who attended, "going" answers first: two queries."""
    came = set(meeting.attendances.values_list("member_id", flat=True))
    said = Rsvp.objects.filter(meeting=meeting, member=OuterRef("pk")).values("answer")
    belongs = Membership.objects.filter(group=meeting.group_id, member=OuterRef("pk"))
    order = Case(
        When(said=Attending.GOING, then=Value(0)),
        When(said=Attending.MAYBE, then=Value(1)),
        When(said=Attending.NO, then=Value(3)),
        default=Value(2),
        output_field=IntegerField(),
    )
    inside = Membership.objects.filter(group=meeting.group_id).values("member_id")
    members = (
        (User.objects.filter(pk__in=inside) | User.objects.filter(pk__in=list(came)))
        .annotate(said=Subquery(said), role=Subquery(belongs.values("role")))
        .order_by(order, "username_key", "pk")
    )
    skipped = (page - 1) * PAGE_SIZE
    found = list(members[skipped : skipped + PAGE_SIZE + 1])
    rows = [
        Attendee(
            member=member,
            answer=member.said or "",
            came=member.pk in came,
            is_guest=member.role == "guest",
        )
        for member in found[:PAGE_SIZE]
    ]
    return Attendees(rows=rows, page=page, has_more=len(found) > PAGE_SIZE)


@transaction.atomic
def note_attendance(
    *,
    meeting: Meeting,
    by: User,
    member_ids: Iterable[int],
    instead_of: Iterable[int] | None = None,
) -> int:
    """Record who attended, replacing what was recorded before; return their number.

    `instead_of` are the attendees that the organiser saw, by default all: those who checked in
    since, or are on another page, stay. Former members may stay on the list; nobody else outside
    the group is added.
    """
    locked = access.lock_meeting(meeting.pk)
    _require_begun(locked)
    wanted = set(member_ids)
    noted = set(locked.attendances.values_list("member_id", flat=True))
    inside = Membership.objects.filter(group=locked.group_id, member__in=wanted - noted)
    new = sorted(inside.values_list("member_id", flat=True))
    seen = noted if instead_of is None else noted & set(instead_of)
    locked.attendances.filter(member__in=seen - wanted).delete()
    Attendance.objects.bulk_create(
        [Attendance(meeting=locked, member_id=each, noted_by=by) for each in new]
    )
    return len(noted - (seen - wanted)) + len(new)


@transaction.atomic
def check_in(*, meeting: Meeting, member: User) -> bool:
    """Check a member in. Return False if they were checked in already."""
    locked = access.lock_meeting(meeting.pk)
    if not is_open(locked):
        raise Refused(
            "You can check in from 15 minutes before the meeting until two hours after it. An "
            "organiser can still record that you attended."
        )
    if not Membership.objects.filter(group=locked.group_id, member=member).exists():
        raise Refused("Only members of the group can check in.")
    _, is_new = Attendance.objects.get_or_create(
        meeting=locked, member=member, defaults={"noted_by": member}
    )
    return is_new


@transaction.atomic
def undo_check_in(*, meeting: Meeting, member: User) -> bool:
    """Undo a check-in, while check-in is open."""
    locked = access.lock_meeting(meeting.pk)
    if not is_open(locked):
        raise Refused("Only an organiser can change this now.")
    gone, _ = locked.attendances.filter(member=member).delete()
    return bool(gone)


def is_open(meeting: Meeting) -> bool:
    """Return whether members may check in now."""
    opens, closes = meeting.starts_at - OPENS_BEFORE, meeting.ends_at + CLOSES_AFTER
    return not meeting.is_off and opens <= timezone.now() <= closes


def may_note(meeting: Meeting) -> bool:
    """Return whether organisers may record attendance: at any time after the start."""
    has_begun = timezone.now() >= meeting.starts_at - OPENS_BEFORE
    return meeting.phase in {Phase.LIVE, Phase.HELD} or (meeting.is_upcoming and has_begun)


def _require_begun(meeting: Meeting) -> None:
    if not may_note(meeting):
        raise Refused(
            "There was no meeting on that day."
            if meeting.is_off
            else "Attendance can be recorded from 15 minutes before the meeting."
        )
