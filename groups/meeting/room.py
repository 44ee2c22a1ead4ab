"""What the meeting's page and the room show of agenda and questions.

Their templates are rendered with places for what is the reader's own (`own_marks`), so that in
the room everybody shares one rendering.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from groups.attendance.models import Attendance
from groups.meeting.agenda.models import AgendaItem
from groups.meeting.own_marks import Own, mark
from groups.meeting.progress import spoilers
from groups.meeting.questions.models import Question, QuestionVote
from groups.schedule.models import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from groups.access import Visit
    from groups.meeting.progress.models import Progress, Section
    from groups.schedule.models import Meeting

HERE_SHOWN = 12


@dataclass(frozen=True)
class PointRow:
    """A point of the agenda, and when it is to begin."""

    item: AgendaItem
    begins_at: datetime
    url: str

    @property
    def clock(self) -> SafeString:
        return mark("clock", int((self.item.started_at or self.begins_at).timestamp()))

    @property
    def is_on(self) -> bool:
        return self.item.started_at is not None and self.item.ended_at is None

    @property
    def is_done(self) -> bool:
        return self.item.ended_at is not None

    @property
    def took_minutes(self) -> int:
        if self.item.started_at is None or self.item.ended_at is None:
            return 0
        taken = self.item.ended_at - self.item.started_at
        return math.ceil(taken.total_seconds() / 60)


@dataclass(frozen=True)
class AgendaPanel:
    visit: Visit
    meeting: Meeting
    items: Sequence[AgendaItem]
    is_room: bool = False

    @cached_property
    def rows(self) -> list[PointRow]:
        rows, begins_at = [], self.meeting.starts_at
        for item in self.items:
            args = [self.visit.group.slug, self.meeting.occurs_on, item.pk]
            url = reverse("groups:agenda_advance", args=args) + self.back
            rows.append(PointRow(item, begins_at, url))
            begins_at += timedelta(minutes=item.minutes)
        return rows

    @property
    def back(self) -> str:
        return _back_to_room(self.visit, self.meeting) if self.is_room else ""

    @property
    def total_minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    @property
    def is_too_long(self) -> bool:
        return self.total_minutes > self.meeting.duration_minutes

    @property
    def now(self) -> PointRow | None:
        return next((row for row in self.rows if row.is_on), None)

    @property
    def next(self) -> PointRow | None:
        """The first point that has not been on."""
        return next((row for row in self.rows if row.item.started_at is None), None)

    @property
    def may_run(self) -> bool:
        """Whether the reader starts and ends points."""
        return _may_run(self.visit) and not self.meeting.is_off

    @property
    def may_edit(self) -> bool:
        return _may_run(self.visit)

    @property
    def edit_url(self) -> str:
        return _url("groups:agenda_edit", self.visit, self.meeting)


@dataclass(frozen=True)
class QuestionRow:
    """A question, and where what one does with it is sent."""

    question: Question
    slug: str
    day: object
    # Of the addresses: where one is led when it is done.
    back: str = ""
    # It is talked about at this moment.
    is_now: bool = False

    @property
    def pk(self) -> int:
        return self.question.pk

    @property
    def html(self) -> SafeString:
        return mark_safe(self.question.html)  # noqa: S308 - the sanitizer's

    @property
    def vote_url(self) -> str:
        url = reverse("groups:question_vote", args=[self.slug, self.day, self.pk])
        return f"{url}{self.back}"

    @property
    def edit_url(self) -> str:
        url = reverse("groups:question_edit", args=[self.slug, self.day, self.pk])
        return f"{url}{self.back}"

    @property
    def own_vote(self) -> SafeString:
        return mark("vote", self.pk)

    @property
    def about(self) -> str:
        section = self.question.section
        return spoilers.label_of(section.position, section.title) if section else ""

    @property
    def own_open(self) -> SafeString:
        return mark("open", self.question.section_id or 0)

    @property
    def own_ahead(self) -> SafeString:
        return mark("ahead", self.question.section_id or 0)


@dataclass(frozen=True)
class QuestionsPanel:
    """The questions for a meeting: by votes, and those that were answered last."""

    visit: Visit
    meeting: Meeting
    questions: Sequence[Question]
    is_room: bool = False

    @cached_property
    def rows(self) -> list[QuestionRow]:
        slug, day, now = self.visit.group.slug, self.meeting.occurs_on, self._now()
        ordered = sorted(self.questions, key=lambda each: each.answered_at is not None)
        back = _back_to_room(self.visit, self.meeting) if self.is_room else ""
        return [QuestionRow(each, slug, day, back=back, is_now=each.pk == now) for each in ordered]

    def _now(self) -> int | None:
        """Return the question that an organiser called up last, while the group meets."""
        if self.meeting.phase != Phase.LIVE:
            return None
        begun = self.meeting.starts_at - timedelta(minutes=30)
        called = [
            (each.chosen_at, each.pk)
            for each in self.questions
            if each.chosen_at and each.chosen_at >= begun and not each.answered_at
        ]
        return max(called)[1] if called else None

    @property
    def is_live(self) -> bool:
        return self.meeting.phase == Phase.LIVE

    @property
    def may_vote(self) -> bool:
        return self.visit.is_member and not self.visit.group.is_closed

    @property
    def may_ask(self) -> bool:
        return self.may_vote and not self.meeting.is_off

    @property
    def may_mark(self) -> bool:
        return _may_run(self.visit)


@dataclass(frozen=True)
class HerePanel:
    """Who is in the room, as they said themselves or an organiser noted."""

    visit: Visit
    meeting: Meeting
    count: int
    members: Sequence[User]

    @property
    def more(self) -> int:
        return self.count - len(self.members)

    @property
    def own_here(self) -> SafeString:
        return mark("whilehere")

    @property
    def own_away(self) -> SafeString:
        return mark("whileaway")

    @property
    def check_in_url(self) -> str:
        url = _url("groups:check_in", self.visit, self.meeting)
        return f"{url}{_back_to_room(self.visit, self.meeting)}"

    @property
    def may_check_in(self) -> bool:
        return (
            self.visit.is_member
            and not self.visit.group.is_closed
            and self.meeting.phase == Phase.LIVE
        )


def agenda_panel(visit: Visit, meeting: Meeting, *, is_room: bool = False) -> AgendaPanel:
    """Return the agenda for groups/_agenda.html: one query."""
    return AgendaPanel(visit, meeting, list(AgendaItem.objects.filter(meeting=meeting)), is_room)


def questions_panel(visit: Visit, meeting: Meeting, *, is_room: bool = False) -> QuestionsPanel:
    """Return the questions for groups/_questions.html: one query."""
    found = Question.objects.filter(meeting=meeting).select_related("asked_by", "section")
    return QuestionsPanel(visit, meeting, list(found.order_by("-vote_count", "id")), is_room)


def here_panel(visit: Visit, meeting: Meeting) -> HerePanel:
    """Return who is in the room for groups/_here.html: two queries."""
    count = Attendance.objects.filter(meeting=meeting).aggregate(count=Count("id"))["count"]
    members = User.objects.filter(attendances__meeting=meeting).order_by("-attendances__id")
    return HerePanel(visit, meeting, count, list(members[:HERE_SHOWN]))


def own_marks(
    visit: Visit,
    meeting: Meeting,
    *,
    sections: Sequence[Section] = (),
    progress: Progress | None = None,
) -> Own:
    """Return what is the reader's own: two queries for a member, none for others."""
    zone = timezone.get_current_timezone()
    if not visit.is_member:
        is_signed_in = visit.reader.is_authenticated
        return Own(zone=zone if is_signed_in else ZoneInfo(meeting.zone))
    votes = QuestionVote.objects.filter(question__meeting=meeting, member_id=visit.reader.pk)
    here = Attendance.objects.filter(meeting=meeting, member_id=visit.reader.pk)
    return Own(
        zone=zone,
        voted=frozenset(votes.values_list("question_id", flat=True)),
        unread=spoilers.unread_sections(
            sections=sections, progress=progress, membership=visit.membership
        ),
        is_here=here.exists(),
    )


def _may_run(visit: Visit) -> bool:
    return visit.is_running and not visit.group.is_closed


def _back_to_room(visit: Visit, meeting: Meeting) -> str:
    return f"?{urlencode({'next': _url('groups:live_page', visit, meeting)})}"


def _url(name: str, visit: Visit, meeting: Meeting) -> str:
    return reverse(name, args=[visit.group.slug, meeting.occurs_on])
