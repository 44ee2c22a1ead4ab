"""Past meetings of a seeded group, with their papers, attendees and minutes."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from discussions.comments import rendering
from groups.attendance.models import Attendance, Rsvp, SurveyAnswer
from groups.meeting.files.models import MeetingFile
from groups.meeting.minutes import minutes as keeping
from groups.meeting.minutes.models import Minutes, MinutesRevision
from groups.meeting.questions.models import Question, QuestionVote
from groups.rota.models import Seat, SeatKind
from groups.schedule.models import Meeting, MeetingPaper, Phase
from groups.seeding.written import written_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from groups.seeding.planting import Cast
    from groups.seeding.written import SeedGroup

_RENDERED: dict[str, str] = {}
_ACTIONS = (
    "Send the slides to the list",
    "Ask the authors about the second table",
    "Try the code on one of our own data sets",
    "Find the talk in which this was first shown",
)
# Of answers to "Would you recommend this paper?"
_VERDICTS = ("yes", "yes", "yes", "partly", "partly", "no")
# The retention of recordings: half a year.
_KEPT = timedelta(days=180)


def furnish(written: SeedGroup, cast: Cast, meetings: Sequence[Meeting]) -> None:
    """Give every past meeting its paper, attendees and minutes; one was skipped."""
    skipped = meetings[written.skipped]
    held = [each for each in meetings if each != skipped]
    Meeting.objects.filter(pk=skipped.pk).update(
        phase=Phase.SKIPPED, due_at=None, off_reason="A holiday"
    )
    ids = [each.pk for each in held]
    Meeting.objects.filter(pk__in=ids).update(phase=Phase.HELD, due_at=None)
    for place, (meeting, paper) in enumerate(zip(held, written.past, strict=True)):
        _furnish(cast, meeting, paper, presenter=_presenter(cast.members, place))


def _presenter(members: Sequence[User], place: int) -> User:
    """Return the presenter at this position: some present more often than others."""
    return members[(place * 3) % 11 if place % 4 else place % 3]


def _furnish(cast: Cast, meeting: Meeting, paper: str, *, presenter: User) -> None:
    chance = cast.chance
    MeetingPaper.objects.create(meeting=meeting, paper=cast.papers[paper])
    kinds = SeatKind.objects.filter(group=cast.group)
    takers = [presenter, *chance.sample(cast.members[:14], len(kinds))]
    Seat.objects.bulk_create(
        Seat(meeting=meeting, kind=kind, member=member, at=meeting.starts_at - timedelta(days=9))
        for kind, member in zip(kinds, dict.fromkeys(takers), strict=False)
        if kind.is_presenter or chance.random() < 0.6
    )
    came = _come(cast, meeting, presenter)
    _write(cast, meeting, paper, came)
    _ask(cast, meeting, paper, came)
    _keep(cast, meeting, presenter)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            meeting=meeting,
            member=each,
            answer=chance.choice(_VERDICTS),
            at=meeting.ends_at + timedelta(hours=2),
        )
        for each in came
        if chance.random() < 0.5
    )


def _come(cast: Cast, meeting: Meeting, presenter: User) -> list[User]:
    size = min(len(cast.members), max(4, round(cast.chance.gauss(len(cast.members) / 3, 2.5))))
    came = list(dict.fromkeys([presenter, *cast.chance.sample(cast.members, size)]))
    said = meeting.starts_at - timedelta(days=2)
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, member=each, noted_by=cast.owner, at=meeting.ends_at)
        for each in came
    )
    Rsvp.objects.bulk_create(
        Rsvp(meeting=meeting, member=each, answer="going", queued_at=said) for each in came
    )
    Meeting.objects.filter(pk=meeting.pk).update(going_count=len(came))
    return came


def _write(cast: Cast, meeting: Meeting, paper: str, came: Sequence[User]) -> None:
    text = written_notes()[paper].minutes(action=cast.chance.choice(_ACTIONS))
    if text not in _RENDERED:
        _RENDERED[text] = keeping.render(text)
    writer, at = cast.chance.choice(came), meeting.ends_at + timedelta(minutes=25)
    minutes = Minutes.objects.create(
        meeting=meeting,
        text=text,
        html=_RENDERED[text],
        rendered_with=rendering.RENDERED_WITH,
        version=1,
        updated_by=writer,
        updated_at=at,
    )
    MinutesRevision.objects.create(minutes=minutes, number=1, text=text, editor=writer, at=at)


def _ask(cast: Cast, meeting: Meeting, paper: str, came: Sequence[User]) -> None:
    chance = cast.chance
    for place, text in enumerate(written_notes()[paper].ask):
        votes = chance.sample(came, max(1, len(came) // (2 + place)))
        asked = Question.objects.create(
            meeting=meeting,
            asked_by=chance.choice(came),
            text=text,
            html=rendering.render(text).html,
            rendered_with=rendering.RENDERED_WITH,
            chosen_at=meeting.starts_at,
            answered_at=meeting.ends_at if place == 0 else None,
            vote_count=len(votes),
            key=uuid.UUID(int=chance.getrandbits(128)),
            created_at=meeting.starts_at - timedelta(days=1),
        )
        QuestionVote.objects.bulk_create(
            QuestionVote(question=asked, member=each) for each in votes
        )


def _keep(cast: Cast, meeting: Meeting, presenter: User) -> None:
    address = f"https://files.example.org/{cast.group.slug}/{meeting.occurs_on}"
    kinds = ["slides"] if cast.chance.random() < 0.8 else []
    kinds += ["recording"] if cast.chance.random() < 0.3 else []
    for kind in kinds:
        is_recording = kind == "recording"
        MeetingFile.objects.create(
            meeting=meeting,
            kind=kind,
            title=kind.capitalize(),
            url=f"{address}/{kind}",
            added_by=presenter,
            added_at=meeting.ends_at,
            consent_at=meeting.ends_at if is_recording else None,
            consent_noted_by=cast.owner if is_recording else None,
            kept_until=(meeting.ends_at + _KEPT).date() if is_recording else None,
        )
