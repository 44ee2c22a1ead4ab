"""The room: what everybody sees while the group meets, and how cheaply it is kept fresh."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.meeting import pulse
from groups.meeting.agenda import agenda
from groups.meeting.agenda.agenda import PlannedPoint
from groups.meeting.minutes import minutes
from groups.meeting.questions import questions
from groups.models import Attendance, Meeting, Membership
from tests.builders import make_user
from tests.groups.builders import make_meeting, make_membership, make_question
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(group):
    return make_meeting(group, phase="live")


def news(client, meeting, beat=""):
    return client.get(f"{meeting.get_absolute_url()}/live/news", {"beat": beat})


def state_of(client, meeting):
    text = news(client, meeting).text
    return text.partition('data-beat="')[2].partition('"')[0]


def test_nothing_new_is_no_answer(member_client, live):
    state = state_of(member_client, live)

    response = news(member_client, live, state)
    assert response.status_code == 204
    assert response.content == b""


def test_nothing_new_costs_one_query_beside_the_session(member_client, live):
    state = state_of(member_client, live)
    with CaptureQueriesContext(connection) as asked:
        news(member_client, live, state)

    tables = [query["sql"] for query in asked if "groups_" in query["sql"]]
    others = [query["sql"] for query in asked if "groups_" not in query["sql"]]
    assert len(tables) == 1
    assert all("session" in sql or "accounts_user" in sql for sql in others)


def test_who_was_removed_is_out_at_the_next_question(group, live):
    member = make_membership(group).member
    client = client_for(member)
    state = state_of(client, live)
    Membership.objects.filter(member=member).delete()

    assert news(client, live, state).status_code == 403


def test_a_stranger_of_a_private_group_learns_nothing(outsider_client, private_group):
    meeting = make_meeting(private_group, phase="live")

    assert news(outsider_client, meeting, "0.0.0").status_code == 404


def ask_something(meeting):
    make_question(meeting)
    pulse.beat(meeting.pk)


@pytest.mark.parametrize(
    "change",
    [
        lambda meeting, owner: ask_something(meeting),
        lambda meeting, owner: agenda.set_agenda(
            meeting=meeting, by=owner, points=[PlannedPoint("A", 5)]
        ),
        lambda meeting, owner: minutes.save(
            meeting=meeting, editor=owner, text="We met.", base_version=0
        ),
        lambda meeting, owner: Meeting.objects.filter(pk=meeting.pk).update(
            phase="held", phase_number=1
        ),
    ],
    ids=["question", "agenda", "minutes", "phase"],
)
def test_whatever_changes_is_news(member_client, live, owner, change):
    state = state_of(member_client, live)
    change(live, owner)

    assert news(member_client, live, state).status_code == 200


def test_everybody_shares_one_reading(group, live, count_queries):
    first, second = (client_for(make_membership(group).member) for _ in range(2))
    for at in range(5):
        make_question(live, f"Question {at}?")
    alone = count_queries(lambda: news(first, live))
    news(first, live)
    with CaptureQueriesContext(connection) as asked:
        news(second, live)

    assert len(asked) < alone
    assert not [each for each in asked if 'FROM "groups_question" ' in each["sql"]]


def test_each_reader_sees_their_own_votes(group, live):
    voter, other = make_membership(group).member, make_membership(group).member
    questions.vote(question=make_question(live), member=voter, wants=True)

    assert 'value="none" aria-pressed="true"' in news(client_for(voter), live).text
    assert 'value="up" aria-pressed="false"' in news(client_for(other), live).text


def test_a_member_gets_no_button_of_an_organiser(owner_client, member_client, live, owner):
    agenda.set_agenda(meeting=live, by=owner, points=[PlannedPoint("Claims", 5)])
    make_question(live)

    assert "agenda-start-" in news(owner_client, live).text
    assert "question-answer-" in news(owner_client, live).text
    text = news(member_client, live).text
    assert "agenda-start-" not in text
    assert "question-answer-" not in text


def test_who_is_here_is_counted(member_client, group, live):
    here = make_membership(group, make_user("hero")).member
    Attendance.objects.create(meeting=live, member=here)

    text = " ".join(news(member_client, live).text.split())
    assert "1 is here: <bdi>hero</bdi>" in text


def test_the_room_shows_the_point_that_is_on_and_since_when(member_client, live, owner):
    [point] = agenda.set_agenda(meeting=live, by=owner, points=[PlannedPoint("Claims", 5)])
    agenda.start_point(meeting=live, pk=point.pk)

    text = member_client.get(f"{live.get_absolute_url()}/live").text
    assert 'data-minutes="5"' in text
    assert "for 5 minutes" in text


def test_the_room_offers_the_minutes_to_who_may_write(group, member_client, live):
    guest = client_for(make_membership(group, role="guest").member)
    url = f"{live.get_absolute_url()}/live"

    assert 'id="minutes-form"' in member_client.get(url).text
    assert 'id="minutes-form"' not in guest.get(url).text


def test_acts_in_the_room_lead_back_to_it(member_client, live):
    question = make_question(live)
    text = member_client.get(f"{live.get_absolute_url()}/live").text
    back = f"?{urlencode({'next': f'{live.get_absolute_url()}/live'})}"
    path = f"{live.get_absolute_url()}/questions/{question.pk}/vote"

    assert f'formaction="{path}{back}"' in text
    response = member_client.post(f"{path}{back}", {"vote": "up"})
    assert response["Location"] == f"{live.get_absolute_url()}/live#questions"


def test_a_room_with_much_in_it_costs_no_more_queries(member_client, live, owner, count_queries):
    def fill(many):
        for at in range(many):
            make_question(live, f"Question {at}?")
            Attendance.objects.create(meeting=live, member=make_user())

    fill(2)
    url = f"{live.get_absolute_url()}/live"
    member_client.get(url)
    few = count_queries(lambda: member_client.get(url))
    fill(20)
    caches["fragments"].clear()

    assert count_queries(lambda: member_client.get(url)) == few


def test_two_changes_are_two_beats(live):
    pulse.beat(live.pk)
    pulse.beat(live.pk)

    live.pulse.refresh_from_db()
    assert live.pulse.beat == 2
