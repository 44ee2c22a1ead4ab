"""The rota in the browser: seats, requests to change them, which there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups.models import Group, Seat, SeatKind, Swap
from groups.rota import swaps
from tests.builders import make_user
from tests.groups.builders import make_group, make_meeting, make_membership, make_seat
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def mona(member_client, group):
    return group.memberships.get(member__username="mona").member


@pytest.fixture
def kind(group):
    return group.seat_kinds.get()


def seat_url(meeting, kind, name="seat_set"):
    return reverse(f"groups:{name}", args=[meeting.group.slug, meeting.occurs_on, kind.pk])


def later(group, days=14):
    return make_meeting(group, day=(timezone.now() + timedelta(days=days)).date())


def test_a_member_volunteers_and_comes_back_to_the_rota(member_client, mona, meeting, kind):
    response = member_client.post(
        f"{seat_url(meeting, kind)}?next=/groups/readers/rota%23here", {"act": "take"}
    )

    assert response.headers["Location"] == "/groups/readers/rota#here"
    assert Seat.objects.get().member == mona


def test_a_seat_that_was_taken_meanwhile_says_by_whom(group, member_client, meeting, kind):
    make_seat(meeting, make_membership(group, make_user("ada")).member)

    response = member_client.post(seat_url(meeting, kind), {"act": "take"})

    assert response.status_code == 422
    assert "ada already has this seat." in response.content.decode()


def test_a_member_gives_up_their_seat(member_client, mona, meeting, kind):
    make_seat(meeting, mona)

    member_client.post(seat_url(meeting, kind), {"act": "leave"})

    assert not Seat.objects.exists()


def test_a_member_gives_a_seat_to_nobody(member_client, mona, meeting, kind):
    response = member_client.post(seat_url(meeting, kind), {"act": "give", "username": "mona"})

    assert response.status_code == 403


@pytest.mark.parametrize("name", ["mona", "@Mona", " mona "])
def test_an_organiser_gives_a_seat_by_username(owner_client, mona, meeting, kind, name):
    owner_client.post(seat_url(meeting, kind), {"act": "give", "username": name})

    assert Seat.objects.get().member == mona


@pytest.mark.parametrize("name", ["", "otto", "gus"])
def test_a_seat_is_given_to_no_stranger_and_no_guest(group, owner_client, meeting, kind, name):
    make_user("otto")
    make_membership(group, make_user("gus"), role="guest")

    response = owner_client.post(seat_url(meeting, kind), {"act": "give", "username": name})

    assert response.status_code == 422
    assert "No full member" in response.content.decode()


def test_the_seat_page_suggests_whose_turn_it_is(group, owner, owner_client, meeting, kind):
    group.memberships.filter(member=owner).update(takes_turns=False)
    make_membership(group, make_user("ada"))

    html = owner_client.get(seat_url(meeting, kind)).content.decode()

    assert 'value="ada"' in html
    assert 'value="olga"' not in html


def test_a_seat_of_another_group_is_none(owner, owner_client, meeting):
    foreign = make_group(owner=owner).seat_kinds.get()

    assert owner_client.get(seat_url(meeting, foreign)).status_code == 404


def test_a_retired_seat_is_shown_where_it_was_taken_only(group, owner, owner_client, meeting):
    old = SeatKind.objects.create(group=group, name="Critic", position=1, retired_at=timezone.now())
    assert owner_client.get(seat_url(meeting, old)).status_code == 404

    make_seat(meeting, owner, old)

    assert owner_client.get(seat_url(meeting, old)).status_code == 200


def test_a_member_asks_to_change_seats_and_the_other_agrees(group, member_client, mona, meeting):
    ben = make_membership(group, make_user("ben")).member
    mine, theirs = make_seat(meeting, mona), make_seat(later(group), ben)

    asked = member_client.post(
        seat_url(theirs.meeting, theirs.kind, "seat_swap"), {"seat": mine.pk, "words": "Away."}
    )
    swap = Swap.objects.get()
    page = client_for(ben).get("/groups/readers/rota").content.decode()
    client_for(ben).post(f"/groups/readers/swaps/{swap.pk}", {"answer": "accept"})

    assert asked.headers["Location"] == "/groups/readers/rota#swaps"
    assert "Away." in page
    assert "Agree" in page
    mine.refresh_from_db()
    assert mine.member == ben


def test_a_seat_of_others_is_not_offered_for_another(group, member_client, mona, meeting):
    ada, ben = (make_membership(group, make_user(name)).member for name in ("ada", "ben"))
    first, second = make_seat(meeting, ada), make_seat(later(group), ben)

    response = member_client.post(
        seat_url(second.meeting, second.kind, "seat_swap"), {"seat": first.pk}
    )

    assert response.status_code == 422
    assert not Swap.objects.exists()


def test_an_organiser_proposes_a_change_of_others(group, owner_client, meeting):
    ada, ben = (make_membership(group, make_user(name)).member for name in ("ada", "ben"))
    first, second = make_seat(meeting, ada), make_seat(later(group), ben)

    owner_client.post(seat_url(second.meeting, second.kind, "seat_swap"), {"seat": first.pk})

    swap = Swap.objects.get()
    assert (swap.accepted_at, swap.other_accepted_at) == (None, None)


def test_a_free_seat_is_taken_and_not_exchanged(member_client, mona, meeting, kind):
    response = member_client.post(seat_url(meeting, kind, "seat_swap"), {"seat": "1"})

    assert response.status_code == 422
    assert "Nobody has this seat" in response.content.decode()


def test_requests_of_others_are_not_shown(group, member_client, mona, meeting):
    ada, ben = (make_membership(group, make_user(name)).member for name in ("ada", "ben"))
    swaps.ask(seat=make_seat(meeting, ada), other_seat=make_seat(later(group), ben), by=ada)

    assert 'id="swaps"' not in member_client.get("/groups/readers/rota").content.decode()


def test_the_rota_costs_the_same_however_much_there_is(
    group, member_client, meeting, count_queries
):
    make_seat(meeting, make_membership(group).member)
    before = count_queries(lambda: member_client.get("/groups/readers/rota"))
    for week in range(2, 9):
        SeatKind.objects.create(group=group, name=f"Seat {week}", position=week)
        make_seat(later(group, 7 * week), make_membership(group).member)

    assert count_queries(lambda: member_client.get("/groups/readers/rota")) <= before


def test_the_rota_of_a_long_term_is_shown_in_pages(group, member_client):
    for week in range(1, 11):
        later(group, 7 * week)

    first = member_client.get("/groups/readers/rota").content.decode()
    second = member_client.get("/groups/readers/rota?page=2").content.decode()

    assert first.count('class="rota-meeting"') == 8
    assert second.count('class="rota-meeting"') == 2


@pytest.mark.parametrize("page", ["0", "x", "99999"])
def test_a_page_that_is_none_is_not_found(member_client, page):
    assert member_client.get(f"/groups/readers/rota?page={page}").status_code == 404


SETTINGS = "/groups/readers/settings/seats"


def form_of(*rows):
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return data


def names(group):
    return [kind.name for kind in group.seat_kinds.filter(retired_at__isnull=True)]


def test_seats_are_added_and_put_in_order(group, owner_client, kind):
    rows = [
        {"kind": kind.pk, "name": "Presenter", "task": "", "ORDER": 2},
        {"kind": "", "name": "Critic", "task": "Judges it.", "ORDER": 1},
        {"kind": "", "name": "", "task": "", "ORDER": ""},
    ]

    owner_client.post(SETTINGS, form_of(*rows))

    assert names(group) == ["Critic", "Presenter"]


def test_a_seat_is_filled_no_more(group, owner_client, kind):
    critic = SeatKind.objects.create(group=group, name="Critic", position=1)
    rows = [
        {"kind": kind.pk, "name": "Presenter", "ORDER": 1},
        {"kind": critic.pk, "name": "Critic", "ORDER": 2, "DELETE": "on"},
    ]

    owner_client.post(SETTINGS, form_of(*rows))

    assert names(group) == ["Presenter"]


def test_seats_that_cannot_be_are_refused_with_what_was_typed(group, owner_client, kind):
    rows = [
        {"kind": kind.pk, "name": "Presenter", "ORDER": 1},
        {"kind": "", "name": "", "task": "Judges it.", "ORDER": 2},
    ]

    response = owner_client.post(SETTINGS, form_of(*rows))

    assert response.status_code == 422
    assert "Judges it." in response.content.decode()
    assert names(group) == ["Presenter"]


def test_a_template_is_shown_and_nothing_is_saved(group, owner_client):
    html = owner_client.get(f"{SETTINGS}?template=roles").content.decode()

    assert 'value="Archaeologist"' in html
    assert names(group) == ["Presenter"]


def test_a_template_that_is_none_is_not_found(owner_client):
    assert owner_client.get(f"{SETTINGS}?template=x").status_code == 404


def test_a_closed_group_changes_no_seat(group, member_client, meeting, kind):
    Group.objects.filter(pk=group.pk).update(closed_at=timezone.now())

    assert member_client.post(seat_url(meeting, kind), {"act": "take"}).status_code == 403
