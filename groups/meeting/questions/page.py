"""The questions for a meeting as its page and the room show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from groups.meeting.questions.models import Question
from groups.schedule.models import Phase

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from groups.access import Visit
    from groups.schedule.models import Meeting


@dataclass(frozen=True)
class QuestionsPanel:
    """Questions for one reader; for groups/_questions.jinja and groups/_question.jinja."""

    visit: Visit
    meeting: Meeting
    # By votes, and those that were answered last.
    questions: Sequence[Question]
    # Ids of the questions that the reader voted for, and of the sections folded for them.
    voted: Collection[int]
    unread: Collection[int]
    # The query of the addresses, in the room: where one is led when it is done.
    back: str = ""

    @cached_property
    def current_id(self) -> int | None:
        """The question that an organiser called up last, while the group meets."""
        if not self.is_live:
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
        return self.visit.is_running and not self.visit.group.is_closed


def questions_of(meeting: Meeting | int) -> list[Question]:
    """Return a meeting's questions in the order of the page: one query."""
    found = Question.objects.filter(meeting=meeting).select_related("asked_by", "section")
    ordered = found.order_by("-vote_count", "id")
    return sorted(ordered, key=lambda each: each.answered_at is not None)
