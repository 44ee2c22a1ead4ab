"""The page of a meeting for one reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from common.jinja import render_fragment
from discussions.thread.page import ThreadView
from discussions.thread.rows import ThreadQuery
from groups.meeting.agenda.models import AgendaItem
from groups.meeting.agenda.page import AgendaPanel
from groups.meeting.progress import progress as keeping
from groups.meeting.progress import spoilers
from groups.meeting.progress.page import ProgressPanel, progress_panel
from groups.meeting.questions.forms import QuestionForm
from groups.meeting.questions.models import QuestionVote
from groups.meeting.questions.page import QuestionsPanel, questions_of
from groups.schedule.models import OFF, Meeting, MeetingPaper, Phase
from groups.series.models import SeriesPart

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from django.db import models

    from groups.access import Visit
    from groups.meeting.progress.models import Progress, Section
    from groups.meeting.questions.models import Question
    from papers.models import Paper

_PAPER_COLUMNS = (
    "paper__source",
    "paper__external_id",
    "paper__title_html",
    "paper__title_text",
    "paper__lead_authors",
    "paper__author_count",
    "paper__withdrawn_at",
    "paper__pdf_url",
)


@dataclass
class MeetingPage:
    """A meeting for one reader, in a constant number of queries."""

    visit: Visit
    meeting: Meeting
    query: ThreadQuery = field(default_factory=ThreadQuery)
    # The submitted form.
    question_form: QuestionForm | None = None
    # Whether it is the room, to which actions then return.
    is_room: bool = False

    # Paper and title ---------------------------------------------------------------------

    @cached_property
    def papers(self) -> list[Paper]:
        readings = MeetingPaper.objects.filter(meeting=self.meeting).select_related("paper")
        return [each.paper for each in readings.only("meeting", "position", *_PAPER_COLUMNS)]

    @cached_property
    def part(self) -> SeriesPart | None:
        parts = SeriesPart.objects.filter(meeting=self.meeting)
        return parts.select_related("series__paper").first()

    @property
    def title(self) -> str:
        if self.meeting.title:
            return self.meeting.title
        if self.papers:
            return self.papers[0].title_text
        return self.part.title if self.part else ""

    @property
    def title_html(self) -> SafeString | str:
        """Return the heading's title: a paper's includes its formulas."""
        if not self.meeting.title and self.papers:
            return mark_safe(self.papers[0].title_html)  # noqa: S308 - papers.rendering's
        return self.title

    @property
    def no_title(self) -> str:
        """Return the heading of a meeting without a paper."""
        coming = self.meeting.is_upcoming and self.meeting.phase != Phase.LIVE
        return "No paper chosen yet" if coming else "A meeting without a paper"

    @cached_property
    def sections(self) -> list[Section]:
        return spoilers.sections_of(self.meeting)

    # Where to attend -----------------------------------------------------------------------

    @property
    def join_url(self) -> str:
        """Return the join link: for members only, until the meeting ends."""
        if not self.visit.is_member or not self.meeting.is_upcoming:
            return ""
        return self.meeting.join_url or self.visit.group.join_url

    @property
    def place(self) -> str:
        if not self.visit.is_member:
            return ""
        return self.meeting.place or self.visit.group.place

    @property
    def is_live(self) -> bool:
        return self.meeting.phase == Phase.LIVE

    @property
    def has_room(self) -> bool:
        """Return whether the reader may use the room."""
        return self.visit.is_member and not self.meeting.is_off

    @property
    def is_written_open(self) -> bool:
        until = self.meeting.written_until
        return until is not None and until > timezone.now()

    # Previous and next meeting ---------------------------------------------------------------

    @cached_property
    def before(self) -> Meeting | None:
        earlier = self._others().filter(starts_at__lt=self.meeting.starts_at)
        return self._in_group(earlier.order_by("-starts_at", "-id").first())

    @cached_property
    def after(self) -> Meeting | None:
        later = self._others().filter(starts_at__gt=self.meeting.starts_at)
        return self._in_group(later.order_by("starts_at", "id").first())

    def _others(self) -> models.QuerySet[Meeting]:
        return Meeting.objects.filter(group=self.visit.group).exclude(phase__in=OFF)

    def _in_group(self, meeting: Meeting | None) -> Meeting | None:
        if meeting is not None:
            meeting.group = self.visit.group
        return meeting

    # The reader's own state -------------------------------------------------------------------

    @cached_property
    def own_progress(self) -> Progress | None:
        if not self.visit.is_member or not self.visit.reader.is_authenticated:
            return None
        return keeping.own_progress(self.meeting, self.visit.reader)

    @property
    def zone(self) -> tzinfo:
        """Return the reader's time zone: the meeting's for visitors."""
        is_signed_in = self.visit.reader.is_authenticated
        return timezone.get_current_timezone() if is_signed_in else ZoneInfo(self.meeting.zone)

    @property
    def unread(self) -> set[int]:
        """Return the ids of the sections that are folded for the reader."""
        membership = self.visit.membership
        if membership is None or not membership.folds_ahead:
            return set()
        read = spoilers.read_sections(self.sections, self.own_progress)
        return {section.pk for section in self.sections} - read

    @property
    def voted(self) -> set[int]:
        """Return the ids of the questions that the reader voted for: one query for a member."""
        if not self.visit.is_member:
            return set()
        votes = QuestionVote.objects.filter(
            question__meeting=self.meeting, member_id=self.visit.reader.pk
        )
        return set(votes.values_list("question_id", flat=True))

    # Parts -----------------------------------------------------------------------------------

    @property
    def agenda_items(self) -> Sequence[AgendaItem]:
        return list(AgendaItem.objects.filter(meeting=self.meeting))

    @property
    def questions(self) -> Sequence[Question]:
        return questions_of(self.meeting)

    @property
    def agenda_html(self) -> SafeString:
        agenda = AgendaPanel(
            self.visit, self.meeting, self.agenda_items, zone=self.zone, back=self.back
        )
        return render_fragment("groups/_agenda.jinja", agenda=agenda)

    @property
    def questions_html(self) -> SafeString:
        panel = self._questions_panel(self.questions)
        return render_fragment("groups/_questions.jinja", questions=panel)

    def one_question_html(self, question: Question) -> SafeString:
        """Return the HTML of one question, with the reader's options."""
        return self._questions_panel([question]).html_of(question)

    def _questions_panel(self, questions: Sequence[Question]) -> QuestionsPanel:
        return QuestionsPanel(
            self.visit,
            self.meeting,
            questions,
            voted=self.voted,
            unread=self.unread,
            back=self.back,
        )

    @property
    def may_ask(self) -> bool:
        visit = self.visit
        return visit.is_member and not visit.group.is_closed and not self.meeting.is_off

    @property
    def ask_url(self) -> str:
        return self._url("groups:question_create") + self.back

    @cached_property
    def ask_form(self) -> QuestionForm:
        return self.question_form or QuestionForm(
            sections=self.sections, may_prompt=self.visit.is_running
        )

    @cached_property
    def progress(self) -> ProgressPanel:
        return progress_panel(
            self.visit, self.meeting, sections=self.sections, own=self.own_progress
        )

    @cached_property
    def thread(self) -> ThreadView:
        return ThreadView(
            thread=self.meeting.thread,
            url=self.url,
            reader=self.visit.reader,
            query=self.query,
        )

    # URLs -------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return self._url("groups:meeting_page")

    @property
    def back(self) -> str:
        """Return the query string that leads back to the room."""
        return f"?{urlencode({'next': self.live_url})}" if self.is_room else ""

    @property
    def live_url(self) -> str:
        return self._url("groups:live_page")

    @property
    def organising(self) -> list[tuple[str, str]]:
        """Return the labels and URLs of an organiser's actions on the meeting."""
        if not self.visit.is_running or self.visit.group.is_closed:
            return []
        acts = [
            ("Edit", "groups:meeting_edit"),
            ("Agenda", "groups:agenda_edit"),
            ("Sections to read", "groups:section_edit"),
            ("Next step", "groups:meeting_advance"),
            ("Move", "groups:meeting_move"),
            ("Cancel", "groups:meeting_off"),
            ("Attendance", "groups:attendance_edit"),
        ]
        if self.meeting.is_off:
            acts = [("Edit", "groups:meeting_edit"), ("Restore", "groups:meeting_off")]
        elif not self.meeting.is_upcoming:
            gone = {"groups:meeting_advance", "groups:meeting_move", "groups:meeting_off"}
            acts = [act for act in acts if act[1] not in gone]
        return [(label, self._url(name)) for label, name in acts]

    def _url(self, name: str) -> str:
        return reverse(name, args=[self.visit.group.slug, self.meeting.occurs_on])
