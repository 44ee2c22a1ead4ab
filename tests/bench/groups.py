"""A group that few communities reach: 5,000 members, 300 meetings, ballots of 5,000 slips."""

from __future__ import annotations

import random
import statistics
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from discussions.models import Thread
from groups.cycle import phases
from groups.meeting import pulse
from groups.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Candidate,
    Cycle,
    Group,
    Meeting,
    MeetingPaper,
    Membership,
    Minutes,
    Nomination,
    Phase,
    Pulse,
    Question,
    Role,
    Rsvp,
    Schedule,
    Seat,
    SeatKind,
    Slip,
)
from papers.models import Paper
from tests.bench.work import Timing

if TYPE_CHECKING:
    from collections.abc import Sequence

MEMBERS, MEETINGS, TO_COME = 5_000, 300, 12
CANDIDATES = 12
SLUG = "bench-readers"
READERS = 200
_ZONE = "UTC"
_MINUTES = "<h2>What the paper claims</h2><p>The bound is tight when patches overlap.</p>" * 6


def ensure_group() -> Group:
    """Return the group, written once and kept with the bench's data."""
    group = Group.objects.filter(slug=SLUG).first()
    if group is None:
        group = _write()
    _keep_in_the_present(group)
    return group


@transaction.atomic
def _write() -> Group:
    chance = random.Random(MEETINGS)
    group = Group.objects.create(slug=SLUG, name="Bench Readers", member_count=MEMBERS)
    Cycle.objects.create(group=group, hides_results=False)
    presenter = SeatKind.objects.create(
        group=group, name="Presenter", position=0, is_presenter=True
    )
    # The newest: those whom visitors.sign_in signs in first.
    members = list(User.objects.order_by("-pk").values_list("pk", flat=True)[:MEMBERS])
    Membership.objects.bulk_create(
        [
            Membership(group=group, member_id=pk, role=Role.OWNER if not place else Role.MEMBER)
            for place, pk in enumerate(members)
        ],
        batch_size=1_000,
    )
    meetings = _meetings(group)
    papers = list(Paper.objects.order_by("-pk")[: MEETINGS + CANDIDATES * 4])
    held = meetings[: MEETINGS - TO_COME]
    MeetingPaper.objects.bulk_create(
        [MeetingPaper(meeting=each, paper=paper) for each, paper in zip(meetings, papers)]  # noqa: B905
    )
    Seat.objects.bulk_create(
        [Seat(meeting=each, kind=presenter, member_id=chance.choice(members)) for each in meetings]
    )
    Minutes.objects.bulk_create(
        [Minutes(meeting=each, text="…", html=_MINUTES, version=1) for each in held]
    )
    came = [(each, pk) for each in held for pk in chance.sample(members, 60)]
    Attendance.objects.bulk_create(
        [Attendance(meeting=each, member_id=pk) for each, pk in came], batch_size=2_000
    )
    _fill_the_present(meetings[-TO_COME:], members, papers[MEETINGS:])
    return group


def _meetings(group: Group) -> list[Meeting]:
    today = timezone.now().date()
    first = today - timedelta(weeks=MEETINGS - TO_COME)
    schedule = Schedule.objects.create(
        group=group,
        weekday=first.weekday(),
        times=[datetime(2026, 1, 1, 18, tzinfo=UTC).time()],
        zone=_ZONE,
        starts_on=first,
        ends_on=today + timedelta(weeks=TO_COME),
    )
    threads = Thread.objects.bulk_create([Thread() for _ in range(MEETINGS)])
    days = [first + timedelta(weeks=number) for number in range(MEETINGS)]
    return Meeting.objects.bulk_create(
        [
            Meeting(
                group=group,
                schedule=schedule,
                occurs_on=day,
                day=day,
                time=schedule.times[0],
                zone=_ZONE,
                starts_at=datetime.combine(day, schedule.times[0], tzinfo=UTC),
                ends_at=datetime.combine(day, schedule.times[0], tzinfo=UTC) + timedelta(hours=1),
                phase=Phase.HELD if day < today else Phase.READY,
                thread=thread,
            )
            for day, thread in zip(days, threads, strict=True)
        ]
    )


def _fill_the_present(
    meetings: Sequence[Meeting], members: Sequence[int], papers: Sequence[Paper]
) -> None:
    """Furnish the meeting that goes on now, the next one, and two that vote."""
    now, coming, voting, runoff = meetings[:4]
    for meeting in (now, coming):
        Rsvp.objects.bulk_create(
            [Rsvp(meeting=meeting, member_id=pk, answer="going") for pk in members[:2_000]],
            batch_size=1_000,
        )
        Question.objects.bulk_create(
            Question(
                meeting=meeting,
                asked_by_id=members[number],
                text="Where is the second lemma used?",
                html="<p>Where is the second lemma used?</p>",
                vote_count=60 - number,
                key=uuid.uuid4(),
            )
            for number in range(60)
        )
    Meeting.objects.filter(pk__in=[now.pk, coming.pk]).update(going_count=2_000)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=now, position=place, text="A point to talk about") for place in range(8)
    )
    Pulse.objects.create(meeting=now, beat=1)
    _vote(voting, Cycle.Method.APPROVAL, members, papers[:CANDIDATES])
    _vote(runoff, Cycle.Method.SCHULZE, members, papers[CANDIDATES : 2 * CANDIDATES])


def _vote(
    meeting: Meeting, method: Cycle.Method, members: Sequence[int], papers: Sequence[Paper]
) -> None:
    chance = random.Random(meeting.pk)
    ballot = Ballot.objects.create(
        meeting=meeting, method=method, electorate="members", hides_results=False
    )
    nominations = Nomination.objects.bulk_create(
        Nomination(group_id=meeting.group_id, paper=paper, nominated_by_id=chance.choice(members))
        for paper in papers
    )
    Candidate.objects.bulk_create(
        Candidate(ballot=ballot, nomination=nomination, number=number)
        for number, nomination in enumerate(nominations, start=1)
    )
    numbers = range(1, len(papers) + 1)
    Slip.objects.bulk_create(
        [
            Slip(ballot=ballot, member_id=pk, choices=chance.sample(numbers, chance.randint(1, 12)))
            for pk in members
        ],
        batch_size=1_000,
    )


def _keep_in_the_present(group: Group) -> None:
    """Have the same meetings live, ready and voting, however old the data is."""
    now = timezone.now()
    meetings = list(group.meetings.order_by("occurs_on"))[-TO_COME:]
    for place, meeting in enumerate(meetings):
        starts_at = now + timedelta(days=7 * place, minutes=-30)
        meeting.starts_at, meeting.ends_at = starts_at, starts_at + timedelta(hours=1)
        meeting.phase = Phase.READY
        # The bench's worker has to leave them alone.
        meeting.due_at = None
    meetings[0].phase = Phase.LIVE
    meetings[2].phase = meetings[3].phase = Phase.VOTING
    for meeting in meetings[2:4]:
        meeting.ballot_closes_at = now + timedelta(days=2)
    Meeting.objects.bulk_update(
        meetings, ["starts_at", "ends_at", "phase", "due_at", "ballot_closes_at"]
    )


def present_meetings(group: Group) -> list[Meeting]:
    """Return the meeting that goes on, the next one, and those that vote."""
    return list(group.meetings.order_by("occurs_on").select_related("group"))[-TO_COME:]


def state_of_room(group: Group) -> str:
    """Return what a page has that is up to date with the meeting that goes on."""
    meeting = group.meetings.get(phase=Phase.LIVE)
    member = group.memberships.order_by("pk")[0].member_id
    look = pulse.look(member_id=member, slug=group.slug, day=meeting.occurs_on)
    assert look is not None
    return look.state


def time_closings(*, repetitions: int) -> list[Timing]:
    """Close ballots of 5,000 slips, with all that closing entails, and undo it."""
    voting = Meeting.objects.filter(group__slug=SLUG, phase=Phase.VOTING).select_related("ballot")
    timings = []
    for meeting in voting.order_by("starts_at"):
        seconds = []
        for _ in range(repetitions):
            with transaction.atomic():
                now = timezone.now()
                Meeting.objects.filter(pk=meeting.pk).update(ballot_closes_at=now, due_at=now)
                began = time.perf_counter()
                is_closed = phases.advance(meeting_id=meeting.pk, to=Phase.READY)
                seconds.append(time.perf_counter() - began)
                assert is_closed
                transaction.set_rollback(True)
        note = f"{MEMBERS:,} slips, {CANDIDATES} papers, {MEMBERS:,} members told"
        timings.append(
            Timing(f"close a ballot, {meeting.ballot.method}", statistics.median(seconds), note)
        )
    return timings
