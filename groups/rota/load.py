"""How often members presented, and whose turn it is.

The table and the suggestions use the same order: members who never presented come first, by date of
joining, then those who presented longest ago. A taken turn counts as having presented, so that
nobody is asked two weeks in a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.models import User
from groups.membership.models import FULL
from groups.schedule.models import UPCOMING, Phase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from groups.membership.models import Group
    from groups.schedule.models import Meeting

PAGE_SIZE = 50


@dataclass(frozen=True)
class Load:
    """A full member and the number of times they presented."""

    member: User
    takes_turns: bool
    presented_count: int
    last_presented_at: datetime | None
    next_turn_at: datetime | None


@dataclass(frozen=True)
class LoadTable:
    """One page of the members of a group, the next to present first."""

    rows: list[Load]
    page: int
    has_more: bool


@dataclass(frozen=True)
class Suggestion:
    """The member whose turn it is."""

    member: User
    last_presented_at: datetime | None


def load_table(group: Group, *, page: int = 1) -> LoadTable:
    """Return one page of the table of presenters. Two queries."""
    with connection.cursor() as cursor:
        values = _values(group) | {"size": PAGE_SIZE + 1, "skipped": (page - 1) * PAGE_SIZE}
        cursor.execute(_LOAD_SQL, values)
        found = cursor.fetchall()
    rows = found[:PAGE_SIZE]
    members = User.objects.in_bulk([row[0] for row in rows])
    return LoadTable(
        rows=[Load(members[row[0]], *row[1:]) for row in rows],
        page=page,
        has_more=len(found) > PAGE_SIZE,
    )


def suggest(meeting: Meeting, *, limit: int = 1) -> list[Suggestion]:
    """Return whose turn it is to present at a meeting, and who follows. Two queries."""
    rows = _eligible(meeting.group, [meeting], size=limit).get(meeting.pk, [])
    members = User.objects.in_bulk([member_id for member_id, _ in rows])
    return [Suggestion(members[member_id], last) for member_id, last in rows]


def suggest_all(group: Group, meetings: Sequence[Meeting]) -> dict[int, Suggestion]:
    """Return whose turn it is at each meeting, a different member for each. Two queries.

    Eligible members take turns, have not declined the meeting, and have no seat there. If there are
    fewer than meetings, they repeat in the same order.
    """
    if not meetings:
        return {}
    # As many per meeting as there are meetings: the other meetings take at most all but one.
    eligible = _eligible(group, meetings, size=len(meetings))
    chosen = _one_each(meetings, eligible)
    members = User.objects.in_bulk({member_id for member_id, _ in chosen.values()})
    return {
        meeting_id: Suggestion(members[member_id], last)
        for meeting_id, (member_id, last) in chosen.items()
    }


def _eligible(
    group: Group, meetings: Sequence[Meeting], *, size: int
) -> dict[int, list[tuple[int, datetime | None]]]:
    with connection.cursor() as cursor:
        values = _values(group) | {"ids": [meeting.pk for meeting in meetings], "size": size}
        cursor.execute(_SUGGEST_SQL, values)
        rows = cursor.fetchall()
    eligible: dict[int, list[tuple[int, datetime | None]]] = {}
    for meeting_id, member_id, last in rows:
        eligible.setdefault(meeting_id, []).append((member_id, last))
    return eligible


def _one_each(
    meetings: Sequence[Meeting], eligible: dict[int, list[tuple[int, datetime | None]]]
) -> dict[int, tuple[int, datetime | None]]:
    """Assign each meeting the first eligible member among those assigned least often so far."""
    named: dict[int, int] = {}
    chosen = {}
    for meeting in meetings:
        if candidates := eligible.get(meeting.pk):
            # min() returns the first of equals, so that the order decides.
            first = min(candidates, key=lambda each: named.get(each[0], 0))
            named[first[0]] = named.get(first[0], 0) + 1
            chosen[meeting.pk] = first
    return chosen


def _values(group: Group) -> dict[str, Any]:
    return {
        "group": group.pk,
        "full": [str(role) for role in FULL],
        "upcoming": [str(phase) for phase in UPCOMING],
        "held": str(Phase.HELD),
    }


_TURNS_SQL = """
    WITH turns AS (
        SELECT seat.member_id,
               count(*) FILTER (WHERE meeting.phase = %(held)s::text) AS presented_count,
               max(meeting.starts_at) FILTER (WHERE meeting.phase = %(held)s::text) AS last_at,
               min(meeting.starts_at) FILTER (
                   WHERE meeting.phase = ANY(%(upcoming)s::text[])
               ) AS next_at,
               max(meeting.starts_at) AS last_turn_at
        FROM groups_seat AS seat
        JOIN groups_seatkind AS kind ON kind.id = seat.kind_id AND kind.is_presenter
        JOIN groups_meeting AS meeting ON meeting.id = seat.meeting_id
        WHERE meeting.group_id = %(group)s::bigint
          AND (meeting.phase = %(held)s::text OR meeting.phase = ANY(%(upcoming)s::text[]))
        GROUP BY seat.member_id
    )
"""

_LOAD_SQL = f"""
    {_TURNS_SQL}
    SELECT belongs.member_id, belongs.takes_turns, COALESCE(turns.presented_count, 0),
           turns.last_at, turns.next_at
    FROM groups_membership AS belongs
    LEFT JOIN turns ON turns.member_id = belongs.member_id
    WHERE belongs.group_id = %(group)s::bigint AND belongs.role = ANY(%(full)s::text[])
    ORDER BY turns.last_turn_at NULLS FIRST, belongs.joined_at, belongs.id
    LIMIT %(size)s::bigint OFFSET %(skipped)s::bigint
"""  # noqa: S608 - put together of constants

_SUGGEST_SQL = f"""
    {_TURNS_SQL},
    candidates AS MATERIALIZED (
        SELECT belongs.member_id, turns.last_at, row_number() OVER (
            ORDER BY turns.last_turn_at NULLS FIRST, belongs.joined_at, belongs.id
        ) AS place
        FROM groups_membership AS belongs
        LEFT JOIN turns ON turns.member_id = belongs.member_id
        WHERE belongs.group_id = %(group)s::bigint AND belongs.role = ANY(%(full)s::text[])
          AND belongs.takes_turns
    )
    SELECT meeting.id, eligible.member_id, eligible.last_at
    FROM unnest(%(ids)s::bigint[]) AS meeting (id)
    CROSS JOIN LATERAL (
        SELECT candidates.member_id, candidates.last_at, candidates.place
        FROM candidates
        WHERE NOT EXISTS (
            SELECT FROM groups_rsvp AS rsvp
            WHERE rsvp.meeting_id = meeting.id AND rsvp.member_id = candidates.member_id
              AND rsvp.answer = 'no'
        )
        AND NOT EXISTS (
            SELECT FROM groups_seat AS seat
            WHERE seat.meeting_id = meeting.id AND seat.member_id = candidates.member_id
        )
        ORDER BY candidates.place
        LIMIT %(size)s::bigint
    ) AS eligible
    ORDER BY meeting.id, eligible.place
"""  # noqa: S608 - put together of constants
