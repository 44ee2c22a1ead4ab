"""Answering, checking in, noting who came and what they thought, in the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups.models import Attendance, Group, Meeting, Rsvp, SurveyAnswer
from tests.builders import make_user
from tests.groups.builders import make_meeting, make_membership, make_rsvp
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db

HTMX = {"headers": {"HX-Request": "true", "HX-Target": "rsvp"}}


def url(meeting, name="rsvp_set"):
    return reverse(f"groups:{name}", args=[meeting.group.slug, meeting.occurs_on])


def held(group, *, minutes_ago=120):
    starts_at = timezone.now() - timedelta(minutes=minutes_ago)
    phase = "held" if minutes_ago > 60 else "live"
    return make_meeting(group, day=starts_at.date(), starts_at=starts_at, phase=phase)


def test_an_answer_without_a_script_leads_back_to_the_meeting(member_client, meeting):
    response = member_client.post(url(meeting), {"answer": "going"})

    assert response.headers["Location"] == meeting.get_absolute_url()
    assert Rsvp.objects.get().answer == "going"


def test_an_answer_leads_back_to_where_it_was_given(member_client, meeting):
    response = member_client.post(f"{url(meeting)}?next=/groups/readers", {"answer": "going"})

    assert response.headers["Location"] == "/groups/readers"


def test_an_answer_leads_to_no_other_site(member_client, meeting):
    response = member_client.post(f"{url(meeting)}?next=//evil.example", {"answer": "going"})

    assert response.headers["Location"] == meeting.get_absolute_url()


def test_an_answer_by_htmx_swaps_its_part_of_the_page(member_client, meeting):
    response = member_client.post(url(meeting), {"answer": "going"}, **HTMX)

    html = response.content.decode()
    assert html.lstrip().startswith('<div class="rsvp" id="rsvp">')
    assert 'value="going"' in html
    assert html.count('aria-pressed="true"') == 1
    assert "1 member is attending" in html


def test_none_takes_an_answer_back(member_client, meeting):
    member_client.post(url(meeting), {"answer": "going"})

    member_client.post(url(meeting), {"answer": "none"})

    assert not Rsvp.objects.exists()


def test_who_waits_is_told_their_place(group, member_client, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(capacity=1)
    make_rsvp(meeting)
    make_rsvp(meeting, is_waiting=True)

    response = member_client.post(url(meeting), {"answer": "going"}, **HTMX)

    html = response.content.decode()
    assert "You are number 2 on the waiting list." in html
    assert "the only place is taken" in html


def test_what_is_no_answer_is_refused_with_the_page(member_client, meeting):
    response = member_client.post(url(meeting), {"answer": "perhaps"})

    assert response.status_code == 422
    assert "Choose whether you will attend" in response.content.decode()


def test_an_answer_to_a_meeting_that_is_off_says_so(group, member_client):
    off = make_meeting(group, phase="cancelled")

    response = member_client.post(url(off), {"answer": "going"})

    assert response.status_code == 422
    assert "There is no meeting on that day" in response.content.decode()


def test_a_closed_group_takes_no_answer(group, member_client, meeting):
    Group.objects.filter(pk=group.pk).update(closed_at=timezone.now())

    assert member_client.post(url(meeting), {"answer": "going"}).status_code == 403


def test_guests_answer(group, meeting):
    guest = make_membership(group, role="guest").member

    client_for(guest).post(url(meeting), {"answer": "going"})

    assert Rsvp.objects.get().member == guest


def test_the_page_names_who_comes(member_client, meeting):
    make_rsvp(meeting, make_user("ada"))
    make_rsvp(meeting, make_user("ben"), answer="no")

    html = member_client.get(url(meeting)).content.decode()

    assert "<bdi>ada</bdi>" in html
    assert "ben" not in html


def test_the_page_of_who_comes_costs_the_same_however_many_come(
    member_client, meeting, count_queries
):
    make_rsvp(meeting)
    before = count_queries(lambda: member_client.get(url(meeting)))
    for _ in range(10):
        make_rsvp(meeting)

    assert count_queries(lambda: member_client.get(url(meeting))) == before


def test_a_usual_answer_is_named_as_such(member_client, group, meeting):
    mona = group.memberships.get(member__username="mona").member
    make_rsvp(meeting, mona, is_usual=True)

    assert "This is your usual answer." in member_client.get(url(meeting)).content.decode()


def test_a_member_checks_in_by_htmx_and_takes_it_back(group, member_client):
    live = held(group, minutes_ago=5)

    response = member_client.post(url(live, "check_in"), {"here": "yes"}, **HTMX)

    assert "You are checked in" in response.content.decode()
    assert Attendance.objects.count() == 1
    member_client.post(url(live, "check_in"), {"here": "no"})
    assert not Attendance.objects.exists()


def test_checking_in_changes_what_the_room_sees(group, member_client):
    live = held(group, minutes_ago=5)

    member_client.post(url(live, "check_in"), {"here": "yes"})

    live.refresh_from_db()
    assert live.pulse.beat == 1


def test_checking_in_too_early_says_when(member_client, meeting):
    response = member_client.post(url(meeting, "check_in"), {"here": "yes"})

    assert response.status_code == 422
    assert "from 15 minutes before" in response.content.decode()


def test_organisers_tick_who_came(group, owner_client):
    past = held(group)
    ada, ben = (make_membership(group, make_user(name)).member for name in ("ada", "ben"))
    make_rsvp(past, ada)

    page = owner_client.get(url(past, "attendance_edit")).content.decode()
    owner_client.post(url(past, "attendance_edit"), {"came": [ada.pk, ben.pk], "noted": ""})

    assert page.index("<bdi>ada</bdi>") < page.index("<bdi>ben</bdi>")
    assert set(Attendance.objects.values_list("member", flat=True)) == {ada.pk, ben.pk}


def test_who_is_no_longer_ticked_did_not_come(group, owner, owner_client):
    past = held(group)
    Attendance.objects.create(meeting=past, member=owner)

    owner_client.post(url(past, "attendance_edit"), {"noted": str(owner.pk)})

    assert not Attendance.objects.exists()


def test_an_attendance_form_with_odd_numbers_harms_nothing(group, owner_client):
    past = held(group)
    odd = {"came": ["x", "-1", "9" * 30], "noted": "1,,x"}

    assert owner_client.post(url(past, "attendance_edit"), odd).status_code == 302
    assert not Attendance.objects.exists()


def test_the_question_is_answered_and_changed(group, member_client):
    past = held(group)

    member_client.post(url(past, "survey_page"), {"answer": "yes", "words": "Clear."})

    html = member_client.get(url(past, "survey_page")).content.decode()
    assert SurveyAnswer.objects.get().words == "Clear."
    assert ">\nClear.</textarea>" in html
    assert "Change my answer" in html


def test_an_answer_without_a_choice_keeps_the_words(group, member_client):
    response = member_client.post(url(held(group), "survey_page"), {"words": "Clear."})

    assert response.status_code == 422
    assert ">\nClear.</textarea>" in response.content.decode()


@pytest.mark.parametrize(("answers", "is_shown"), [(2, False), (3, True)])
def test_members_see_counts_once_three_have_answered(group, member_client, answers, is_shown):
    past = held(group)
    for number in range(answers):
        member = make_membership(group).member
        SurveyAnswer.objects.create(
            meeting=past, member=member, answer="yes", words=f"Word {number}."
        )

    html = member_client.get(url(past, "survey_page")).content.decode()

    assert ("survey-results" in html) is is_shown
    assert "Word" not in html


def test_organisers_see_counts_at_once_and_words_without_names(group, owner_client):
    past = held(group)
    ada = make_membership(group, make_user("ada")).member
    SurveyAnswer.objects.create(meeting=past, member=ada, answer="yes", words="Clear.")

    html = owner_client.get(url(past, "survey_page")).content.decode()

    assert "survey-results" in html
    assert "Clear." in html
    assert "ada" not in html


def test_the_question_is_not_put_before_the_meeting(member_client, meeting):
    response = member_client.post(url(meeting, "survey_page"), {"answer": "yes"})

    assert response.status_code == 422
    assert "after the meeting" in response.content.decode()
