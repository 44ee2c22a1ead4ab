"""The groups that read a paper, shown on the paper's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.urls import reverse

from groups.schedule.models import Phase

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from papers.models import Paper

SHOWN = 5

# Each public group and each of the reader's own once, with its last meeting that read the paper.
# In SQL because every paper's page asks: Django took three times as long to write the query.
_SQL = """
    SELECT name, slug, occurs_on, day, phase, count(*) OVER ()
    FROM (
        SELECT DISTINCT ON (meeting.group_id)
            reading_group.name, reading_group.slug,
            meeting.occurs_on, meeting.day, meeting.phase, meeting.starts_at
        FROM groups_meetingpaper AS reading
        JOIN groups_meeting AS meeting ON meeting.id = reading.meeting_id
        JOIN groups_group AS reading_group ON reading_group.id = meeting.group_id
        WHERE reading.paper_id = %(paper)s::bigint
          AND meeting.phase NOT IN ('cancelled', 'skipped')
          AND (reading_group.visibility = 'public' OR EXISTS (
              SELECT FROM groups_membership AS membership
              WHERE membership.group_id = reading_group.id
                AND membership.member_id = %(reader)s::bigint))
        ORDER BY meeting.group_id, meeting.starts_at DESC
    ) AS latest
    ORDER BY starts_at DESC, slug
    LIMIT %(shown)s::bigint
"""


class GroupReading(NamedTuple):
    """A group that read the paper, or is going to."""

    name: str
    slug: str
    occurs_on: date
    day: date
    phase: str

    @property
    def url(self) -> str:
        return reverse("groups:meeting_page", args=[self.slug, self.occurs_on])

    @property
    def is_past(self) -> bool:
        return self.phase == Phase.HELD


class ReadBy(NamedTuple):
    """The groups that read a paper, the last first, and the number of further groups."""

    readings: list[GroupReading]
    more_count: int


def read_by(paper: Paper, reader: User | AnonymousUser) -> ReadBy | None:
    """Return the visible groups that read a paper: one query."""
    asked = {"paper": paper.pk, "reader": reader.pk, "shown": SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        rows = cursor.fetchall()
    if not rows:
        return None
    return ReadBy([GroupReading(*row[:-1]) for row in rows], rows[0][-1] - len(rows))
