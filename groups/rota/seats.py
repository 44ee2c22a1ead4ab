"""Who does what at a meeting: taking a part, giving one, giving one up.

The meeting is locked before its seats are judged, and its places are settled after: whoever
has a seat has a place too. What is past stays, but organisers may correct it.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from discussions.models import Notification
from discussions.telling import notifications
from groups import logbook
from groups.attending import answers
from groups.models import UPCOMING, Meeting, Membership, Seat, SeatKind
from groups.rota import open_swaps

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from groups.models import Group

Reason = Notification.Reason


class SeatRefusedError(Exception):
    """The seat cannot be had, or given. The message is fit to show."""


@transaction.atomic
def take_seat(*, meeting: Meeting, kind: SeatKind, member: User) -> Seat:
    """Volunteer for a seat that is free; taking one's own again changes nothing."""
    locked = _lock(meeting)
    _require_coming(locked)
    _require_full_member(locked, member.pk, "Guests of the group do not take seats.")
    _require_in_use(locked, kind)
    seat, is_new = Seat.objects.select_related("member").get_or_create(
        meeting=locked, kind=kind, defaults={"member": member, "given_by": member}
    )
    if seat.member_id != member.pk:
        raise SeatRefusedError(f"{seat.member.display_name} has taken this seat already.")
    if is_new:
        answers.settle(locked.pk, without=member.pk)
    return seat


@transaction.atomic
def give_seat(
    *, meeting: Meeting, member: User, kind: SeatKind | None = None, by: User | None = None
) -> Seat:
    """Give a seat, the presenter's unless one is named, to a full member, and tell them.

    Given by an organiser it also takes the place of who has it, and corrects the past. Without
    one, when the ballot's winner brings its presenter, it must be free and to come.
    """
    locked = _lock(meeting)
    kind = kind or SeatKind.objects.get(
        group=locked.group_id, is_presenter=True, retired_at__isnull=True
    )
    if by is None or locked.is_off:
        _require_coming(locked)
    if locked.is_upcoming:
        _require_in_use(locked, kind)
    _require_full_member(
        locked, member.pk, f"{member.display_name} is not a full member of the group."
    )
    seat = Seat.objects.select_related("member").filter(meeting=locked, kind=kind).first()
    if seat is not None and seat.member_id == member.pk:
        return seat
    if seat is not None and by is None:
        raise SeatRefusedError(f"{seat.member.display_name} has taken this seat already.")
    replaced = seat.member if seat else None
    if seat is None:
        seat = Seat.objects.create(meeting=locked, kind=kind, member=member, given_by=by)
    else:
        open_swaps.void(seats=[seat.pk])
        seat.member, seat.given_by, seat.at = member, by, timezone.now()
        seat.save(update_fields=["member", "given_by", "at"])
    if by is not None:
        logbook.note(
            group=locked.group_id, kind="seat", actor=by, meeting=locked,
            words=f"{kind.name} is {member.display_name}",
        )  # fmt: skip
    answers.settle(locked.pk)
    if locked.is_upcoming:
        _tell_given(locked, kind, member=member, replaced=replaced, by=by)
    return seat


@transaction.atomic
def leave_seat(*, meeting: Meeting, kind: SeatKind, by: User) -> bool:
    """Give up one's seat at a meeting that is to come, or free it as an organiser.

    The organisers are told when a member does, and the member when an organiser does. Return
    False when nobody has it.
    """
    locked = _lock(meeting)
    seat = Seat.objects.select_related("member").filter(meeting=locked, kind=kind).first()
    if seat is None:
        return False
    is_own = seat.member_id == by.pk
    membership = Membership.objects.filter(group=locked.group_id, member=by).first()
    if not is_own and (membership is None or not membership.is_running):
        raise SeatRefusedError(f"This is the seat of {seat.member.display_name}.")
    if is_own and (membership is None or not membership.is_running):
        _require_coming(locked)
    holder = seat.member
    _drop(Seat.objects.filter(pk=seat.pk), meeting_ids=[locked.pk])
    if not is_own:
        logbook.note(
            group=locked.group_id, kind="seat", actor=by, meeting=locked,
            words=f"{kind.name} is free, it was {holder.display_name}",
        )  # fmt: skip
    if locked.is_upcoming:
        _tell_left(locked, kind, holder=holder, by=by)
    return True


@transaction.atomic
def free_seats(*, group: Group, member_id: int) -> int:
    """Free the coming seats of somebody who leaves or becomes a guest, and tell organisers.

    What they did before stays. Return how many seats it was.
    """
    meetings = lock_coming(group)
    seats = Seat.objects.filter(meeting__in=meetings, member=member_id)
    held = list(seats.select_related("meeting", "kind", "member").order_by("meeting__starts_at"))
    if not held:
        return 0
    _drop(seats, meeting_ids=sorted({seat.meeting_id for seat in held}))
    first, name = held[0], held[0].member.display_name
    more = f", and {len(held) - 1} more" if len(held) > 1 else ""
    _tell_organisers(
        group,
        words=f"{name} no longer takes {first.kind.name} at {_name(group, first.meeting)}{more}.",
        but=member_id,
    )
    return len(held)


def lock_coming(group: Group) -> list[int]:
    """Lock the meetings that are to come or going on, in the order of their ids."""
    coming = Meeting.objects.filter(group=group, phase__in=UPCOMING, ends_at__gt=timezone.now())
    locked = coming.order_by("pk").select_for_update(no_key=True)
    return list(locked.values_list("pk", flat=True))


def _lock(meeting: Meeting) -> Meeting:
    locked = Meeting.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("group").get(pk=meeting.pk)


def _require_coming(meeting: Meeting) -> None:
    if meeting.is_off:
        raise SeatRefusedError("There is no meeting on that day, so there are no seats either.")
    if not meeting.is_upcoming or meeting.ends_at <= timezone.now():
        raise SeatRefusedError("This meeting is over. An organiser can correct who did what.")


def _require_in_use(meeting: Meeting, kind: SeatKind) -> None:
    # Read again, under the lock that changing the seats of a group takes too.
    if not SeatKind.objects.filter(
        pk=kind.pk, group=meeting.group_id, retired_at__isnull=True
    ).exists():
        raise SeatRefusedError("The group does not fill this seat any more.")


def _require_full_member(meeting: Meeting, member_id: int, words: str) -> None:
    if not Membership.objects.full().filter(group=meeting.group_id, member=member_id).exists():
        raise SeatRefusedError(words)


def _drop(seats: QuerySet[Seat], *, meeting_ids: list[int]) -> None:
    open_swaps.void(seats=list(seats.values_list("pk", flat=True)))
    seats.delete()
    for meeting_id in meeting_ids:
        answers.settle(meeting_id)


def _name(group: Group, meeting: Meeting) -> str:
    return f"{group.name} on {meeting.day:%B} {meeting.day.day}"


def _tell_given(
    meeting: Meeting, kind: SeatKind, *, member: User, replaced: User | None, by: User | None
) -> None:
    name = _name(meeting.group, meeting)
    words = f"{kind.name} at {name} is yours."
    if by is None:
        words = f"Your nomination was chosen: {words}"
    _tell(meeting, [member], words, by=by)
    if replaced is not None:
        words = f"{kind.name} at {name} is no longer yours: {member.display_name} has it."
        _tell(meeting, [replaced], words, by=by)


def _tell_left(meeting: Meeting, kind: SeatKind, *, holder: User, by: User) -> None:
    name = _name(meeting.group, meeting)
    if holder.pk != by.pk:
        _tell(meeting, [holder], f"{kind.name} at {name} is no longer yours.", by=by)
        return
    words = f"{holder.display_name} has given up {kind.name} at {name}."
    _tell_organisers(meeting.group, words=words, but=holder.pk, url=meeting.get_absolute_url())


def _tell_organisers(group: Group, *, words: str, but: int, url: str = "") -> None:
    running = Membership.objects.running().filter(group=group).exclude(member=but)
    notifications.tell(
        recipients=list(running.values_list("member_id", flat=True)),
        event=f"seat:{group.pk}:{uuid.uuid4().hex}",
        reason=Reason.GROUP,
        summary=words,
        url=url or reverse("groups:rota_page", args=[group.slug]),
    )


def _tell(meeting: Meeting, recipients: list[User], words: str, *, by: User | None) -> None:
    notifications.tell(
        recipients=recipients,
        event=f"seat:{meeting.pk}:{uuid.uuid4().hex}",
        reason=Reason.GROUP,
        actor=by,
        summary=words,
        url=meeting.get_absolute_url(),
    )
