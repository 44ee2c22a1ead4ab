"""Panels of answers and of the survey."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from groups.attendance import attendance, survey
from groups.attendance.models import Attendance, Rsvp, SurveyAnswer
from groups.defaults import Attending

if TYPE_CHECKING:
    from accounts.models import User
    from groups.access import Visit
    from groups.schedule.models import Meeting

# Beyond this number, attendees are only counted.
NAMES_SHOWN = 60


@dataclass(frozen=True)
class AnswerChoice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class RsvpPanel:
    """The attendees of a meeting and the reader's answer."""

    visit: Visit
    meeting: Meeting
    # The reader's answer, and their position on the waiting list: 0 when they do not wait.
    mine: Rsvp | None = None
    place: int = 0
    waiting_count: int = 0
    # Only members see names.
    names: list[User] = field(default_factory=list)
    is_here: bool = False

    @property
    def url(self) -> str:
        return reverse("groups:rsvp_set", args=[self.visit.group.slug, self.meeting.occurs_on])

    @property
    def check_in_url(self) -> str:
        return reverse("groups:check_in", args=[self.visit.group.slug, self.meeting.occurs_on])

    @property
    def usual_url(self) -> str:
        return reverse("groups:membership_settings", args=[self.visit.group.slug])

    @property
    def is_open(self) -> bool:
        """Return whether the meeting still takes answers; once it has begun, only declining."""
        is_coming = self.meeting.is_upcoming and self.meeting.ends_at > timezone.now()
        return is_coming and not self.visit.group.is_closed

    @property
    def may_answer(self) -> bool:
        return self.is_open and self.visit.is_member

    @property
    def may_check_in(self) -> bool:
        is_open = attendance.is_open(self.meeting) and not self.visit.group.is_closed
        return is_open and self.visit.is_member

    @property
    def choices(self) -> list[AnswerChoice]:
        said = self.mine.answer if self.mine else ""
        kinds = [Attending.NO] if self.meeting.has_begun else list(Attending)
        return [AnswerChoice(kind.value, str(kind.label), kind.value == said) for kind in kinds]

    @property
    def is_usual(self) -> bool:
        return self.mine is not None and self.mine.is_usual

    @property
    def going_count(self) -> int:
        return self.meeting.going_count

    @property
    def capacity(self) -> int | None:
        return self.meeting.capacity or self.visit.group.capacity

    @property
    def free_count(self) -> int | None:
        """Return the number of free places; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.going_count)

    @property
    def unnamed_count(self) -> int:
        return self.going_count - len(self.names)


def rsvp_panel(visit: Visit, meeting: Meeting) -> RsvpPanel | None:
    """Return the panel of attendees; None once the meeting is over.

    Up to five queries for a member, none for anybody else.
    """
    panel = RsvpPanel(visit, meeting)
    if not (panel.is_open or panel.may_check_in):
        return None
    if not visit.is_member:
        return panel
    said = Rsvp.objects.filter(meeting=meeting)
    mine = said.filter(member_id=visit.reader.pk).first()
    waiting = said.waiting()
    place = 0
    if mine is not None and mine.is_waiting:
        before = Q(queued_at__lt=mine.queued_at) | Q(queued_at=mine.queued_at, pk__lt=mine.pk)
        place = waiting.filter(before).count() + 1
    seated = said.seated().filter(member__closed_at__isnull=True).select_related("member")
    here = Attendance.objects.filter(meeting=meeting, member_id=visit.reader.pk)
    return RsvpPanel(
        visit,
        meeting,
        mine=mine,
        place=place,
        waiting_count=waiting.count() if panel.capacity is not None else 0,
        names=[rsvp.member for rsvp in seated.order_by("queued_at", "pk")[:NAMES_SHOWN]],
        is_here=panel.may_check_in and here.exists(),
    )


@dataclass(frozen=True)
class SurveyPanel:
    """The survey after a meeting: the reader's answer, and the results."""

    visit: Visit
    meeting: Meeting
    mine: SurveyAnswer | None
    results: list[survey.SurveyResult]
    # For organisers, without names.
    words: list[str]
    is_open: bool

    shown_from = survey.SHOWN_FROM
    max_length = SurveyAnswer.MAX_WORDS

    @property
    def question(self) -> str:
        return self.visit.group.survey_question

    @property
    def url(self) -> str:
        return reverse("groups:survey_page", args=[self.visit.group.slug, self.meeting.occurs_on])

    @property
    def may_answer(self) -> bool:
        return self.is_open and not self.visit.group.is_closed

    @property
    def choices(self) -> list[AnswerChoice]:
        given = self.mine.answer if self.mine else ""
        return [
            AnswerChoice(kind.value, str(kind.label), kind.value == given)
            for kind in SurveyAnswer.Answer
        ]

    @property
    def count(self) -> int:
        return sum(result.count for result in self.results)

    @property
    def shows_results(self) -> bool:
        return self.count >= self.shown_from or (self.visit.is_running and self.count > 0)


def survey_panel(visit: Visit, meeting: Meeting) -> SurveyPanel | None:
    """Return the survey panel for members, once the meeting is over. Up to three queries."""
    if not visit.is_member or not survey.is_over(meeting):
        return None
    mine = SurveyAnswer.objects.filter(meeting=meeting, member_id=visit.reader.pk).first()
    return SurveyPanel(
        visit,
        meeting,
        mine=mine,
        results=survey.results(meeting),
        words=survey.words(meeting) if visit.is_running else [],
        is_open=survey.is_open(meeting),
    )
