"""A group with one of everything that an export takes along."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone

from groups.ballots import counting
from groups.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Candidate,
    Cycle,
    MeetingFile,
    Minutes,
    Question,
    Section,
    Series,
    SeriesPart,
    Slip,
)
from papers.models import Topic
from tests.builders import make_paper, make_user
from tests.groups.builders import (
    make_group,
    make_meeting,
    make_membership,
    make_nomination,
    make_schedule,
    make_seat,
)

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models import Group, Meeting

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
# The day of the meeting that is still to come.
COMING = date(timezone.now().year + 2, 1, 3)


def make_full_group(slug: str = "full", *, owner: User | None = None, weeks: int = 3) -> Group:
    """Make a group that has held meetings, voted, written minutes and begun a book."""
    group = make_group(
        slug,
        owner=owner,
        summary="We read slowly.",
        description="Every *week*.",
        rules="Be kind.",
        join_url="https://meet.example/room",
        place="Room 5",
        capacity=20,
        cycle={"method": Cycle.Method.SCHULZE, "quorum": 2},
    )
    topic, _ = Topic.objects.get_or_create(code="cs.LG", defaults={"name": "Machine Learning"})
    group.topics.set([topic])
    members = [make_membership(group, make_user()).member for _ in range(3)]
    schedule = make_schedule(
        group, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 25), times=[time(9), time(18)]
    )
    for week in range(weeks):
        day = date.fromordinal(date(2026, 1, 1).toordinal() + 7 * week)
        paper = make_paper()
        meeting = make_meeting(group, day=day, paper=paper, schedule=schedule, phase="held")
        _fill(meeting, members)
    make_meeting(group, day=date(2026, 5, 1), phase="cancelled", off_reason="Holiday")
    make_meeting(group, day=COMING, title="A talk", note="With cake.")
    make_nomination(group, pitch="Short and good", nominated_by=members[0])
    book = Series.objects.create(group=group, title="A book", url="https://example.org/book")
    first = group.meetings.order_by("occurs_on").first()
    SeriesPart.objects.create(series=book, position=1, title="Start", extent="§1", meeting=first)
    SeriesPart.objects.create(series=book, position=2, title="End")
    return group


def _fill(meeting: Meeting, members: list[User]) -> None:
    make_seat(meeting, members[0])
    section = Section.objects.create(meeting=meeting, position=1, title="Method")
    AgendaItem.objects.create(meeting=meeting, position=1, text="Claims", minutes=20)
    Question.objects.create(
        meeting=meeting, text="Does *it* scale?", html="<p>Does <em>it</em> scale?</p>",
        section=section, is_prompt=True, asked_by=members[1], key=uuid.uuid4(),
    )  # fmt: skip
    Minutes.objects.create(meeting=meeting, text="# Claims\n\n- [ ] Ada: ask", version=1)
    for member in members[:2]:
        Attendance.objects.create(meeting=meeting, member=member)
    MeetingFile.objects.create(meeting=meeting, title="Slides", url="https://example.org/s.pdf")
    _vote(meeting, members)


def _vote(meeting: Meeting, members: list[User]) -> None:
    slips = [[1, 2], [2, 1], [1]]
    count = counting.count("schulze", slips, candidates=[1, 2])
    ballot = Ballot.objects.create(
        meeting=meeting, method="schulze", electorate="members", opened_at=LONG_AGO,
        closed_at=LONG_AGO, outcome="chosen", count=count.as_json(),
    )  # fmt: skip
    for number, state in ((1, "chosen"), (2, "retired")):
        nomination = make_nomination(meeting.group, state=state, ended_at=LONG_AGO)
        candidate = Candidate.objects.create(ballot=ballot, nomination=nomination, number=number)
        if number == count.winner:
            ballot.winner = candidate
    ballot.save()
    for member, choices in zip(members, slips, strict=True):
        Slip.objects.create(ballot=ballot, member=member, choices=choices)
