"""Questions for a meeting: members ask and vote, organisers say what comes to the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.utils import timezone

from common.rate_limits import RateLimit
from common.refusals import Refused
from discussions.comments import rendering
from discussions.markdown.comment_text import TextError
from groups import access
from groups.meeting import pulse
from groups.meeting.progress.models import Section
from groups.meeting.questions.models import Question, QuestionVote

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from groups.schedule.models import Meeting

ASK = RateLimit("question", per_minute=4, burst=10)
VOTE = RateLimit("question-vote", per_minute=60, burst=60)

MAX_LENGTH = 1000
# All are shown at once, on the page and in the room.
MAX_QUESTIONS = 200


class OrganiserMark(models.TextChoices):
    """What an organiser makes of a question."""

    CHOOSE = "choose", "For the meeting"
    UNCHOOSE = "unchoose", "Not for the meeting"
    # It is talked about at this moment.
    NOW = "now", "Now"
    ANSWER = "answer", "Answered"
    REOPEN = "reopen", "Not answered"


def ask(
    *,
    meeting: Meeting,
    member: User,
    text: str,
    key: UUID,
    section_id: int | None = None,
    is_prompt: bool = False,
) -> Question:
    """Add a question to a meeting, once for each key."""
    # Before the lock: the slowest part keeps nobody waiting.
    html, rendered_with = _render(text)
    with transaction.atomic():
        meeting = access.lock_meeting(meeting.pk)
        earlier = Question.objects.filter(meeting=meeting, key=key).first()
        if earlier is not None:
            return earlier
        if meeting.is_off:
            raise Refused("There is no meeting on this day.")
        if Question.objects.filter(meeting=meeting).count() >= MAX_QUESTIONS:
            raise Refused(
                f"There are {MAX_QUESTIONS} questions already. Vote for the one nearest to yours."
            )
        question = Question.objects.create(
            meeting=meeting,
            asked_by=member,
            text=text.strip(),
            html=html,
            rendered_with=rendered_with,
            section=_section(meeting, section_id),
            is_prompt=is_prompt,
            key=key,
        )
        pulse.beat(meeting.pk)
    return question


@transaction.atomic
def vote(*, question: Question, member: User, wants: bool) -> None:
    """Vote for a question, or take the vote back. A second press changes nothing."""
    # Locked, so that nobody removes it in between; an organiser may have removed it before.
    get_object_or_404(Question.objects.select_for_update(no_key=True), pk=question.pk)
    votes = QuestionVote.objects.filter(question=question, member=member)
    if wants == votes.exists():
        return
    if wants:
        QuestionVote.objects.create(question=question, member=member)
    else:
        votes.delete()
    change = 1 if wants else -1
    Question.objects.filter(pk=question.pk).update(vote_count=F("vote_count") + change)
    pulse.beat(question.meeting_id)


@transaction.atomic
def mark(*, question: Question, as_: OrganiserMark) -> None:
    """Say that a question is for the meeting, talked about, or answered."""
    now = timezone.now()
    changes: dict[OrganiserMark, dict[str, object]] = {
        OrganiserMark.CHOOSE: {"chosen_at": question.chosen_at or now},
        OrganiserMark.UNCHOOSE: {"chosen_at": None},
        OrganiserMark.NOW: {"chosen_at": now, "answered_at": None},
        OrganiserMark.ANSWER: {"answered_at": question.answered_at or now},
        OrganiserMark.REOPEN: {"answered_at": None},
    }
    if Question.objects.filter(pk=question.pk).update(**changes[as_]):
        pulse.beat(question.meeting_id)


@transaction.atomic
def remove(*, question: Question) -> None:
    """Take a question away, with the votes for it."""
    if Question.objects.select_for_update().filter(pk=question.pk).delete()[0]:
        pulse.beat(question.meeting_id)


def _section(meeting: Meeting, section_id: int | None) -> Section | None:
    if section_id is None:
        return None
    return Section.objects.filter(meeting=meeting, pk=section_id).first()


def _render(text: str) -> tuple[str, int]:
    if len(text) > MAX_LENGTH:
        raise Refused(f"A question can have up to {MAX_LENGTH:,} characters.")
    try:
        rendered = rendering.render(text)
    except TextError as error:
        raise Refused(str(error)) from error
    return rendered.html, rendered.rendered_with
