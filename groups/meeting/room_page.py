"""The live page of a meeting: rendered once for everybody, with each reader's own put in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone

from common.remembering import shared_by_key
from groups import pulse
from groups.meeting.minutes.page import minutes_panel
from groups.meeting.page import MeetingPage
from groups.meeting.progress import progress as keeping
from groups.meeting.progress import spoilers
from groups.meeting.room import agenda_panel, here_panel, own_marks, questions_panel

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from groups.access import Visit
    from groups.meeting.own_marks import Own
    from groups.schedule.models import Meeting


class Parts(NamedTuple):
    """What of the room changes while one looks, each a part of the page with its own id."""

    here: str
    agenda: str
    questions: str
    minutes: str


@dataclass
class RoomPage:
    """The room for one member."""

    visit: Visit
    meeting: Meeting
    # What it is a picture of: read before all the rest, so that it is never newer.
    state: str

    @cached_property
    def page(self) -> MeetingPage:
        """What stands around the room."""
        return MeetingPage(self.visit, self.meeting, is_room=True)

    @property
    def now(self) -> datetime:
        """Our clock, by which the room counts minutes."""
        return timezone.now()

    @cached_property
    def own(self) -> Own:
        membership = self.visit.membership
        if membership is None or not membership.folds_ahead:
            return own_marks(self.visit, self.meeting)
        return own_marks(
            self.visit,
            self.meeting,
            sections=spoilers.sections_of(self.meeting),
            progress=keeping.own_progress(self.meeting, membership.member),
        )

    @cached_property
    def parts(self) -> Parts:
        """The parts as this reader sees them: rendered once for each state and each role."""
        role = "organiser" if self.visit.is_running else "member"
        closed = "closed" if self.visit.group.is_closed else "open"
        key = f"room-{self.meeting.pk}-{self.state}-{role}-{closed}"
        common = shared_by_key(key, self._render)
        return Parts(*(self.own.put_into(part) for part in common))

    def _render(self) -> Parts:
        visit, meeting = self.visit, self.meeting
        return Parts(
            here=_rendered("_here", here=here_panel(visit, meeting)),
            agenda=_rendered("_agenda", agenda=agenda_panel(visit, meeting, is_room=True)),
            questions=_rendered(
                "_questions", questions=questions_panel(visit, meeting, is_room=True)
            ),
            minutes=_rendered("_live_minutes", minutes=minutes_panel(visit, meeting)),
        )


def room_page(visit: Visit, meeting: Meeting) -> RoomPage:
    """Return the room for a member, as it is now: one query before its parts."""
    found = pulse.look(member_id=visit.reader.pk or 0, slug=visit.group.slug, day=meeting.occurs_on)
    return RoomPage(visit, meeting, found.state if found else "")


def _rendered(name: str, **context: object) -> SafeString:
    # Without the request: what it holds is one reader's.
    return render_to_string(f"groups/{name}.html", context)
