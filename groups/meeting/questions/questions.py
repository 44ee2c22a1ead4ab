"""Questions for a meeting: members ask and vote, organisers choose what is discussed."""

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
# The page and the room show all of them.
MAX_QUESTIONS = 200


class OrganiserMark(models.TextChoices):
    """An organiser's mark on a question."""

    CHOOSE = "choose", "Pick for the meeting"
    UNCHOOSE = "unchoose", "Remove from the meeting"
    # It is under discussion.
    NOW = "now", "Discuss now"
    ANSWER = "answer", "Mark as answered"
    REOPEN = "reopen", "Reopen"


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
    # Render before taking the lock: it is the slowest part.
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
                f"There are {MAX_QUESTIONS} questions already. Vote for one that is close to yours."
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
    """Vote for a question, or remove the vote. Repeating it changes nothing."""
    # Locked, so that nobody deletes it meanwhile; an organiser may have deleted it before.
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
    """Mark a question as chosen for the meeting, under discussion, or answered."""
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
    """Delete a question with its votes."""
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
