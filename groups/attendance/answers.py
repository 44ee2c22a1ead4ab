"""Answers to meetings, the waiting list, and the order in which members get places.

Members with a seat at the meeting come first, because it cannot be held without them; then
everybody in the order in which they said that they would attend. The first ones get the available
places, the others wait. So a freed place goes to the first member who waits, and members who lose a
place to a smaller capacity are the first to get one back.

Once a meeting has begun, nobody gets or loses a place: answers only leave it.

Code that changes an answer, a seat or a capacity locks the meeting first and settles it afterwards,
in one transaction.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from common.refusals import Refused
from common.words import counted
from discussions.models import Notification
from discussions.notifications import notifications
from groups import access
from groups.attendance.models import Rsvp
from groups.defaults import Attending
from groups.membership.models import Membership
from groups.notices import gate, wording
from groups.schedule.models import UPCOMING, Meeting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from accounts.models import User
    from groups.membership.models import Group

NOTHING = ""


class Replaces(Enum):
    """Which earlier answers a new answer replaces."""

    NONE = "none"
    USUAL = "usual"
    ALL = "all"


@dataclass(frozen=True)
class PlaceChange:
    """A member whose place changed."""

    meeting_id: int
    member_id: int
    # Whether the member now waits; otherwise they got a place.
    waits: bool


@dataclass(frozen=True)
class PlaceChanges:
    """All members whose place changed."""

    changes: tuple[PlaceChange, ...] = ()

    def but(self, known: Collection[tuple[int, int | None]]) -> PlaceChanges:
        """Return the changes without those in `known`, whose members know already."""
        changes = self.changes
        return PlaceChanges(tuple(c for c in changes if (c.meeting_id, c.member_id) not in known))


@dataclass(frozen=True)
class Consequence:
    """The effect of a capacity on the members who attend one or several meetings."""

    # Members with a place who would wait, and waiting members who would get a place.
    losing_count: int
    gaining_count: int
    # If so, a member may hold several places.
    is_of_several: bool = False

    @property
    def words(self) -> str:
        """Return a sentence for the page that changes the capacity; "" if nothing changes."""
        if self.losing_count and self.is_of_several:
            places = counted(self.losing_count, "place")
            return (
                f"{places} already taken at upcoming meetings would be lost: the members who "
                "have them would go to the top of the waiting list, and be notified."
            )
        if self.losing_count:
            who = (
                "One member who has a place"
                if self.losing_count == 1
                else (f"{self.losing_count} members who have a place")
            )
            return f"{who} would go to the top of the waiting list, and be notified."
        if self.gaining_count:
            who = (
                "One member on the waiting list"
                if self.gaining_count == 1
                else (f"{self.gaining_count} members on the waiting list")
            )
            return f"{who} would get a place, and be notified."
        return ""


@transaction.atomic
def answer(*, meeting: Meeting, member: User, answer: str) -> Rsvp | None:
    """Save a member's answer to a meeting; "" removes it.

    Repeating an answer changes nothing and keeps their place. Return the saved answer, with whether
    they wait.
    """
    if answer not in {*Attending.values, NOTHING}:
        raise Refused("Choose whether you will attend.")
    locked = access.lock_meeting(meeting.pk)
    _require_open(locked, answer)
    # Checked under the lock, which leaving takes too: nobody who left keeps a place.
    if not Membership.objects.filter(group=locked.group_id, member=member).exists():
        raise Refused("Only members of the group can answer.")
    if answer == NOTHING:
        Rsvp.objects.filter(meeting=locked, member=member).delete()
    else:
        _write([locked.pk], {member.pk: answer}, is_usual=False, replaces=Replaces.ALL)
    settle(locked.pk, without=member.pk)
    return Rsvp.objects.filter(meeting=locked, member=member).first()


@transaction.atomic
def settle(meeting_id: int, *, without: int | None = None) -> PlaceChanges:
    """Assign the places of a meeting in order, and notify everybody whose place changes.

    `without` is not notified: the page shows them the result of their own action.
    """
    return _settle([meeting_id], without=without)


@transaction.atomic
def settle_group(*, group: Group) -> PlaceChanges:
    """Settle every meeting that has not begun, after the group's capacity changed."""
    return _settle(_lock(group.meetings.not_begun()), without=None)


@transaction.atomic
def set_usual_answer(*, membership: Membership, answer: str) -> int:
    """Save a member's answer to every meeting, and apply it to those that have not begun.

    Answers to a single meeting stay. "" removes the usual answer and every answer made by it.
    Return the number of changed meetings.
    """
    if answer not in {*Attending.values, NOTHING}:
        raise Refused("Choose whether you will attend.")
    coming = _lock(Meeting.objects.not_begun().filter(group=membership.group_id))
    Membership.objects.filter(pk=membership.pk).update(usual_answer=answer)
    membership.usual_answer = answer
    if answer == NOTHING:
        usual = Rsvp.objects.filter(meeting__in=coming, member=membership.member_id, is_usual=True)
        changed, _ = usual.delete()
    else:
        given = {membership.member_id: answer}
        changed = len(_write(coming, given, is_usual=True, replaces=Replaces.USUAL))
    _settle(coming, without=membership.member_id)
    return changed


@transaction.atomic
def give_usual_answers(*, group: Group, meeting_ids: Iterable[int]) -> int:
    """Answer new meetings for members with a usual answer, in the order of joining.

    May be called again, also for a restored meeting: it fills in missing answers and notifies only
    members who had an answer and whose place changed. Return the number of new answers.
    """
    ids = _lock(Meeting.objects.not_begun().filter(pk__in=list(meeting_ids), group=group))
    usual = Membership.objects.filter(group=group).exclude(usual_answer=NOTHING)
    answers = dict(usual.order_by("joined_at", "id").values_list("member_id", "usual_answer"))
    given = _write(ids, answers, is_usual=True, replaces=Replaces.NONE)
    _tell(_arrange(ids).but(given))
    return len(given)


@transaction.atomic
def promise(*, meeting: Meeting, member_ids: Collection[int]) -> None:
    """Mark members as attending, in this order, unless they answered this meeting themselves.

    A ballot may close late, when the meeting has begun: then nothing happens.
    """
    locked = access.lock_meeting(meeting.pk)
    if locked.has_begun:
        return
    belong = Membership.objects.filter(group=locked.group_id, member__in=member_ids)
    members = set(belong.values_list("member_id", flat=True))
    answers = {pk: Attending.GOING.value for pk in member_ids if pk in members}
    if answers:
        _write([locked.pk], answers, is_usual=False, replaces=Replaces.USUAL)
        settle(locked.pk)


@transaction.atomic
def forget_future(*, group: Group, member_id: int) -> int:
    """Delete a leaving member's answers to upcoming meetings, and pass on their places.

    Lock every meeting that is not over, answered or not, so that no concurrent answer survives.
    Return the number of deleted answers.
    """
    coming = _lock(group.meetings.filter(phase__in=UPCOMING, ends_at__gt=timezone.now()))
    gone, _ = Rsvp.objects.filter(meeting__in=coming, member=member_id).delete()
    if gone:
        _settle(coming, without=member_id)
    return gone


def consequence(meeting: Meeting, capacity: int | None) -> Consequence:
    """Return the effect of a capacity; None uses the group's. Up to two queries."""
    if meeting.has_begun:
        return Consequence(0, 0)
    if capacity is None:
        capacity = meeting.group.capacity
    return _consequence([meeting.pk], capacity)


def consequence_for_group(group: Group, capacity: int | None) -> Consequence:
    """Return the effect of a group's capacity on the upcoming meetings: two queries."""
    ids = group.meetings.not_begun().filter(capacity__isnull=True).values_list("pk", flat=True)
    return _consequence(ids, capacity, is_of_several=True)


def _require_open(meeting: Meeting, answer: str) -> None:
    if meeting.is_off:
        raise Refused("There is no meeting on that day, so nothing was saved.")
    if not meeting.is_upcoming or meeting.ends_at <= timezone.now():
        raise Refused("This meeting is over. Your answer stays.")
    if meeting.has_begun and answer not in {Attending.NO, NOTHING}:
        raise Refused("This meeting has begun. If you are there, check in.")


def _lock(meetings: QuerySet[Meeting]) -> list[int]:
    """Lock meetings, always in order of id, to avoid deadlocks."""
    locked = meetings.order_by("pk").select_for_update(no_key=True)
    return list(locked.values_list("pk", flat=True))


def _settle(meeting_ids: list[int], *, without: int | None) -> PlaceChanges:
    _lock(Meeting.objects.filter(pk__in=meeting_ids))
    changes = _arrange(meeting_ids)
    _tell(changes.but({(meeting_id, without) for meeting_id in meeting_ids}))
    return changes


def _write(
    meeting_ids: list[int], answers: dict[int, str], *, is_usual: bool, replaces: Replaces
) -> set[tuple[int, int]]:
    """Save members' answers to meetings, and return the changed ones as (meeting, member).

    The only statement that writes an answer. New attendees go last, in the order of `answers`;
    members who attended already keep their place.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE_SQL,
            {
                "meetings": meeting_ids,
                "members": list(answers),
                "answers": list(answers.values()),
                "is_usual": is_usual,
                "replaced": replaces.value,
                "now": timezone.now(),
            },
        )
        return set(cursor.fetchall())


def _arrange(meeting_ids: Iterable[int]) -> PlaceChanges:
    """Order the attendees and count those with a place: one statement.

    The caller holds locks on the meetings.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ARRANGE_SQL, {"ids": list(meeting_ids), "now": timezone.now()})
        rows = cursor.fetchall()
    return PlaceChanges(tuple(PlaceChange(*row) for row in rows))


def _consequence(
    meeting_ids: Iterable[int], capacity: int | None, *, is_of_several: bool = False
) -> Consequence:
    """Return the effect of a capacity on these meetings, without changing anything."""
    with connection.cursor() as cursor:
        cursor.execute(_CONSEQUENCE_SQL, {"ids": list(meeting_ids), "capacity": capacity})
        losing, gaining = cursor.fetchone()
    return Consequence(losing, gaining, is_of_several)


def _tell(changes: PlaceChanges) -> None:
    """Notify everybody whose place changed."""
    ids = {change.meeting_id for change in changes.changes}
    if not ids:
        return
    for meeting in Meeting.objects.filter(pk__in=ids).select_related("group").order_by("pk"):
        name = wording.name(meeting)
        for waits, words in (
            (False, f"You have a place at {name}."),
            (True, f"There are fewer places at {name}: you are now on its waiting list."),
        ):
            notifications.tell(
                recipients=[
                    change.member_id
                    for change in changes.changes
                    if change.meeting_id == meeting.pk and change.waits is waits
                ],
                # Each change is a separate event: a member may lose a place and get it back.
                event=gate.event_of(meeting.group_id, f"place:{uuid.uuid4().hex}"),
                reason=Notification.Reason.MEETING,
                summary=words,
                url=meeting.get_absolute_url(),
            )


# Last, even if clocks differ or one stands still.
_WRITE_SQL = """
    INSERT INTO groups_rsvp AS rsvp
        (meeting_id, member_id, answer, is_usual, queued_at, is_waiting)
    SELECT meeting.id, given.member_id, given.answer, %(is_usual)s::boolean,
           GREATEST(%(now)s::timestamptz, last.queued_at) + interval '1 microsecond' * given.number,
           FALSE
    FROM unnest(%(meetings)s::bigint[]) AS meeting (id)
    CROSS JOIN unnest(%(members)s::bigint[], %(answers)s::text[])
        WITH ORDINALITY AS given (member_id, answer, number)
    LEFT JOIN (
        SELECT meeting_id, max(queued_at) AS queued_at FROM groups_rsvp
        WHERE meeting_id = ANY(%(meetings)s::bigint[]) AND answer = 'going'
        GROUP BY meeting_id
    ) AS last ON last.meeting_id = meeting.id
    ORDER BY meeting.id, given.number
    ON CONFLICT (meeting_id, member_id) DO UPDATE SET
        answer = excluded.answer,
        is_usual = excluded.is_usual,
        queued_at = CASE
            WHEN rsvp.answer = excluded.answer THEN rsvp.queued_at ELSE excluded.queued_at
        END,
        is_waiting = rsvp.is_waiting AND excluded.answer = 'going'
    WHERE (%(replaced)s = 'all' OR %(replaced)s = 'usual' AND rsvp.is_usual)
      AND (rsvp.answer, rsvp.is_usual) IS DISTINCT FROM (excluded.answer, excluded.is_usual)
    RETURNING meeting_id, member_id
"""

# Whether each attendee is among the first, in the order described above.
_RANK = """
    row_number() OVER (
        PARTITION BY rsvp.meeting_id
        ORDER BY (
            EXISTS (
                SELECT FROM groups_seat AS seat
                WHERE seat.meeting_id = rsvp.meeting_id AND seat.member_id = rsvp.member_id
            )
        ) DESC, rsvp.queued_at, rsvp.id
    )
"""

_ARRANGE_SQL = f"""
    WITH ranked AS MATERIALIZED (
        SELECT rsvp.id, rsvp.meeting_id,
               CASE
                   WHEN meeting.phase IN ('live', 'held')
                       OR meeting.starts_at <= %(now)s::timestamptz
                   THEN rsvp.is_waiting
                   ELSE COALESCE({_RANK} > COALESCE(meeting.capacity, club.capacity), FALSE)
               END AS waits
        FROM groups_rsvp AS rsvp
        JOIN groups_meeting AS meeting ON meeting.id = rsvp.meeting_id
        JOIN groups_group AS club ON club.id = meeting.group_id
        WHERE rsvp.meeting_id = ANY(%(ids)s::bigint[]) AND rsvp.answer = 'going'
    ),
    moved AS (
        UPDATE groups_rsvp AS rsvp SET is_waiting = ranked.waits
        FROM ranked
        WHERE rsvp.id = ranked.id AND rsvp.is_waiting <> ranked.waits
        RETURNING rsvp.meeting_id, rsvp.member_id, rsvp.is_waiting
    ),
    counted AS (
        UPDATE groups_meeting AS meeting SET going_count = inside.number
        FROM (
            SELECT asked.id, count(ranked.id) FILTER (WHERE NOT ranked.waits) AS number
            FROM unnest(%(ids)s::bigint[]) AS asked (id)
            LEFT JOIN ranked ON ranked.meeting_id = asked.id
            GROUP BY asked.id
        ) AS inside
        WHERE meeting.id = inside.id AND meeting.going_count <> inside.number
    )
    SELECT meeting_id, member_id, is_waiting FROM moved ORDER BY meeting_id, member_id
"""  # noqa: S608 - put together of constants

_CONSEQUENCE_SQL = f"""
    SELECT count(*) FILTER (WHERE waits AND NOT waited),
           count(*) FILTER (WHERE waited AND NOT waits)
    FROM (
        SELECT rsvp.is_waiting AS waited,
               COALESCE({_RANK} > %(capacity)s::bigint, FALSE) AS waits
        FROM groups_rsvp AS rsvp
        WHERE rsvp.meeting_id = ANY(%(ids)s::bigint[]) AND rsvp.answer = 'going'
    ) AS ranked
"""  # noqa: S608 - put together of constants
