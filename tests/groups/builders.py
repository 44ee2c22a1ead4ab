"""Valid rows of reading groups, counts included, of which a test names only what matters."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from discussions.models import Thread
from groups.models import (
    Ballot,
    Candidate,
    Cycle,
    Group,
    Meeting,
    MeetingPaper,
    Membership,
    Nomination,
    Question,
    Rsvp,
    Schedule,
    Seat,
    SeatKind,
    Slip,
)
from tests.builders import make_paper, make_user

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from papers.models import Paper

_numbers = count(1)


def make_group(slug: str | None = None, *, owner: User | None = None, **fields: Any) -> Group:
    """Make a group with its cycle, its presenter's seat and its owner."""
    cycle = fields.pop("cycle", {})
    slug = slug or f"club-{next(_numbers)}"
    group = Group.objects.create(slug=slug, **{"name": slug.replace("-", " ").title()} | fields)
    Cycle.objects.create(group=group, **cycle)
    SeatKind.objects.create(group=group, name="Presenter", position=0, is_presenter=True)
    make_membership(group, owner, role="owner")
    return group


def make_membership(group: Group, member: User | None = None, **fields: Any) -> Membership:
    membership = Membership.objects.create(group=group, member=member or make_user(), **fields)
    Group.objects.filter(pk=group.pk).update(member_count=F("member_count") + 1)
    return membership


def make_schedule(group: Group, **fields: Any) -> Schedule:
    """Make a rule: every Thursday at 18:00 in Berlin, for a year. No meeting is made."""
    fields = {
        "weekday": 3,
        "times": [datetime(2026, 1, 1, 18, tzinfo=UTC).time()],
        "zone": "Europe/Berlin",
        "starts_on": datetime(2026, 11, 26, tzinfo=UTC).date(),
        "ends_on": datetime(2027, 11, 25, tzinfo=UTC).date(),
    } | fields
    return Schedule.objects.create(group=group, **fields)


def make_meeting(
    group: Group | None = None,
    *,
    day: date | None = None,
    paper: Paper | None = None,
    **fields: Any,
) -> Meeting:
    """Make a meeting in a week, at 18:00 in Berlin, that the clock leaves alone."""
    group = group or make_group()
    day = day or (timezone.now() + timedelta(days=7)).date()
    fields = {
        "occurs_on": day,
        "time": datetime(2026, 1, 1, 18, tzinfo=UTC).time(),
        "zone": "Europe/Berlin",
        "duration_minutes": 60,
    } | fields
    values: dict[str, Any] = fields
    wall = datetime.combine(day, values["time"], tzinfo=ZoneInfo(values["zone"]))
    starts_at = values.pop("starts_at", wall.astimezone(UTC))
    meeting = Meeting.objects.create(
        group=group,
        day=day,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=values["duration_minutes"]),
        thread=Thread.objects.create(),
        **values,
    )
    if paper is not None:
        MeetingPaper.objects.create(meeting=meeting, paper=paper)
    return meeting


def make_nomination(group: Group, paper: Paper | None = None, **fields: Any) -> Nomination:
    fields = {"nominated_by": fields.pop("nominated_by", None) or make_user()} | fields
    return Nomination.objects.create(group=group, paper=paper or make_paper(), **fields)


def make_ballot(meeting: Meeting, *, candidates: int = 3, **fields: Any) -> Ballot:
    """Make an open ballot, with so many new nominations on it."""
    Meeting.objects.filter(pk=meeting.pk).update(phase="voting")
    meeting.phase = "voting"
    ballot = Ballot.objects.create(
        meeting=meeting, **{"method": "approval", "electorate": "members"} | fields
    )
    for number in range(1, candidates + 1):
        nomination = make_nomination(meeting.group)
        Candidate.objects.create(ballot=ballot, nomination=nomination, number=number)
    return ballot


def make_slip(ballot: Ballot, member: User, choices: list[int], **fields: Any) -> Slip:
    return Slip.objects.create(ballot=ballot, member=member, choices=choices, **fields)


def make_seat(meeting: Meeting, member: User, kind: SeatKind | None = None) -> Seat:
    kind = kind or SeatKind.objects.get(group=meeting.group, is_presenter=True)
    return Seat.objects.create(meeting=meeting, kind=kind, member=member)


def make_rsvp(meeting: Meeting, member: User | None = None, **fields: Any) -> Rsvp:
    """Make an answer; one that comes is counted."""
    fields = {"answer": "going"} | fields
    rsvp = Rsvp.objects.create(meeting=meeting, member=member or make_user(), **fields)
    if rsvp.answer == "going" and not rsvp.is_waiting:
        Meeting.objects.filter(pk=meeting.pk).update(going_count=F("going_count") + 1)
    return rsvp


def make_question(meeting: Meeting, text: str = "Does it scale?", **fields: Any) -> Question:
    fields = {"asked_by": fields.pop("asked_by", None) or make_user()} | fields
    return Question.objects.create(
        meeting=meeting, text=text, html=f"<p>{text}</p>", key=uuid.uuid4(), **fields
    )
