"""Swaps: two members exchange seats once both agree, if both still have them.

A swap locks the meetings of its two seats in order of id, and then itself; changing either seat
locks its meeting too, so that the checked state cannot change.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.refusals import Refused
from discussions.models import Notification
from discussions.notifications import notifications
from groups.attendance import answers
from groups.membership.models import LogEntry, Membership
from groups.notices import gate, wording
from groups.rota import open_swaps
from groups.rota.models import Seat, Swap
from groups.schedule.models import Meeting

if TYPE_CHECKING:
    from accounts.models import User
    from groups.membership.models import Group


class SwapOutcome(Enum):
    WAITING = "Saved. The other member has not answered yet."
    DONE = "Seats swapped."
    DECLINED = "Request declined. The seats stay as they are."
    WITHDRAWN = "Request withdrawn. The seats stay as they are."
    VOID = "The request is no longer valid: a seat has changed, or its meeting is over."


@transaction.atomic
def ask(*, seat: Seat, other_seat: Seat, by: User, words: str = "") -> Swap:
    """Ask to swap two seats at upcoming meetings, and notify those who must agree.

    Asking for one's own seat is agreeing. An organiser may propose a swap to two others.
    """
    seats = _lock_seats(seat.pk, other_seat.pk)
    if len(seats) < 2:
        raise Refused("One of the seats is now free. You can take it instead.")
    seat, other_seat = seats[seat.pk], seats[other_seat.pk]
    group = seat.meeting.group
    _judge(seat, other_seat, group, by)
    now = timezone.now()
    swap = Swap.objects.create(
        group=group,
        seat=seat,
        other_seat=other_seat,
        member=seat.member,
        other_member=other_seat.member,
        asked_by=by,
        words=words,
        asked_at=now,
        accepted_at=now if seat.member_id == by.pk else None,
        other_accepted_at=now if other_seat.member_id == by.pk else None,
    )
    notifications.tell(
        recipients=[swap.member_id, swap.other_member_id],
        event=gate.event_of(swap.group_id, f"swap:{swap.pk}:asked"),
        reason=Notification.Reason.GROUP,
        actor=by,
        summary=f"{by.display_name} asks you to swap seats: {_described(seat, other_seat)}.",
        url=open_swaps.swap_url(group),
    )
    return swap


@transaction.atomic
def answer(*, swap: Swap, member: User, accepts: bool) -> SwapOutcome:
    """Accept or decline a swap; the second acceptance swaps the seats, once.

    If the swap is no longer possible, the request ends and no seat changes.
    """
    seats = _lock_seats(swap.seat_id, swap.other_seat_id)
    swaps = Swap.objects.select_for_update(of=("self",)).select_related("group")
    found = swaps.filter(pk=swap.pk).first()
    if found is None:
        # It was deleted with one of its seats, and both sides were notified.
        return SwapOutcome.VOID
    swap = found
    if member.pk not in {swap.member_id, swap.other_member_id, swap.asked_by_id}:
        raise Refused("This request is between two other members.")
    if swap.ended_at is not None:
        return SwapOutcome.DONE if swap.is_done else SwapOutcome.VOID
    if not _stands(swap, seats):
        _end(swap)
        open_swaps.tell_of_end(swap, swap.group)
        return SwapOutcome.VOID
    if not accepts:
        return _decline(swap, member)
    now = timezone.now()
    if member.pk == swap.member_id:
        swap.accepted_at = swap.accepted_at or now
    elif member.pk == swap.other_member_id:
        swap.other_accepted_at = swap.other_accepted_at or now
    swap.save(update_fields=["accepted_at", "other_accepted_at"])
    if swap.accepted_at is None or swap.other_accepted_at is None:
        return SwapOutcome.WAITING
    _exchange(swap, seats[swap.seat_id], seats[swap.other_seat_id])
    return SwapOutcome.DONE


def _lock_seats(*ids: int) -> dict[int, Seat]:
    meetings = Meeting.objects.filter(seats__in=ids).order_by("pk")
    list(Meeting.objects.filter(pk__in=meetings).order_by("pk").select_for_update(no_key=True))
    seats = Seat.objects.select_for_update(of=("self",)).order_by("pk")
    found = seats.filter(pk__in=ids).select_related("meeting__group", "kind", "member")
    return {seat.pk: seat for seat in found}


def _judge(seat: Seat, other_seat: Seat, group: Group, by: User) -> None:
    holders = {seat.member_id, other_seat.member_id}
    if other_seat.meeting.group_id != group.pk:
        raise Refused("The seats belong to two groups.")
    if len(holders) == 1:
        raise Refused("Both seats belong to the same member.")
    if not _is_coming(seat.meeting) or not _is_coming(other_seat.meeting):
        raise Refused("Seats can only be swapped before their meetings begin.")
    is_running = Membership.objects.running().filter(group=group, member=by).exists()
    if by.pk not in holders and not is_running:
        raise Refused("You can only swap a seat of your own. Organisers can propose other swaps.")
    pair = [seat.pk, other_seat.pk]
    if Swap.objects.filter(
        Q(seat__in=pair) & Q(other_seat__in=pair), ended_at__isnull=True
    ).exists():
        raise Refused("This swap was already requested, and is waiting for an answer.")


def _is_coming(meeting: Meeting) -> bool:
    return meeting.is_upcoming and not meeting.has_begun


def _stands(swap: Swap, seats: dict[int, Seat]) -> bool:
    seat, other = seats.get(swap.seat_id), seats.get(swap.other_seat_id)
    if seat is None or other is None:
        return False
    same = (seat.member_id, other.member_id) == (swap.member_id, swap.other_member_id)
    return same and _is_coming(seat.meeting) and _is_coming(other.meeting)


def _decline(swap: Swap, member: User) -> SwapOutcome:
    _end(swap)
    is_asker = member.pk == swap.asked_by_id
    verb = "withdrew the request" if is_asker else "declined"
    notifications.tell(
        recipients=[swap.member_id, swap.other_member_id, swap.asked_by_id],
        event=gate.event_of(swap.group_id, f"swap:{swap.pk}:declined"),
        reason=Notification.Reason.GROUP,
        actor=member,
        summary=f"{member.display_name} {verb} to swap seats in {swap.group.name}.",
        url=open_swaps.swap_url(swap.group),
    )
    return SwapOutcome.WITHDRAWN if is_asker else SwapOutcome.DECLINED


def _end(swap: Swap) -> None:
    swap.ended_at = timezone.now()
    swap.save(update_fields=["ended_at"])


def _exchange(swap: Swap, seat: Seat, other_seat: Seat) -> None:
    seat.member, other_seat.member = other_seat.member, seat.member
    for changed in (seat, other_seat):
        changed.save(update_fields=["member"])
    swap.is_done = True
    swap.save(update_fields=["is_done"])
    _end(swap)
    # Other swaps of these seats were asked of other members.
    open_swaps.void(seats=[seat.pk, other_seat.pk])
    for meeting_id in sorted({seat.meeting_id, other_seat.meeting_id}):
        answers.settle(meeting_id)
    words = f"Seats swapped: {_described(seat, other_seat)}"
    LogEntry.note(group=swap.group, kind="seat", words=words, actor=swap.asked_by)
    notifications.tell(
        recipients=[swap.member_id, swap.other_member_id, swap.asked_by_id],
        event=gate.event_of(swap.group_id, f"swap:{swap.pk}:done"),
        reason=Notification.Reason.GROUP,
        summary=f"{words}.",
        url=open_swaps.swap_url(swap.group),
    )


def _described(seat: Seat, other_seat: Seat) -> str:
    """Return whose seats they are, before or after a swap."""
    return " and ".join(
        f"{each.kind.name} on {wording.short_day(each.meeting)} ({each.member.display_name})"
        for each in (seat, other_seat)
    )
