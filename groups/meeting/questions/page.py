"""The questions on a meeting's page and in the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from common.jinja import RememberedFragment
from groups.meeting.questions.models import Question
from groups.schedule.models import Phase

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from django.utils.safestring import SafeString

    from groups.access import Visit
    from groups.schedule.models import Meeting


class QuestionContent(NamedTuple):
    """Everything that a question shows. Hashable, because it is the cache key."""

    slug: str
    day: date
    pk: int
    # In the room, the query string of links: where to return afterwards.
    back: str
    html: str
    asked_by: str
    # The section it is about: "section 3, Results".
    about: str
    vote_count: int
    is_prompt: bool
    is_chosen: bool
    is_answered: bool
    is_current: bool
    is_live: bool
    is_voted: bool
    is_unread: bool
    may_vote: bool
    may_mark: bool


@dataclass(frozen=True)
class QuestionsPanel:
    """Questions for one reader; for groups/_questions.jinja."""

    visit: Visit
    meeting: Meeting
    # By votes, with answered questions last.
    questions: Sequence[Question]
    # Ids of the questions that the reader voted for, and of the sections folded for them.
    voted: Collection[int]
    unread: Collection[int]
    back: str = ""

    def html_of(self, question: Question) -> SafeString:
        """Return the HTML of one question, with the reader's options."""
        content = QuestionContent(
            slug=self.visit.group.slug,
            day=self.meeting.occurs_on,
            pk=question.pk,
            back=self.back,
            html=question.html,
            asked_by=question.asked_by.display_name if question.asked_by else "",
            about=question.section.label if question.section else "",
            vote_count=question.vote_count,
            is_prompt=question.is_prompt,
            is_chosen=question.chosen_at is not None,
            is_answered=question.answered_at is not None,
            is_current=question.pk == self.current_id,
            is_live=self.is_live,
            is_voted=question.pk in self.voted,
            is_unread=question.section_id in self.unread,
            may_vote=self.may_vote,
            may_mark=self.may_mark,
        )
        return _question_html(question=content)

    @cached_property
    def current_id(self) -> int | None:
        """Return the id of the question under discussion, during the meeting."""
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


# Everybody in a room requests the same questions at once.
_question_html = RememberedFragment("groups/_question.jinja", size=2048)


def questions_of(meeting: Meeting | int) -> list[Question]:
    """Return a meeting's questions in the order of the page: one query."""
    found = Question.objects.filter(meeting=meeting).select_related("asked_by", "section")
    ordered = found.order_by("-vote_count", "id")
    return sorted(ordered, key=lambda each: each.answered_at is not None)
