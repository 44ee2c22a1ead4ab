"""Who comes to a meeting, who waits for a place, and in which order.

One order decides: those with a seat at the meeting first, because it cannot be held without
them, then everybody in the order in which they said that they come. As many as there are
places for are in, and the others wait. So a place that is freed goes to the first who waits,
and who loses theirs to a smaller room is the first to get one again.

Whoever changes an answer, a seat or a capacity locks the meeting before, and settles it after,
in one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from groups import access
from groups.attendance import capacity as attendance_capacity
from groups.attendance.models import Rsvp
from groups.defaults import Attending
from groups.membership.models import Membership
from groups.schedule.models import UPCOMING, Meeting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from accounts.models import User
    from groups.attendance.capacity import Consequence, PlaceChanges
    from groups.membership.models import Group

NOTHING = ""


class AnswerRefusedError(Exception):
    """The meeting takes no such answer. The message is fit to show."""


@transaction.atomic
def answer(*, meeting: Meeting, member: User, answer: str) -> Rsvp | None:
    """Note what a member says to one meeting; "" takes back what they said.

    Saying it again changes nothing, and keeps their place. Return the answer as it stands,
    with whether they wait.
    """
    if answer not in {*Attending.values, NOTHING}:
        raise AnswerRefusedError("Choose whether you are coming.")
    locked = access.lock_meeting(meeting.pk)
    _require_open(locked)
    # Asked under the lock, which leaving takes too: nobody who left keeps a place.
    if not Membership.objects.filter(group=locked.group_id, member=member).exists():
        raise AnswerRefusedError("Only members of the group can answer.")
    if answer == NOTHING:
        Rsvp.objects.filter(meeting=locked, member=member).delete()
    else:
        _write(meeting_ids=[locked.pk], member_id=member.pk, answer=answer, is_usual=False)
    settle(locked.pk, without=member.pk)
    return Rsvp.objects.filter(meeting=locked, member=member).first()


@transaction.atomic
def settle(meeting_id: int, *, without: int | None = None) -> PlaceChanges:
    """Give the places of a meeting to those who are first in order, and tell whom it changes.

    The member named is not told: it was their own act, and the page shows what came of it.
    """
    return _settle([meeting_id], without=without)


@transaction.atomic
def settle_group(*, group: Group) -> PlaceChanges:
    """Settle every coming meeting, after the capacity of the group was changed."""
    return _settle(_lock_coming(group.pk), without=None)


@transaction.atomic
def set_usual_answer(*, membership: Membership, answer: str) -> int:
    """Note what a member answers to every meeting, and answer so to those that are to come.

    What they said of one meeting stays. "" takes the usual answer back, and with it what was
    answered by it. Return how many meetings it changed.
    """
    if answer not in {*Attending.values, NOTHING}:
        raise AnswerRefusedError("Choose whether you are coming.")
    coming = _lock_coming(membership.group_id)
    Membership.objects.filter(pk=membership.pk).update(usual_answer=answer)
    membership.usual_answer = answer
    if answer == NOTHING:
        usual = Rsvp.objects.filter(meeting__in=coming, member=membership.member_id, is_usual=True)
        changed, _ = usual.delete()
    else:
        changed = _write(
            meeting_ids=coming, member_id=membership.member_id, answer=answer, is_usual=True
        )
    _settle(coming, without=membership.member_id)
    return changed


@transaction.atomic
def give_usual_answers(*, group: Group, meeting_ids: Iterable[int]) -> int:
    """Answer to new meetings for those who have a usual answer, in the order of joining.

    May be called again, also for a meeting that is on again: it fills in what is missing, and
    tells those only who had an answer and whose place changed. Return how many it gave.
    """
    ids = _lock(Meeting.objects.filter(pk__in=list(meeting_ids), group=group))
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_USUAL_SQL, {"ids": ids, "group": group.pk, "now": timezone.now()})
        given = set(cursor.fetchall())
    attendance_capacity.tell(attendance_capacity.arrange(ids).but(given))
    return len(given)


@transaction.atomic
def forget_future(*, group: Group, member_id: int) -> int:
    """Drop the answers of somebody who leaves to what is to come, and give on their places.

    Every coming meeting is locked, answered or not, so that no answer on its way survives.
    Return how many answers went.
    """
    coming = _lock_coming(group.pk)
    gone, _ = Rsvp.objects.filter(meeting__in=coming, member=member_id).delete()
    if gone:
        _settle(coming, without=member_id)
    return gone


def consequence(meeting: Meeting, capacity: int | None) -> Consequence:
    """Return what a capacity would change; None falls back on the group's. One query, or two."""
    if capacity is None:
        capacity = meeting.group.capacity
    return attendance_capacity.consequence([meeting.pk], capacity)


def consequence_for_group(group: Group, capacity: int | None) -> Consequence:
    """Return what a capacity of the group would change of the meetings to come: two queries."""
    coming = Meeting.objects.filter(
        group=group, phase__in=UPCOMING, ends_at__gt=timezone.now(), capacity__isnull=True
    )
    ids = coming.values_list("pk", flat=True)
    return attendance_capacity.consequence(ids, capacity, is_of_several=True)


def _require_open(meeting: Meeting) -> None:
    if meeting.is_off:
        raise AnswerRefusedError("There is no meeting on that day, so nothing was saved.")
    if not meeting.is_upcoming or meeting.ends_at <= timezone.now():
        raise AnswerRefusedError("This meeting is over. Your answer stays.")


def _lock_coming(group_id: int) -> list[int]:
    """Lock what has not begun, always in the order of the ids: nobody waits in a circle."""
    coming = Meeting.objects.filter(group=group_id, phase__in=UPCOMING, ends_at__gt=timezone.now())
    return _lock(coming)


def _lock(meetings: QuerySet[Meeting]) -> list[int]:
    locked = meetings.order_by("pk").select_for_update(no_key=True)
    return list(locked.values_list("pk", flat=True))


def _settle(meeting_ids: list[int], *, without: int | None) -> PlaceChanges:
    _lock(Meeting.objects.filter(pk__in=meeting_ids))
    changes = attendance_capacity.arrange(meeting_ids)
    attendance_capacity.tell(changes.but({(meeting_id, without) for meeting_id in meeting_ids}))
    return changes


def _write(*, meeting_ids: list[int], member_id: int, answer: str, is_usual: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE_SQL,
            {
                "meetings": meeting_ids,
                "member": member_id,
                "answer": answer,
                "is_usual": is_usual,
                "now": timezone.now(),
            },
        )
        return int(cursor.rowcount)


# Whoever comes now is last, also where two clocks differ or one stands still.
_LAST_SQL = """
    GREATEST(%(now)s::timestamptz, (
        SELECT max(queued_at) + interval '1 microsecond' FROM groups_rsvp
        WHERE meeting_id = meeting.id AND answer = 'going'
    ))
"""

# A usual answer replaces usual answers only; what is said again keeps its place.
_WRITE_SQL = f"""
    INSERT INTO groups_rsvp AS rsvp
        (meeting_id, member_id, answer, is_usual, queued_at, is_waiting)
    SELECT meeting.id, %(member)s::bigint, %(answer)s::text, %(is_usual)s::boolean,
           {_LAST_SQL}, FALSE
    FROM unnest(%(meetings)s::bigint[]) AS meeting (id)
    ON CONFLICT (meeting_id, member_id) DO UPDATE SET
        answer = excluded.answer,
        is_usual = excluded.is_usual,
        queued_at = CASE
            WHEN rsvp.answer = excluded.answer THEN rsvp.queued_at ELSE excluded.queued_at
        END,
        is_waiting = rsvp.is_waiting AND excluded.answer = 'going'
    WHERE (rsvp.is_usual OR NOT excluded.is_usual)
      AND (rsvp.answer, rsvp.is_usual) IS DISTINCT FROM (excluded.answer, excluded.is_usual)
"""  # noqa: S608 - put together of constants

_GIVE_USUAL_SQL = f"""
    INSERT INTO groups_rsvp (meeting_id, member_id, answer, is_usual, queued_at, is_waiting)
    SELECT meeting.id, belongs.member_id, belongs.usual_answer, TRUE,
           {_LAST_SQL} + interval '1 microsecond' * row_number() OVER (
               PARTITION BY meeting.id ORDER BY belongs.joined_at, belongs.id
           ),
           FALSE
    FROM groups_meeting AS meeting
    JOIN groups_membership AS belongs ON belongs.group_id = meeting.group_id
    WHERE meeting.id = ANY(%(ids)s::bigint[]) AND meeting.group_id = %(group)s::bigint
      AND belongs.usual_answer <> ''
    ORDER BY meeting.id, belongs.joined_at, belongs.id
    ON CONFLICT (meeting_id, member_id) DO NOTHING
    RETURNING meeting_id, member_id
"""  # noqa: S608 - put together of constants
