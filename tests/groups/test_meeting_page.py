"""The page of a meeting: everything that belongs to it, for whoever may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from groups.models import (
    AgendaItem,
    Group,
    Meeting,
    Membership,
    Minutes,
    Progress,
    Rsvp,
    Section,
    SeriesPart,
)
from tests.builders import make_paper, make_user
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_meeting,
    make_membership,
    make_question,
    make_rsvp,
)

pytestmark = pytest.mark.django_db


def page_of(client, meeting):
    return client.get(meeting.get_absolute_url())


def test_a_visitor_sees_what_is_read(client, group):
    paper = make_paper(title="On engines", lead_authors=["Ada Lovelace"], author_count=3)
    response = page_of(client, make_meeting(group, paper=paper))

    assert response.status_code == 200
    assert "On engines" in response.text
    assert "<bdi>Ada Lovelace</bdi> and others" in " ".join(response.text.split())


def test_authors_whose_names_are_not_known_yet_are_counted(client, group):
    meeting = make_meeting(group, paper=make_paper(lead_authors=[], author_count=3))

    response = page_of(client, meeting)

    assert "3 authors" in response.text
    assert "and others" not in response.text


def test_the_join_link_is_for_members_alone(client, member_client, outsider_client, group):
    meeting = make_meeting(group, join_url="https://call.example/secret", place="Room 7")

    assert "https://call.example/secret" in page_of(member_client, meeting).text
    assert "Room 7" in page_of(member_client, meeting).text
    for outside in (client, outsider_client):
        assert "call.example" not in page_of(outside, meeting).text
        assert "Room 7" not in page_of(outside, meeting).text


def test_the_groups_own_link_stands_where_the_meeting_has_none(member_client, group):
    Group.objects.filter(pk=group.pk).update(join_url="https://call.example/usual")

    assert "https://call.example/usual" in page_of(member_client, make_meeting(group)).text


def test_a_meeting_that_is_over_has_no_join_link(member_client, group):
    meeting = make_meeting(group, phase="held", join_url="https://call.example/secret")

    assert "call.example" not in page_of(member_client, meeting).text


def test_an_old_address_leads_to_the_one_that_is_true_now(client, group):
    meeting = make_meeting(group)
    old = meeting.day - timedelta(days=1)
    Meeting.objects.filter(pk=meeting.pk).update(former_days=[old])

    response = client.get(f"/groups/{group.slug}/meetings/{old}?comment=7")
    assert response.status_code == 302
    assert response["Location"] == f"{meeting.get_absolute_url()}?comment=7"


@pytest.mark.parametrize(
    ("phase", "words"),
    [("cancelled", "This meeting is cancelled."), ("skipped", "No meeting on this day.")],
)
def test_a_meeting_that_is_off_says_why(client, group, phase, words):
    response = page_of(client, make_meeting(group, phase=phase, off_reason="A holiday."))

    assert words in response.text
    assert "A holiday." in response.text


def test_a_moved_meeting_says_from_when(client, group):
    meeting = make_meeting(group)
    Meeting.objects.filter(pk=meeting.pk).update(day=F("day") + timedelta(days=1))

    assert "Moved from" in page_of(client, meeting).text


def test_meetings_lead_to_those_before_and_after(client, group):
    meeting = make_meeting(group)
    before = make_meeting(group, day=meeting.day - timedelta(days=7))
    make_meeting(group, day=meeting.day + timedelta(days=7), phase="skipped")
    after = make_meeting(group, day=meeting.day + timedelta(days=14))

    text = page_of(client, meeting).text
    assert f'href="{before.get_absolute_url()}" rel="prev"' in " ".join(text.split())
    assert f'href="{after.get_absolute_url()}" rel="next"' in " ".join(text.split())


def test_the_minutes_before_are_linked(client, group, meeting):
    before = make_meeting(group, day=meeting.day - timedelta(days=7), phase="held")
    Minutes.objects.create(meeting=before, text="Done.", html="<p>Done.</p>", version=1)

    assert f"{before.get_absolute_url()}/minutes" in page_of(client, meeting).text


def test_the_written_track_says_until_when(client, group):
    open_until = make_meeting(group, written_until=timezone.now() + timedelta(days=3))
    assert "Written discussion until" in page_of(client, open_until).text

    Meeting.objects.update(written_until=timezone.now() - timedelta(days=1))
    assert "The written discussion ended" in page_of(client, open_until).text


def test_a_part_of_a_series_names_the_book(client, group, meeting):
    series = group.series.create(title="The Book")
    SeriesPart.objects.create(
        series=series, position=2, title="Chapter two", extent="pp. 31 to 58", meeting=meeting
    )

    text = page_of(client, meeting).text
    assert "The Book" in text
    assert "pp. 31 to 58" in text


def test_a_ballot_stands_on_the_page(member_client, group):
    meeting = make_meeting(group)
    make_ballot(meeting)

    assert f'id="ballot-{meeting.pk}"' in page_of(member_client, meeting).text


def test_organisers_alone_see_what_organisers_do(owner_client, member_client, meeting):
    move = f'href="{meeting.get_absolute_url()}/move"'

    assert move in page_of(owner_client, meeting).text
    assert move not in page_of(member_client, meeting).text


def test_a_closed_group_offers_nothing_to_do(owner_client, group, meeting):
    make_question(meeting)
    Group.objects.update(closed_at=timezone.now())

    text = page_of(owner_client, meeting).text
    assert 'id="ask"' not in text
    assert "question-vote-" not in text
    assert "/move" not in text


def test_an_outsider_learns_how_to_join(outsider_client, member_client, meeting):
    assert 'id="how-to-join"' in page_of(outsider_client, meeting).text
    assert 'id="how-to-join"' not in page_of(member_client, meeting).text


def test_a_private_meeting_is_no_page_for_others(client, outsider_client, private_group):
    meeting = make_meeting(private_group)

    assert page_of(client, meeting).status_code == 404
    assert page_of(outsider_client, meeting).status_code == 404


def fill(group, meeting, many):
    """Give the meeting as much of everything, by rows alone."""
    people = [make_user() for _ in range(3)]
    for each in people:
        make_membership(group, each, shares_progress=True)
        make_rsvp(meeting, each)
    Progress.objects.create(meeting=meeting, member=people[0], state="read")
    start = meeting.sections.count()
    Section.objects.bulk_create(
        Section(meeting=meeting, position=start + at, title=f"Part {at}")
        for at in range(1, many + 1)
    )
    for at in range(many):
        make_question(meeting, f"Question {at}", asked_by=people[0])
        AgendaItem.objects.create(meeting=meeting, position=at, text=f"Point {at}")


@pytest.mark.parametrize("who", ["client", "member_client", "owner_client"])
def test_a_page_with_much_on_it_costs_no_more_queries(who, request, group, count_queries):
    reader = request.getfixturevalue(who)
    meeting = make_meeting(group, paper=make_paper())
    fill(group, meeting, 2)
    page_of(reader, meeting)
    few = count_queries(lambda: page_of(reader, meeting))
    fill(group, meeting, 10)

    assert count_queries(lambda: page_of(reader, meeting)) == few


def test_five_thousand_members_cost_no_more_queries(owner_client, group, count_queries):
    meeting = make_meeting(group)
    fill(group, meeting, 2)
    page_of(owner_client, meeting)
    few = count_queries(lambda: page_of(owner_client, meeting))
    crowd = User.objects.bulk_create(
        [User(username=f"crowd{at}", email=f"crowd{at}@example.org") for at in range(5000)],
        batch_size=1000,
    )
    Membership.objects.bulk_create(
        Membership(group=group, member=each, shares_progress=True) for each in crowd
    )
    Rsvp.objects.bulk_create(Rsvp(meeting=meeting, member=each, answer="going") for each in crowd)
    Meeting.objects.filter(pk=meeting.pk).update(going_count=5003)

    assert count_queries(lambda: page_of(owner_client, meeting)) == few


def test_a_meeting_of_another_group_is_not_here(client, group):
    other = make_meeting(make_group())

    assert client.get(f"/groups/{group.slug}/meetings/{other.occurs_on}").status_code == 404
