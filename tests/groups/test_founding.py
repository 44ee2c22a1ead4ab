"""Founding a group: what it has from its first minute."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from groups.founding import founding
from groups.models import Cycle, Group, LogEntry, Meeting, Membership, Schedule, SeatKind
from tests.builders import make_user
from tests.groups.builders import make_group
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db

YEAR = timezone.now().year + 1
DAY, NEXT_DAY, TEN_YEARS_ON = f"{YEAR}-01-01", f"{YEAR}-01-02", f"{YEAR + 10}-01-01"
FORM = {"name": "Long-Context Club", "visibility": "public", "joining": "open"}


@pytest.fixture
def founder():
    return make_user("fran", time_zone="Europe/Berlin")


@pytest.fixture
def client(founder):
    return client_for(founder)


def found(client, **typed):
    return client.post("/groups/new", FORM | typed)


def test_a_name_is_enough(client, founder):
    response = found(client)

    group = Group.objects.get()
    assert response.url == f"/groups/{group.slug}" == "/groups/long-context-club"
    assert group.member_count == 1
    membership = Membership.objects.get()
    assert (membership.member, membership.role) == (founder, "owner")


def test_a_new_group_has_a_cycle_a_presenter_and_a_log(client):
    found(client)

    assert Cycle.objects.get().group == Group.objects.get()
    assert SeatKind.objects.get().is_presenter
    assert LogEntry.objects.get().kind == "founded"


def test_the_usual_cycle_of_a_week_ends_before_the_next_ones_ballot_closes():
    cycle = Cycle()

    # What is chosen for one week is chosen before the next week's nominations open.
    assert cycle.nominations_open_hours - 7 * 24 < cycle.ballot_closes_hours


def test_a_first_meeting_makes_a_schedule_for_a_year(client):
    first = timezone.localdate() + timedelta(days=10)

    found(client, first_on=first, at="18:30", zone="Europe/Berlin", rhythm="weekly")

    schedule = Schedule.objects.get()
    assert (schedule.weekday, schedule.zone) == (first.weekday(), "Europe/Berlin")
    assert schedule.ends_on == first + timedelta(days=364)
    meetings = Meeting.objects.order_by("starts_at")
    assert meetings.first().day == first
    assert meetings.count() == 53


@pytest.mark.parametrize("rhythm", ["fortnightly", "monthly"])
def test_other_rhythms_begin_on_the_first_meeting_too(client, rhythm):
    first = timezone.localdate() + timedelta(days=10)

    found(client, first_on=first, at="18:30", zone="Europe/Berlin", rhythm=rhythm)

    assert Meeting.objects.earliest("starts_at").day == first
    assert Meeting.objects.count() < 30


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "ab"}, "at least 3 characters"),
        ({"slug": "No spaces"}, "lowercase letters"),
        ({"slug": "new"}, "taken by a page of the site"),
        ({"name": "数学の会"}, "No address can be made"),
        ({"visibility": "secret"}, "Select a valid choice"),
        ({"first_on": "2020-01-01"}, "This day has passed"),
        ({"first_on": DAY, "at": "", "zone": "UTC"}, "Enter the time"),
        ({"first_on": DAY, "at": "18:00", "zone": ""}, "Choose a time zone"),
        ({"first_on": DAY, "at": "18:00", "zone": "Mars/Base"}, "is not a time zone"),
        (
            {"first_on": NEXT_DAY, "at": "18:00", "zone": "UTC", "ends_on": DAY},
            "ends before it starts",
        ),
        (
            {"first_on": NEXT_DAY, "at": "18:00", "zone": "UTC", "ends_on": TEN_YEARS_ON},
            "years at most",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(client, typed, words):
    response = found(client, **typed)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Group.objects.exists()
    assert not Meeting.objects.exists()


def test_what_was_typed_is_kept(client):
    response = found(client, name="A club", slug="!", summary="We read about whales.")

    assert "We read about whales." in response.content.decode()


@pytest.mark.parametrize("visibility", ["public", "private"])
def test_a_taken_address_is_said_to_be_taken_and_not_by_whom(client, visibility):
    make_group("whales", visibility=visibility)

    response = found(client, slug="whales")

    assert response.status_code == 422
    assert "This address is taken. Choose another." in response.content.decode()
    assert visibility not in _error(response)


def _error(response):
    return "".join(
        re.findall(r'<ul class="errorlist".*?</ul>', response.content.decode(), re.DOTALL)
    )


def test_a_private_group_is_joined_by_invitation(client):
    found(client, visibility="private", joining="open")

    assert Group.objects.get().joining == "invitation"


def test_an_address_is_suggested_from_the_name(client):
    page = client.get("/groups/new", {"name": "Whales & Dolphins"}).content.decode()

    assert 'value="whales-dolphins"' in page


def test_a_taken_address_is_not_suggested(client):
    make_group("whales")

    assert founding.suggest_slug("Whales", founder=make_user()) == "whales-2"


def test_an_address_that_was_typed_is_not_replaced(client):
    page = client.get("/groups/new", {"name": "Whales", "slug": "my-own"}).content.decode()

    assert 'value="my-own"' in page


def test_nobody_founds_without_end(client):
    codes = [found(client, slug=f"club-{number}").status_code for number in range(6)]

    assert codes == [302] * 5 + [429]


def test_a_name_is_kept_in_one_line_without_hidden_marks(client):
    found(client, name="  Long\u202e \n Context  ", slug="long")

    assert Group.objects.get().name == "Long Context"
