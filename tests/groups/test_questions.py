"""Questions for a meeting: asked once, voted for once, marked by organisers."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from common.refusals import Refused
from groups.meeting.questions import questions
from groups.meeting.questions.questions import OrganiserMark
from groups.models import Meeting, Pulse, Question, QuestionVote, Section
from tests.builders import make_user
from tests.groups.builders import make_meeting, make_membership, make_question
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


def beat_of(meeting):
    return Pulse.objects.filter(meeting=meeting).values_list("beat", flat=True).first() or 0


def ask(client, meeting, text="Why **so**?", **fields):
    fields = {"text": text, "key": str(uuid.uuid4())} | fields
    return client.post(f"{meeting.get_absolute_url()}/questions", fields)


def test_a_member_asks_in_markdown(member_client, meeting):
    response = ask(member_client, meeting)

    question = Question.objects.get()
    assert response["Location"] == f"{meeting.get_absolute_url()}#question-{question.pk}"
    assert "<strong>so</strong>" in question.html
    assert beat_of(meeting) == 1


def test_a_guest_asks_too(group, meeting):
    guest = make_membership(group, role="guest").member

    assert ask(client_for(guest), meeting).status_code == 302


def test_a_question_holds_no_html_of_its_own(member_client, meeting):
    ask(member_client, meeting, "<script>alert(1)</script>")

    assert "<script>" not in Question.objects.get().html
    assert "<script>alert" not in member_client.get(meeting.get_absolute_url()).text


def test_a_form_that_comes_twice_asks_once(member_client, meeting):
    key = str(uuid.uuid4())
    ask(member_client, meeting, key=key)
    ask(member_client, meeting, key=key)

    assert Question.objects.count() == 1
    assert beat_of(meeting) == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_a_refused_question_comes_back_with_its_text(member_client, meeting, text):
    response = ask(member_client, meeting, text)

    assert response.status_code == 422
    assert text.strip() in response.text
    assert not Question.objects.exists()


def test_a_meeting_that_is_off_takes_no_question(member_client, group):
    meeting = make_meeting(group, phase="cancelled")

    assert ask(member_client, meeting).status_code == 422


def test_there_is_an_end_to_questions(meeting, monkeypatch):
    monkeypatch.setattr(questions, "MAX_QUESTIONS", 1)
    make_question(meeting)

    with pytest.raises(Refused, match="close to yours"):
        questions.ask(meeting=meeting, member=make_user(), text="One more?", key=uuid.uuid4())


def test_asking_too_often_keeps_the_text(member_client, meeting):
    answers = [ask(member_client, meeting, f"Question {at}?") for at in range(11)]

    assert answers[-1].status_code == 422
    assert "Your text was kept" in answers[-1].text
    assert "Question 10?" in answers[-1].text


def test_only_organisers_put_prompts(owner_client, member_client, meeting):
    ask(owner_client, meeting, "Prompt?", is_prompt="on")
    ask(member_client, meeting, "No prompt?", is_prompt="on")

    assert list(Question.objects.order_by("id").values_list("is_prompt", flat=True)) == [
        True, False,
    ]  # fmt: skip


def test_a_question_is_about_a_section_of_its_own_meeting(member_client, group, meeting):
    other = make_meeting(group, day=meeting.day.replace(year=2030))
    own = Section.objects.create(meeting=meeting, position=1, title="Methods")
    foreign = Section.objects.create(meeting=other, position=1, title="Elsewhere")

    assert ask(member_client, meeting, section=own.pk).status_code == 302
    assert ask(member_client, meeting, section=foreign.pk).status_code == 422
    assert Question.objects.get().section == own


def test_votes_are_counted_once(member_client, meeting):
    question = make_question(meeting)
    url = f"{meeting.get_absolute_url()}/questions/{question.pk}/vote"
    for _ in range(2):
        assert member_client.post(url, {"vote": "up"}).status_code == 302

    question.refresh_from_db()
    assert question.vote_count == QuestionVote.objects.count() == 1
    assert beat_of(meeting) == 1


def test_a_vote_is_taken_back(member_client, meeting):
    question = make_question(meeting)
    url = f"{meeting.get_absolute_url()}/questions/{question.pk}/vote"
    for vote in ("up", "none", "none"):
        member_client.post(url, {"vote": vote})

    question.refresh_from_db()
    assert question.vote_count == QuestionVote.objects.count() == 0


def test_a_vote_in_place_shows_the_questions(member_client, meeting):
    question = make_question(meeting)
    url = f"{meeting.get_absolute_url()}/questions/{question.pk}/vote"
    response = member_client.post(url, {"vote": "up"}, headers={"HX-Request": "true"})

    assert response.text.lstrip().startswith('<section class="block questions" id="questions"')
    assert 'value="none" aria-pressed="true"' in response.text
    assert "\0" not in response.text


def test_a_question_of_another_meeting_is_not_found(member_client, group, meeting):
    question = make_question(make_meeting(group, day=meeting.day.replace(year=2030)))
    url = f"{meeting.get_absolute_url()}/questions/{question.pk}/vote"

    assert member_client.post(url, {"vote": "up"}).status_code == 404


def test_questions_stand_by_votes_and_the_answered_last(client, meeting):
    make_question(meeting, "Answered?", vote_count=9, answered_at=meeting.starts_at)
    make_question(meeting, "Second?", vote_count=1)
    make_question(meeting, "First?", vote_count=2)

    text = client.get(meeting.get_absolute_url()).text
    assert text.index("First?") < text.index("Second?") < text.index("Answered?")


def test_organisers_mark_questions(owner_client, meeting):
    question = make_question(meeting)
    url = f"{meeting.get_absolute_url()}/questions/{question.pk}"
    owner_client.post(url, {"mark": "choose"})
    assert "For the meeting</span>" in owner_client.get(meeting.get_absolute_url()).text
    owner_client.post(url, {"mark": "answer"})

    question.refresh_from_db()
    assert question.chosen_at
    assert question.answered_at
    assert owner_client.post(url, {"mark": "nonsense"}).status_code == 422


def test_the_question_called_last_is_talked_about_now(owner_client, group):
    meeting = make_meeting(group, phase="live")
    first, second = make_question(meeting), make_question(meeting)
    Meeting.objects.update(starts_at="2026-11-01T00:00Z")
    for question in (first, second):
        questions.mark(question=question, as_=OrganiserMark.NOW)

    text = owner_client.get(meeting.get_absolute_url()).text
    assert text.count(">Now</span>") == 1
    assert f'is-now" id="question-{second.pk}"' in text


def test_removing_a_question_takes_its_votes_away(owner_client, meeting):
    question = make_question(meeting)
    questions.vote(question=question, member=make_user(), wants=True)
    url = f"{meeting.get_absolute_url()}/questions/{question.pk}"
    assert "also deletes its votes" in owner_client.get(url).text
    owner_client.post(url, {"mark": "remove"})

    assert not Question.objects.exists()
    assert not QuestionVote.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_crowd_votes_at_once_and_each_counts_once(meeting):
    question = make_question(meeting)
    members = [make_user() for _ in range(8)] * 2

    def vote(member):
        questions.vote(question=question, member=member, wants=True)
        connection.close()

    threads = [threading.Thread(target=vote, args=[member]) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    question.refresh_from_db()
    assert question.vote_count == QuestionVote.objects.count() == 8
    assert beat_of(meeting) == 8
