"""The survey after a meeting: one question.

Members see the results once there are enough answers that nobody can be identified. Organisers see
them at once, and the comments too, without names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from common.refusals import Refused
from groups import access
from groups.attendance.models import SurveyAnswer
from groups.membership.models import Membership
from groups.schedule.models import Meeting, Phase

if TYPE_CHECKING:
    from accounts.models import User

# With fewer answers, members could tell who gave which.
SHOWN_FROM = 3
# Afterwards answers can no longer change.
OPEN_FOR = timedelta(days=60)


@dataclass(frozen=True)
class SurveyResult:
    """An answer and how many gave it."""

    label: str
    count: int


def is_over(meeting: Meeting) -> bool:
    has_ended = meeting.ends_at <= timezone.now()
    return meeting.phase == Phase.HELD or (meeting.is_upcoming and has_ended)


def is_open(meeting: Meeting) -> bool:
    """Return whether the meeting is over and still takes survey answers."""
    return is_over(meeting) and timezone.now() < meeting.ends_at + OPEN_FOR


@transaction.atomic
def answer(*, meeting: Meeting, member: User, answer: str, words: str = "") -> SurveyAnswer:
    """Save or change a member's answer."""
    locked = access.lock_meeting(meeting.pk)
    if not is_open(locked):
        raise Refused("You can answer for 60 days after the meeting.")
    if not Membership.objects.filter(group=locked.group_id, member=member).exists():
        raise Refused("Only members of the group can answer.")
    given, _ = SurveyAnswer.objects.update_or_create(
        meeting=locked,
        member=member,
        defaults={"answer": answer, "words": words, "at": timezone.now()},
    )
    return given


def results(meeting: Meeting) -> list[SurveyResult]:
    """Return the number of each answer. One query."""
    counted = meeting.survey_answers.values_list("answer").annotate(Count("pk"))
    counts = dict(counted.order_by("answer"))
    return [
        SurveyResult(label=str(kind.label), count=counts.get(kind.value, 0))
        for kind in SurveyAnswer.Answer
    ]


def words(meeting: Meeting) -> list[str]:
    """Return the comments, in an order that does not reveal their authors. One query."""
    written = meeting.survey_answers.exclude(words="")
    return list(written.order_by("words", "pk").values_list("words", flat=True))
