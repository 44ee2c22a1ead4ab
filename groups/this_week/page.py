"""The front page of a group: upcoming meetings, open ballots and past meetings."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce

from groups.archive import page as archive
from groups.archive import statistics
from groups.attendance.page import rsvp_panel
from groups.ballots import pool
from groups.ballots.page import ballot_panel
from groups.meeting.progress.progress import group_progress
from groups.meeting.questions.models import Question
from groups.membership.models import JoinRequest
from groups.membership.page import JoinPanel
from groups.rota.page import rota_panel
from groups.schedule import schedules
from groups.schedule.models import Meeting, MeetingPaper, Phase
from groups.scheduling import rules

if TYPE_CHECKING:
    from groups.access import Visit
    from groups.archive.page import PastMeetings
    from groups.archive.statistics import TurnOut
    from groups.attendance.page import RsvpPanel
    from groups.ballots.page import BallotPanel
    from groups.ballots.pool import PoolRow
    from groups.meeting.progress.progress import GroupProgress
    from groups.rota.page import RotaPanel

# Upcoming meetings in the rota.
COMING = 4
READ_BEFORE = 5
NOMINATIONS = 3
BALLOTS = 2


class ThisWeek:
    """The page for one reader: at most 30 queries, however large the group is."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.meetings = _coming(visit)

    @property
    def next(self) -> Meeting | None:
        return self.meetings[0] if self.meetings else None

    @cached_property
    def rule(self) -> str:
        """Return the rule in words; "" without a rule."""
        schedule = schedules.current(self.visit.group)
        return rules.describe(rules.rule_of(schedule)) if schedule else ""

    @cached_property
    def rsvp(self) -> RsvpPanel | None:
        return rsvp_panel(self.visit, self.next) if self.next else None

    @cached_property
    def progress(self) -> GroupProgress | None:
        """Return the shared progress with the next meeting's reading: for members."""
        if self.next is None or not self.visit.is_member:
            return None
        progress = group_progress(self.next, ())
        return progress if progress.read_count or progress.begun_count else None

    @cached_property
    def ballots(self) -> list[BallotPanel]:
        voting = [each for each in self.meetings if each.phase == Phase.VOTING]
        # More ballots overlap only if the cycle is longer than the weeks between meetings.
        panels = (ballot_panel(self.visit, each) for each in voting[:BALLOTS])
        return [panel for panel in panels if panel is not None]

    @property
    def nominating(self) -> Meeting | None:
        """Return the first meeting that takes nominations."""
        return next((each for each in self.meetings if each.phase == Phase.NOMINATING), None)

    @cached_property
    def nominations(self) -> list[PoolRow]:
        """Return the first open nominations, without those on a ballot, which are shown there."""
        return [] if self.ballots else pool.standing(self.visit, NOMINATIONS)

    @cached_property
    def rota(self) -> RotaPanel:
        return rota_panel(self.visit, self.meetings)

    @cached_property
    def past(self) -> PastMeetings:
        return archive.past(self.visit, limit=READ_BEFORE)

    @cached_property
    def turn_out(self) -> TurnOut | None:
        return statistics.turn_out(self.visit.group)

    @cached_property
    def join_panel(self) -> JoinPanel | None:
        return None if self.visit.is_member else JoinPanel(self.visit)

    @cached_property
    def requests_waiting(self) -> int:
        """Return the number of undecided requests to join, for organisers."""
        if not self.visit.is_running:
            return 0
        return JoinRequest.objects.waiting().filter(group=self.visit.group).count()

    @property
    def open_seats(self) -> list[str]:
        """Return the names of the seats that members can still take at the next meeting."""
        lines = self.rota.rows[0].lines if self.rota.rows else []
        return [line.kind.name for line in lines if not line.seat and line.is_coming]

    @property
    def needs_a_presenter(self) -> bool:
        """Return whether the presenter's seat of the next meeting is free, until it begins."""
        presenter = self.rota.rows[0].presenter if self.rota.rows else None
        return presenter is not None and presenter.is_coming and not presenter.seat

    @property
    def needs_a_paper(self) -> bool:
        """Return whether the next meeting is about to begin without anything to read."""
        following = self.next
        return following is not None and following.phase == Phase.READY and not titles(following)


def titles(meeting: Meeting) -> list[str]:
    """Return the titles of a meeting's prefetched papers, or else the meeting's own title."""
    own = [meeting.title] if meeting.title else []
    return [reading.paper.title_text for reading in meeting.readings.all()] or own


def _coming(visit: Visit) -> list[Meeting]:
    """Return the next meetings with their papers and question counts: two queries."""
    asked = Question.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    counted = asked.annotate(count=Count("pk")).values("count")
    meetings = (
        Meeting.objects.filter(group=visit.group)
        .upcoming()
        .select_related("thread", "series_part__series")
        .annotate(question_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
        .prefetch_related(Prefetch("readings", MeetingPaper.objects.select_related("paper")))
    )
    found = list(meetings[:COMING])
    for meeting in found:
        meeting.group = visit.group
    return found
