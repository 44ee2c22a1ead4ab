"""Rows of another group, or of another meeting, addressed through a group of one's own."""

from __future__ import annotations

import uuid

import pytest
from django.apps import apps
from django.urls import reverse

from groups.models import Meeting, MeetingPaper, Seat, Section
from tests.builders import make_paper, make_user
from tests.groups.authorization import ROWS, SITE_WIDE
from tests.groups.conftest import client_for
from tests.groups.rows import furnish
from tests.urls import addresses

pytestmark = pytest.mark.django_db

# Every act that any of the addresses knows, in one body: what is tried is meant.
ACTS = {
    "act": "take",
    "answer": "accept",
    "decide": "accept",
    "delete": "yes",
    "do": "start",
    "lift": "yes",
    "mark": "remove",
    "second": "yes",
    "vote": "up",
}
IN_A_GROUP = [each for each in addresses() if each.name in set(ROWS) - SITE_WIDE]
NAMING_ROWS = [each for each in IN_A_GROUP if {"pk", "username"} & set(each.parameters)]
# Seats are named by their kind, which all meetings of a group have.
OF_A_MEETING = [
    each
    for each in NAMING_ROWS
    if {"pk", "day"} <= set(each.parameters) and "seat_" not in each.name
]
NOWHERE = {404, 405}
# A ban that is lifted, or never was, is lifted: a second press does no harm.
EXCEPT = {"groups:ban_lift": {302, 405}}


def make_people():
    return {role: make_user() for role in ("owner", "organiser", "member", "guest")}


@pytest.fixture
def own():
    """The group of whoever tries, its keys, and the browser of its owner."""
    people = make_people()
    group, keys = furnish("readers-own", visibility="public", people=people)
    return group, keys, client_for(people["owner"])


@pytest.fixture
def others(own):
    """A group of which they know nothing, with its keys."""
    return furnish("readers-others", visibility="private", people=make_people())


def url_of(address, group, keys):
    kind = address.name.partition(":")[2].partition("_")[0]
    values = {"slug": group.slug, "pk": keys.get(kind), **keys}
    return reverse(address.name, kwargs={name: values[name] for name in address.parameters})


def all_rows():
    """Return every row of reading groups as it stands, by its model and its key."""
    models = apps.get_app_config("groups").get_models()
    return {(model.__name__, row["pk"]): row for model in models for row in _values(model)}


def _values(model):
    return [{"pk": pk} | row for pk, row in zip(_keys(model), _rows(model), strict=True)]


def _keys(model):
    return model.objects.order_by("pk").values_list("pk", flat=True)


def _rows(model):
    return model.objects.order_by("pk").values()


def tried(client, address, group, keys):
    url = url_of(address, group, keys)
    return {client.get(url).status_code, client.post(url, ACTS).status_code}


def test_what_another_group_has_is_nowhere_in_ones_own(own, others):
    (group, keys, client), (_, theirs) = own, others
    before = all_rows()
    found = {
        address.name: tried(client, address, group, theirs | {"day": keys["day"]})
        for address in NAMING_ROWS
    }
    assert {
        name: codes for name, codes in found.items() if not codes <= EXCEPT.get(name, NOWHERE)
    } == {}
    assert all_rows() == before


def test_what_another_meeting_has_is_nowhere_in_this_one(own):
    group, keys, client = own
    later = Meeting.objects.filter(group=group).latest("occurs_on")
    before = all_rows()
    found = {
        address.name: tried(client, address, group, keys | {"day": later.occurs_on})
        for address in OF_A_MEETING
    }
    assert {name: codes for name, codes in found.items() if not codes <= NOWHERE} == {}
    assert all_rows() == before


def bodies(foreign, theirs):
    """Yield what a form might name of another group, by address."""
    section = Section.objects.get(meeting__group=foreign)
    seat = Seat.objects.filter(meeting__group=foreign).first()
    kind, username = theirs["seat"], theirs["username"]
    points = {"points-TOTAL_FORMS": 1, "points-INITIAL_FORMS": 0, "points-0-pk": theirs["agenda"]}
    seats = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0, "form-0-kind": kind}
    yield "groups:ballot_pick", {"nomination": theirs["nomination"], "reason": "Ours."}
    yield "groups:seat_swap", {"seat": seat.pk}
    yield "groups:question_create", {"text": "Why?", "key": uuid.uuid4(), "section": section.pk}
    yield "groups:progress_set", {"state": "reading", "sections": [section.pk]}
    yield "groups:agenda_edit", points | {"points-0-text": "Ours", "points-0-minutes": 5}
    yield "groups:seat_settings", seats | {"form-0-name": "Ours"}
    yield "groups:seat_set", {"act": "give", "username": username}
    yield "groups:group_hand_over", {"username": username, "stays_as": "member"}
    yield "groups:paper_nominate", {"group": foreign.pk, "group_id": foreign.slug}


def test_what_a_form_names_of_another_group_is_left_as_it_was(own):
    group, keys, client = own
    mine = set(all_rows())
    foreign, theirs = furnish("readers-others", visibility="private", people=make_people())
    Section.objects.create(meeting=foreign.meetings.first(), position=1, title="Secret")
    before = all_rows()
    paper = make_paper("2401.12345")
    for name, body in bodies(foreign, theirs):
        address = next(each for each in addresses() if each.name == name)
        values = keys | {"ref": paper.ref}
        client.post(url_of(address, group, values), body)
    after = all_rows()
    assert {key: after.get(key) for key in before if key not in mine} == {
        key: row for key, row in before.items() if key not in mine
    }
    assert not [row for key, row in after.items() if key not in before and _names(row, foreign)]


def _names(row, group):
    """Whether a row names the group, or anything that is the group's."""
    sections = Section.objects.filter(meeting__group=group).values_list("pk", flat=True)
    meetings = Meeting.objects.filter(group=group).values_list("pk", flat=True)
    return (
        row.get("group_id") == group.pk
        or row.get("section_id") in sections
        or row.get("meeting_id") in meetings
    )


def test_an_organiser_picks_no_nomination_of_another_group(own, others):
    (group, _, client), (_, theirs) = own, others
    Meeting.objects.filter(group=group).update(phase="ready")
    later = Meeting.objects.filter(group=group).latest("occurs_on")
    body = {"nomination": theirs["nomination"], "reason": "Ours."}
    url = reverse("groups:ballot_pick", args=[group.slug, later.occurs_on])

    assert client.post(url, body).status_code == 404
    assert not MeetingPaper.objects.filter(meeting=later).exists()
