"""Which meetings somebody has put something into, so that they cannot just vanish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from discussions.models import Comment
from groups.attendance.models import Rsvp
from groups.ballots.models import Ballot
from groups.meeting.agenda.models import AgendaItem
from groups.meeting.files.models import MeetingFile
from groups.meeting.minutes.models import Minutes
from groups.meeting.progress.models import Progress, Section
from groups.meeting.questions.models import Question
from groups.rota.models import Seat
from groups.schedule.models import Meeting, MeetingPaper, Phase
from groups.series.models import SeriesPart

if TYPE_CHECKING:
    from collections.abc import Iterable


def with_dependents(meeting_ids: Iterable[int]) -> set[int]:
    """Return those of the meetings on which something depends: one query.

    A usual answer does not count: nobody gave it to this meeting.
    """
    own = {"meeting": OuterRef("pk")}
    things = (
        MeetingPaper.objects, Seat.objects, Question.objects, Ballot.objects, AgendaItem.objects,
        Section.objects, MeetingFile.objects, Minutes.objects, Progress.objects,
        SeriesPart.objects,
    )  # fmt: skip
    depends = Q(Exists(Rsvp.objects.filter(is_usual=False, **own)))
    for rows in things:
        depends |= Q(Exists(rows.filter(**own)))
    depends |= Q(Exists(Comment.objects.filter(thread=OuterRef("thread"))))
    depends |= ~Q(title="") | ~Q(note="") | Q(phase__in=[Phase.VOTING, Phase.LIVE, Phase.HELD])
    # Something of its own that an organiser gave it.
    depends |= ~Q(join_url="") | ~Q(place="") | Q(capacity__isnull=False)
    meetings = Meeting.objects.filter(pk__in=list(meeting_ids)).filter(depends)
    return set(meetings.order_by(F("pk")).values_list("pk", flat=True))
