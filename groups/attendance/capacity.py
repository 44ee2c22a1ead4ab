"""Who has a place at a meeting and who waits: counted in SQL, whatever the numbers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from common.words import counted
from discussions.models import Notification
from discussions.notifications import notifications
from groups.notices import gate, wording
from groups.schedule.models import Meeting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


@dataclass(frozen=True)
class PlaceChange:
    """A member whose place changed."""

    meeting_id: int
    member_id: int
    # Whether they wait now; else they got a place.
    waits: bool


@dataclass(frozen=True)
class PlaceChanges:
    """Everybody whose place changed."""

    changes: tuple[PlaceChange, ...] = ()

    def but(self, known: Collection[tuple[int, int | None]]) -> PlaceChanges:
        """Return the others: not those at these meetings who know it already."""
        changes = self.changes
        return PlaceChanges(tuple(c for c in changes if (c.meeting_id, c.member_id) not in known))


@dataclass(frozen=True)
class Consequence:
    """What a capacity would do to those who said that they come: at one meeting, or at several."""

    # Those who have a place and would wait, and those who wait and would have one.
    losing_count: int
    gaining_count: int
    # Then one member may have several places.
    is_of_several: bool = False

    @property
    def words(self) -> str:
        """A sentence for the page on which the capacity is changed; "" where nothing changes."""
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


def arrange(meeting_ids: Iterable[int]) -> PlaceChanges:
    """Put those who come in order, and count those who are in: one statement.

    Whoever calls it holds the meetings locked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ARRANGE_SQL, {"ids": list(meeting_ids)})
        rows = cursor.fetchall()
    return PlaceChanges(tuple(PlaceChange(*row) for row in rows))


def consequence(
    meeting_ids: Iterable[int], capacity: int | None, *, is_of_several: bool = False
) -> Consequence:
    """Return what a capacity would change at these meetings, and change nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_CONSEQUENCE_SQL, {"ids": list(meeting_ids), "capacity": capacity})
        losing, gaining = cursor.fetchone()
    return Consequence(losing, gaining, is_of_several)


def tell(changes: PlaceChanges) -> None:
    """Tell everybody whose place changed."""
    ids = {change.meeting_id for change in changes.changes}
    if not ids:
        return
    for meeting in Meeting.objects.filter(pk__in=ids).select_related("group").order_by("pk"):
        name = wording.name(meeting)
        for waits, words in (
            (False, f"You have a place: you can attend {name}."),
            (True, f"There are fewer places at {name}: you are now on its waiting list."),
        ):
            notifications.tell(
                recipients=[
                    change.member_id
                    for change in changes.changes
                    if change.meeting_id == meeting.pk and change.waits is waits
                ],
                # Each change is news: a place may be lost and got again.
                event=gate.event_of(meeting.group_id, f"place:{uuid.uuid4().hex}"),
                reason=Notification.Reason.MEETING,
                summary=words,
                url=meeting.get_absolute_url(),
            )


# "Is it among the first" for everybody who comes, in the one order that decides.
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
               COALESCE({_RANK} > COALESCE(meeting.capacity, club.capacity), FALSE) AS waits
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
