"""The live page of a meeting, read once for everybody who has it open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.jinja import render_fragment
from common.remembering import shared
from groups.attendance.models import Attendance
from groups.meeting import pulse
from groups.meeting.agenda.models import AgendaItem
from groups.meeting.minutes.models import Minutes
from groups.meeting.minutes.page import below_h2
from groups.meeting.page import MeetingPage
from groups.meeting.questions.page import questions_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString

    from groups.access import Visit
    from groups.meeting.questions.models import Question
    from groups.schedule.models import Meeting

HERE_SHOWN = 12


class RoomContent(NamedTuple):
    """The part of the room that is the same for everybody."""

    agenda_items: Sequence[AgendaItem]
    questions: Sequence[Question]
    here_count: int
    here_names: Sequence[str]
    minutes_html: str


@shared
def room_content(meeting_id: int, state: str) -> RoomContent:
    """Return the room's content in a state of `pulse.look`: five queries."""
    here = User.objects.filter(attendances__meeting=meeting_id).order_by("-attendances__id")
    minutes = Minutes.objects.filter(meeting=meeting_id).exclude(text="").first()
    return RoomContent(
        agenda_items=list(AgendaItem.objects.filter(meeting=meeting_id)),
        questions=questions_of(meeting_id),
        here_count=Attendance.objects.filter(meeting=meeting_id).count(),
        here_names=[member.display_name for member in here[:HERE_SHOWN]],
        minutes_html=below_h2(minutes.html) if minutes else "",
    )


@dataclass
class RoomPage(MeetingPage):
    """The room for one member."""

    is_room: bool = True
    # The state it shows: read before everything else, so that it is never too new.
    state: str = ""

    @cached_property
    def content(self) -> RoomContent:
        return room_content(self.meeting.pk, self.state)

    @property
    def agenda_items(self) -> Sequence[AgendaItem]:
        return self.content.agenda_items

    @property
    def questions(self) -> Sequence[Question]:
        return self.content.questions

    @property
    def now(self) -> datetime:
        """Return the server's time, by which the room counts minutes."""
        return timezone.now()

    @property
    def here_html(self) -> SafeString:
        return render_fragment("groups/_here.jinja", room=self)

    @property
    def unnamed_count(self) -> int:
        return self.content.here_count - len(self.content.here_names)

    @property
    def is_here(self) -> bool:
        here = Attendance.objects.filter(meeting=self.meeting, member_id=self.visit.reader.pk)
        return here.exists()

    @property
    def may_check_in(self) -> bool:
        return self.visit.is_member and not self.visit.group.is_closed and self.is_live

    @property
    def check_in_url(self) -> str:
        args = [self.visit.group.slug, self.meeting.occurs_on]
        return reverse("groups:check_in", args=args) + self.back


def room_page(visit: Visit, meeting: Meeting) -> RoomPage:
    """Return the current room for a member: one query before its parts."""
    found = pulse.look(member_id=visit.reader.pk or 0, slug=visit.group.slug, day=meeting.occurs_on)
    return RoomPage(visit, meeting, state=found.state if found else "")
