"""Seats at a meeting: taking, giving and leaving them.

The meeting is locked before its seats are checked, and settled afterwards: everybody with a seat
also has a place. Past seats stay, but organisers may correct them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from common.refusals import Refused
from groups import access
from groups.attendance import answers
from groups.membership.models import Group, LogEntry, Membership
from groups.notices import wording
from groups.rota import open_swaps, seat_news, seat_templates
from groups.rota.models import Seat, SeatKind
from groups.schedule.models import UPCOMING, Meeting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from accounts.models import User

MAX_KINDS = 20
TEMPLATES = seat_templates.TEMPLATES


@transaction.atomic
def take_seat(*, meeting: Meeting, kind: SeatKind, member: User) -> Seat:
    """Take a free seat; taking one's own again changes nothing."""
    locked = _lock(meeting)
    _require_not_begun(locked)
    _require_full_member(locked, member.pk, "Guests cannot take seats.")
    _require_in_use(locked, kind)
    seat, is_new = Seat.objects.select_related("member").get_or_create(
        meeting=locked, kind=kind, defaults={"member": member, "given_by": member}
    )
    if seat.member_id != member.pk:
        raise Refused(f"{seat.member.display_name} already has this seat.")
    if is_new:
        answers.settle(locked.pk, without=member.pk)
    return seat


@transaction.atomic
def give_seat(
    *, meeting: Meeting, member: User, kind: SeatKind | None = None, by: User | None = None
) -> Seat:
    """Give a full member a seat, by default the presenter's, and notify them.

    An organiser may also replace the holder, and correct past meetings. Without `by`, when the
    winning nomination brings its presenter, the seat must be free and the meeting not have begun.
    """
    locked = _lock(meeting)
    kind = kind or SeatKind.objects.get(
        group=locked.group_id, is_presenter=True, retired_at__isnull=True
    )
    if by is None or locked.is_off:
        _require_not_begun(locked)
    if locked.is_upcoming:
        _require_in_use(locked, kind)
    _require_full_member(
        locked, member.pk, f"{member.display_name} is not a full member of the group."
    )
    seat = Seat.objects.select_related("member").filter(meeting=locked, kind=kind).first()
    if seat is not None and seat.member_id == member.pk:
        return seat
    if seat is not None and by is None:
        raise Refused(f"{seat.member.display_name} already has this seat.")
    replaced = seat.member if seat else None
    if seat is None:
        seat = Seat.objects.create(meeting=locked, kind=kind, member=member, given_by=by)
    else:
        open_swaps.void(seats=[seat.pk])
        seat.member, seat.given_by, seat.at = member, by, timezone.now()
        seat.save(update_fields=["member", "given_by", "at"])
    if by is not None:
        LogEntry.note(
            group=locked.group_id, kind="seat", actor=by, meeting=locked,
            words=f"{kind.name} is {member.display_name}",
        )  # fmt: skip
    answers.settle(locked.pk)
    if locked.is_upcoming:
        seat_news.tell_given(locked, kind, member=member, replaced=replaced, by=by)
    return seat


@transaction.atomic
def leave_seat(*, meeting: Meeting, kind: SeatKind, by: User) -> bool:
    """Leave one's seat at a meeting that is not over, or free it as an organiser.

    Leaving a seat notifies the organisers, freeing it notifies the member. Return False if nobody
    has the seat.
    """
    locked = _lock(meeting)
    seat = Seat.objects.select_related("member").filter(meeting=locked, kind=kind).first()
    if seat is None:
        return False
    is_own = seat.member_id == by.pk
    membership = Membership.objects.filter(group=locked.group_id, member=by).first()
    if not is_own and (membership is None or not membership.is_running):
        raise Refused(f"This is the seat of {seat.member.display_name}.")
    if is_own and (membership is None or not membership.is_running):
        _require_not_over(locked)
    holder = seat.member
    _drop(Seat.objects.filter(pk=seat.pk), meeting_ids=[locked.pk])
    if not is_own:
        LogEntry.note(
            group=locked.group_id, kind="seat", actor=by, meeting=locked,
            words=f"{kind.name} is free, it was {holder.display_name}",
        )  # fmt: skip
    if locked.is_upcoming:
        seat_news.tell_left(locked, kind, holder=holder, by=by)
    return True


@transaction.atomic
def free_seats(*, group: Group, member_id: int) -> int:
    """Free the upcoming seats of a member who leaves or becomes a guest; notify organisers.

    Past seats stay. Return the number of freed seats.
    """
    meetings = lock_coming(group)
    seats = Seat.objects.filter(meeting__in=meetings, member=member_id)
    seats = seats.select_related("meeting__group", "kind", "member")
    held = list(seats.order_by("meeting__starts_at"))
    if not held:
        return 0
    _drop(seats, meeting_ids=sorted({seat.meeting_id for seat in held}))
    first, name = held[0], held[0].member.display_name
    where = wording.name(first.meeting)
    more = f", and {len(held) - 1} more" if len(held) > 1 else ""
    seat_news.tell_organisers(
        group,
        words=f"{name} no longer takes {first.kind.name} at {where}{more}.",
        but=member_id,
    )
    return len(held)


@dataclass(frozen=True)
class KindDraft:
    """A seat as set by organisers; without an id it is new."""

    name: str
    task: str = ""
    pk: int | None = None


@transaction.atomic
def set_seat_kinds(*, group: Group, by: User, kinds: Sequence[KindDraft]) -> list[SeatKind]:
    """Set the seats that the group fills at every meeting, in this order.

    A missing seat is retired: past meetings keep it, and its holders at upcoming ones are notified.
    The presenter's seat can be renamed but not removed.
    """
    access.lock_group(group)
    meetings = lock_coming(group)
    in_use = {kind.pk: kind for kind in group.seat_kinds.filter(retired_at__isnull=True)}
    _judge(kinds, in_use)
    kept = {draft.pk for draft in kinds if draft.pk is not None}
    _retire([kind for pk, kind in in_use.items() if pk not in kept], meetings)
    # Two seats that swap names would collide midway.
    renamed = [
        draft.pk for draft in kinds if draft.pk is not None and in_use[draft.pk].name != draft.name
    ]
    SeatKind.objects.filter(pk__in=renamed).update(name=Concat(Value("~"), Cast("pk", CharField())))
    result = [_save(group, draft, position, in_use) for position, draft in enumerate(kinds)]
    names = ", ".join(kind.name for kind in result)
    LogEntry.note(group=group, kind="seats", actor=by, words=f"The seats are {names}")
    return result


def drafts_of(group: Group, template: str) -> list[KindDraft]:
    """Return the seats of a template for a group, reusing its existing seats of the same name."""
    in_use = list(group.seat_kinds.filter(retired_at__isnull=True))
    by_name = {kind.name.casefold(): kind.pk for kind in in_use if not kind.is_presenter}
    presenter = next(kind.pk for kind in in_use if kind.is_presenter)
    return [
        KindDraft(
            name=seat.name,
            task=seat.task,
            pk=presenter if number == 0 else by_name.get(seat.name.casefold()),
        )
        for number, seat in enumerate(TEMPLATES[template].seats)
    ]


def _save(
    group: Group, draft: KindDraft, position: int, in_use: Mapping[int, SeatKind]
) -> SeatKind:
    kind = SeatKind(group=group) if draft.pk is None else in_use[draft.pk]
    kind.name, kind.task, kind.position = draft.name, draft.task, position
    kind.save()
    return kind


def _judge(kinds: Sequence[KindDraft], in_use: Mapping[int, SeatKind]) -> None:
    names = [draft.name.casefold() for draft in kinds]
    if len(set(names)) < len(names):
        raise Refused("Two seats have the same name. Give them different names.")
    if len(kinds) > MAX_KINDS:
        raise Refused(f"A group can have up to {MAX_KINDS} seats.")
    kept = [draft.pk for draft in kinds if draft.pk is not None]
    if len(set(kept)) < len(kept) or not set(kept) <= set(in_use):
        raise Refused("The seats were changed in the meantime. Review them again.")
    if not any(in_use[pk].is_presenter for pk in kept):
        raise Refused("Every meeting has a presenter, so this seat stays.")


def _retire(kinds: list[SeatKind], meetings: list[int]) -> None:
    SeatKind.objects.filter(pk__in=[kind.pk for kind in kinds]).update(retired_at=timezone.now())
    seats = Seat.objects.filter(meeting__in=meetings, kind__in=kinds)
    held = list(seats.select_related("meeting__group", "kind", "member"))
    if not held:
        return
    _drop(seats, meeting_ids=sorted({seat.meeting_id for seat in held}))
    for seat in held:
        seat_news.tell_retired(seat)


def lock_coming(group: Group) -> list[int]:
    """Lock the upcoming and running meetings, in order of id."""
    coming = Meeting.objects.filter(group=group, phase__in=UPCOMING, ends_at__gt=timezone.now())
    locked = coming.order_by("pk").select_for_update(no_key=True)
    return list(locked.values_list("pk", flat=True))


def _lock(meeting: Meeting) -> Meeting:
    return access.lock_meeting(meeting.pk)


def _require_not_begun(meeting: Meeting) -> None:
    _require_not_over(meeting)
    if meeting.has_begun:
        raise Refused("This meeting has begun. An organiser can record who did what.")


def _require_not_over(meeting: Meeting) -> None:
    if meeting.is_off:
        raise Refused("There is no meeting on that day, so there are no seats.")
    if not meeting.is_upcoming or meeting.ends_at <= timezone.now():
        raise Refused("This meeting is over. An organiser can correct who did what.")


def _require_in_use(meeting: Meeting, kind: SeatKind) -> None:
    # Read again under the lock, which changing a group's seats takes too.
    if not SeatKind.objects.filter(
        pk=kind.pk, group=meeting.group_id, retired_at__isnull=True
    ).exists():
        raise Refused("The group no longer has this seat.")


def _require_full_member(meeting: Meeting, member_id: int, words: str) -> None:
    if not Membership.objects.full().filter(group=meeting.group_id, member=member_id).exists():
        raise Refused(words)


def _drop(seats: QuerySet[Seat], *, meeting_ids: list[int]) -> None:
    open_swaps.void(seats=list(seats.values_list("pk", flat=True)))
    seats.delete()
    for meeting_id in meeting_ids:
        answers.settle(meeting_id)
