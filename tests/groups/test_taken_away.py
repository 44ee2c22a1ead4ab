"""A meeting, or a question, that an organiser took away while somebody had its page open."""

from __future__ import annotations

import uuid

import pytest
from django.http import Http404

from groups.attendance import answers, attendance, survey
from groups.ballots import picking
from groups.meeting.agenda import agenda
from groups.meeting.progress import progress
from groups.meeting.questions import questions
from groups.models import Question, SeatKind
from groups.rota import seats
from tests.builders import make_paper
from tests.groups.builders import make_question

pytestmark = pytest.mark.django_db

ACTS = {
    "answer": lambda meeting, owner: answers.answer(meeting=meeting, member=owner, answer="going"),
    "note": lambda meeting, owner: attendance.note_attendance(
        meeting=meeting, by=owner, member_ids=[owner.pk]
    ),
    "check in": lambda meeting, owner: attendance.check_in(meeting=meeting, member=owner),
    "survey": lambda meeting, owner: survey.answer(meeting=meeting, member=owner, answer="yes"),
    "seat": lambda meeting, owner: seats.take_seat(
        meeting=meeting, kind=SeatKind.objects.get(), member=owner
    ),
    "pick": lambda meeting, owner: picking.pick(
        meeting=meeting, by=owner, paper=make_paper(), reason="It is short."
    ),
    "agenda": lambda meeting, owner: agenda.set_agenda(meeting=meeting, by=owner, points=[]),
    "ask": lambda meeting, owner: questions.ask(
        meeting=meeting, member=owner, text="Why?", key=uuid.uuid4()
    ),
    "sections": lambda meeting, owner: progress.set_sections(
        meeting=meeting, by=owner, titles=["One"]
    ),
    "progress": lambda meeting, owner: progress.set_progress(
        meeting=meeting, member=owner, state="read"
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_meeting_that_a_changed_rule_took_away_is_not_found(act, meeting, owner):
    type(meeting).objects.filter(pk=meeting.pk).delete()

    with pytest.raises(Http404):
        ACTS[act](meeting, owner)


def test_a_question_that_was_removed_takes_no_vote(meeting, owner):
    question = make_question(meeting)
    Question.objects.filter(pk=question.pk).delete()

    with pytest.raises(Http404):
        questions.vote(question=question, member=owner, wants=True)
