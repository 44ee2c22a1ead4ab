"""Calendars over HTTP: for whom, at which address, and how cheaply asked again."""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from common.secret_addresses import HideSecretAddresses
from groups.calendar import links, tokens
from groups.models import CalendarToken, Group, Membership
from tests.builders import make_paper, make_user
from tests.groups.builders import make_group, make_meeting, make_membership, make_rsvp
from tests.groups.calendar_reading import events, plan, read, seen

pytestmark = pytest.mark.django_db

TERM = {"starts_on": date(2026, 11, 26), "ends_on": date(2027, 1, 28)}
FEED = "/groups/readers/calendar.ics"


def secret_of(member, label="My phone"):
    return f"/calendars/{tokens.make_token(member=member, label=label)}.ics"


def assert_same_page(one, other):
    """Compare two pages but for the address that each leads back to."""
    first, second = (re.sub(rb"next=[^\"&]*", b"next=", each) for each in (one, other))
    assert first == second


@pytest.fixture
def mona(group):
    return make_membership(group, make_user("mona")).member


def test_a_feed_is_sent_as_a_calendar(client, group):
    plan(group, **TERM)

    response = client.get(FEED)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="readers.ics"'
    assert len(seen(response.content)) == 10


def test_a_feed_that_is_known_is_not_sent_again(client, group):
    _, meetings = plan(group, **TERM)
    tag = client.get(FEED)["ETag"]

    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 304

    meetings[0].readings.create(paper=make_paper())
    changed = client.get(FEED, headers={"If-None-Match": tag})
    assert (changed.status_code, changed["ETag"] == tag) == (200, False)


@pytest.mark.parametrize("is_secret", [False, True])
def test_more_meetings_cost_no_more_queries(client, group, mona, count_queries, is_secret):
    url = secret_of(mona) if is_secret else FEED
    make_meeting(group, day=date(2026, 11, 26), paper=make_paper())
    few = count_queries(lambda: client.get(url))

    plan(group, starts_on=date(2026, 12, 1), ends_on=date(2027, 3, 31))
    for meeting in group.meetings.all():
        meeting.readings.create(paper=make_paper())

    assert count_queries(lambda: client.get(url)) == few


def test_more_groups_cost_no_more_queries(client, mona, count_queries):
    url = secret_of(mona)
    make_meeting(Group.objects.get())
    few = count_queries(lambda: client.get(url))

    for _ in range(5):
        make_meeting(make_membership(make_group(), mona).group)

    assert count_queries(lambda: client.get(url)) == few


def test_a_private_group_has_a_feed_for_members_alone(client, private_group, owner_client):
    make_meeting(private_group, title="Hush")
    url = "/groups/quiet-readers/calendar.ics"

    assert owner_client.get(url).status_code == 200
    there, nowhere = client.get(url), client.get("/groups/no-such-group/calendar.ics")
    assert there.status_code == nowhere.status_code == 404
    assert_same_page(there.content, nowhere.content)


def test_a_meeting_is_a_file_of_one_event(client, group):
    _, meetings = plan(group, **TERM)

    response = client.get("/groups/readers/meetings/2026-11-26/calendar.ics")

    [event] = events(response.content)
    assert event["UID"] == f"meeting-{meetings[0].pk}@localhost"
    assert event["DTSTART"].dt == meetings[0].starts_at
    assert "RRULE" not in event
    assert response["Content-Disposition"].startswith("attachment")


def test_a_meeting_that_is_off_says_so_in_its_file(client, group):
    make_meeting(group, day=date(2026, 11, 26), phase="skipped")

    [event] = events(client.get("/groups/readers/meetings/2026-11-26/calendar.ics").content)

    assert event["STATUS"] == "CANCELLED"


def test_the_secret_feed_has_all_groups_and_how_to_join(client, group, mona, private_group):
    make_membership(private_group, mona)
    make_meeting(group, join_url="https://meet.example/room", place="Attic")
    make_meeting(private_group, title="Hush")

    content = client.get(secret_of(mona)).content

    first, second = events(content)
    assert (first["CONFERENCE"], first["LOCATION"]) == ("https://meet.example/room", "Attic")
    assert first["CONFERENCE"].params["VALUE"] == "URI"
    assert second["SUMMARY"] == "Quiet Readers: Hush"
    assert str(read(content)["NAME"]).startswith("Reading groups on")


def test_a_declined_meeting_is_in_no_calendar_of_whoever_declined(client, group, mona):
    _, meetings = plan(group, **TERM)
    make_rsvp(meetings[2], mona, answer="no")
    make_rsvp(meetings[3], mona, answer="maybe")
    url = secret_of(mona)

    assert len(seen(client.get(url).content)) == 9
    assert len(seen(client.get(FEED).content)) == 10


def test_whoever_is_removed_loses_the_group_at_the_next_request(client, group, mona):
    make_meeting(group)
    url = secret_of(mona)
    assert len(events(client.get(url).content)) == 1

    Membership.objects.filter(group=group, member=mona).delete()

    assert events(client.get(url).content) == []


@pytest.mark.parametrize("wrong", ["x", "A" * 43, "é" * 43, "a" * 500, "%00" * 43])
def test_a_wrong_address_is_the_same_nothing_as_any(client, wrong):
    url = quote(f"/calendars/{wrong}.ics", safe="/%")
    response = client.get(url)

    assert response.status_code == 404
    # The page names its own address, for who signs in from it.
    assert_same_page(response.content, client.get("/no/such/page").content)


@pytest.mark.parametrize("shut", ["suspended", "closed", "revoked"])
def test_an_address_of_whoever_is_shut_out_leads_nowhere(client, mona, shut):
    url = secret_of(mona)
    assert client.get(url).status_code == 200

    if shut == "suspended":
        mona.suspended_until = timezone.now() + timedelta(days=1)
    elif shut == "closed":
        mona.is_active, mona.closed_at = False, timezone.now()
    else:
        tokens.revoke_token(member=mona, pk=CalendarToken.objects.get().pk)
    mona.save()

    assert client.get(url).status_code == 404


def test_a_token_is_kept_as_a_hash_and_is_long(mona):
    token = tokens.make_token(member=mona, label="Phone")

    [row] = CalendarToken.objects.values()
    assert len(token) == 43
    assert token not in str(row)


def test_the_address_is_shown_once(member_client, group):
    made = member_client.post("/settings/calendars", {"label": "My <b>phone</b>"})
    again = member_client.get("/settings/calendars")

    assert b"webcal://localhost:8000/calendars/" in made.content
    assert b"calendar.google.com" in made.content
    assert b"webcal:" not in again.content
    assert b"My &lt;b&gt;phone&lt;/b&gt;" in again.content
    assert made["Cache-Control"] == "private, no-store"


def test_five_addresses_fit(member_client):
    for number in range(5):
        assert member_client.post("/settings/calendars", {"label": number}).status_code == 200

    sixth = member_client.post("/settings/calendars", {"label": "One more"})

    assert sixth.status_code == 422
    assert b"the maximum" in sixth.content
    assert CalendarToken.objects.count() == 5


def test_an_address_without_a_label_is_refused(member_client):
    assert member_client.post("/settings/calendars", {"label": " "}).status_code == 422


def test_nobody_removes_anothers_address(member_client, owner):
    secret_of(owner)
    pk = CalendarToken.objects.get().pk

    assert member_client.post(f"/settings/calendars/{pk}/revoke").status_code == 404
    assert CalendarToken.objects.exists()


def test_an_address_is_removed(owner_client, owner):
    url = secret_of(owner)

    response = owner_client.post(f"/settings/calendars/{CalendarToken.objects.get().pk}/revoke")

    assert response["Location"] == "/settings/calendars"
    assert Client().get(url).status_code == 404


def test_no_log_has_an_address_in_it():
    token = "s3cret-" + "x" * 36
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "%s: %s",
        ("Not Found", f"/calendars/{token}.ics"), None,
    )  # fmt: skip

    assert HideSecretAddresses(["/calendars/"]).filter(record)
    assert token not in record.getMessage()
    assert record.getMessage() == "Not Found: /calendars/…"


def test_the_log_of_the_site_hides_addresses(settings):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["secrets"]


def test_links_that_add_a_meeting_name_its_moment_and_tell_no_secret(group):
    meeting = make_meeting(
        group, day=date(2026, 11, 26), title="Q & A", join_url="https://meet.example/x"
    )

    found = links.adding(meeting)

    assert found.plain == "/groups/readers/meetings/2026-11-26/calendar.ics"
    assert "dates=20261126T170000Z%2F20261126T180000Z" in found.google
    assert "text=Readers%3A+Q+%26+A" in found.google
    assert "startdt=2026-11-26T17%3A00%3A00Z" in found.outlook
    assert "meet.example" not in found.google + found.outlook


def test_the_calendars_are_a_tab_of_the_settings(member_client):
    assert b">Calendars</a>" in member_client.get("/settings/calendars").content
