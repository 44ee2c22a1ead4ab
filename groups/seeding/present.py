"""Current data of a seeded group: the next meeting, and the ballot for the one after."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from discussions.comments import comments
from groups.attendance import answers
from groups.ballots import ballots, nominations
from groups.ballots.models import Nomination
from groups.cycle import phases
from groups.defaults import Attending
from groups.meeting.agenda.models import AgendaItem
from groups.meeting.progress import progress
from groups.meeting.progress.models import Progress
from groups.meeting.questions import questions
from groups.meeting.questions.models import Question, QuestionVote
from groups.membership.models import Membership
from groups.rota import seats
from groups.rota.models import SeatKind
from groups.schedule.models import Meeting, Phase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import User
    from groups.seeding.planting import Cast
    from groups.seeding.written import SeedGroup, SeedNomination

_PITCH = "New, and close to what we have argued about for weeks."
_SECTIONS = ("Introduction", "What is compared, and how", "Results", "Limits and appendix")
_AGENDA = (
    ("Why this paper", 5),
    ("The claims, and the figure that carries them", 15),
    ("Questions, the most wanted first", 30),
    ("Who presents next", 5),
)
_SAID = (
    "I have read as far as the results. The appendix answers two of my questions: look there.",
    "Could we begin with the first figure? Everything else hangs on it.",
    "I shall be ten minutes late; please do not wait.",
)


def furnish(written: SeedGroup, cast: Cast, meetings: Sequence[Meeting], *, now: datetime) -> None:
    """Choose the next paper by a ballot, and open the ballot for the meeting after."""
    coming, following, later = meetings[0], meetings[1], meetings[2]
    _choose(written, cast, coming, now=now)
    _prepare(written, cast, coming)
    for each in written.nominations:
        _nominate(cast, each, now=now)
    _open_ballot(cast, following, now=now)
    for place, member in enumerate(cast.members[: len(cast.members) * 2 // 3]):
        # A realistic state: most members have voted, mira has not.
        if place % 4 and member.username != "mira":
            _vote(cast, following, member)
    presenter = SeatKind.objects.get(group=cast.group, is_presenter=True)
    seats.take_seat(meeting=later, kind=presenter, member=cast.members[5])


def _open_ballot(cast: Cast, meeting: Meeting, *, now: datetime) -> None:
    """Open a ballot by hand that takes votes for a while, whatever the day of seeding."""
    moments = {"nominations_open_at": now, "ballot_opens_at": now}
    if meeting.ballot_closes_at is None or meeting.ballot_closes_at < now + timedelta(hours=12):
        moments["ballot_closes_at"] = min(now + timedelta(days=2), meeting.starts_at)
    # The new moments leave time for a ballot.
    Meeting.objects.filter(pk=meeting.pk).update(phase=Phase.PLANNED, **moments)
    for phase in (Phase.NOMINATING, Phase.VOTING):
        phases.advance(meeting_id=meeting.pk, to=phase, by=cast.owner)


def _choose(written: SeedGroup, cast: Cast, meeting: Meeting, *, now: datetime) -> None:
    """Hold the vote for the next meeting's paper, with a runner-up that is carried over."""
    nominator = cast.members[6]
    wins = nominations.nominate(
        group=cast.group,
        paper=cast.papers[written.next],
        member=nominator,
        pitch=_PITCH,
        would_present=True,
    )
    carried = written.nominations[0]
    if carried.rounds:
        _nominate(cast, carried, now=now)
    _open_ballot(cast, meeting, now=now)
    candidates = list(meeting.ballot.candidates.order_by("number"))
    first = next(each.number for each in candidates if each.nomination_id == wins.pk)
    others = [each.number for each in candidates if each.number != first]
    for place, member in enumerate(cast.members[: len(cast.members) // 2]):
        choices = others if others and place % 3 == 0 else [first]
        ballots.cast(ballot_id=meeting.pk, member=member, choices=choices, will_come=place % 2 == 0)
    phases.advance(meeting_id=meeting.pk, to=Phase.READY, by=cast.owner)
    meeting.refresh_from_db()
    meeting.set_moments(cast.group.cycle)
    meeting.save(update_fields=Meeting.MOMENTS)


def _prepare(written: SeedGroup, cast: Cast, meeting: Meeting) -> None:
    chance = cast.chance
    for each in chance.sample(cast.members, len(cast.members) * 2 // 5):
        said = chance.choice([Attending.GOING, Attending.GOING, Attending.MAYBE, Attending.NO])
        if each.username != "mira":
            answers.answer(meeting=meeting, member=each, answer=said)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=place, text=text, minutes=minutes)
        for place, (text, minutes) in enumerate(_AGENDA)
    )
    sections = progress.set_sections(meeting=meeting, by=cast.owner, titles=_SECTIONS)
    sharing = Membership.objects.filter(group=cast.group, shares_progress=True)
    for own in sharing.order_by("pk")[:14]:
        read = sections[: chance.randrange(len(sections) + 1)]
        Progress.objects.create(
            meeting=meeting,
            member_id=own.member_id,
            state="read" if len(read) == len(sections) else "reading",
            sections_read=[each.pk for each in read],
        )
    _ask(cast, meeting, written.ask)
    for text, author in zip(_SAID, cast.members[3:], strict=False):
        comments.post_comment(
            thread=meeting.thread,
            author=author,
            text=text,
            key=uuid.UUID(int=chance.getrandbits(128)),
        )


def _ask(cast: Cast, meeting: Meeting, texts: Sequence[str]) -> None:
    for place, text in enumerate(texts):
        asked = questions.ask(
            meeting=meeting,
            member=cast.members[place + 2],
            text=text,
            key=uuid.UUID(int=cast.chance.getrandbits(128)),
            is_prompt=place == 0,
        )
        votes = cast.chance.sample(cast.members[:12], 7 - 2 * place)
        QuestionVote.objects.bulk_create(
            QuestionVote(question=asked, member=each) for each in votes
        )
        Question.objects.filter(pk=asked.pk).update(vote_count=len(votes))


def _nominate(cast: Cast, written: SeedNomination, *, now: datetime) -> None:
    paper, by = cast.papers[written.paper], cast.by_name[written.by]
    if Nomination.objects.filter(group=cast.group, paper=paper).exists():
        return
    nomination = nominations.nominate(
        group=cast.group,
        paper=paper,
        member=by,
        pitch=written.pitch,
        would_present=written.presents,
    )
    seconders = [each for each in cast.members if each != by][: written.seconds]
    for each in seconders:
        nominations.second(nomination_id=nomination.pk, member=each)
    Nomination.objects.filter(pk=nomination.pk).update(
        rounds=F("rounds") + written.rounds,
        created_at=now - timedelta(days=3 + 7 * written.rounds, hours=written.seconds),
    )


def _vote(cast: Cast, meeting: Meeting, member: User) -> None:
    numbers = list(meeting.ballot.candidates.values_list("number", flat=True))
    size = cast.chance.randint(1, len(numbers))
    ballots.cast(ballot_id=meeting.pk, member=member, choices=cast.chance.sample(numbers, size))
