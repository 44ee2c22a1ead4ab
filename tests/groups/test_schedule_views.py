"""The pages on which organisers plan."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.urls import reverse

from groups.models import Meeting, Schedule, Series, SeriesPart
from tests.builders import make_paper
from tests.groups.builders import make_meeting, make_membership, make_question, make_rsvp

pytestmark = [pytest.mark.django_db, pytest.mark.dated]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def url(group):
    return reverse("groups:schedule_edit", args=[group.slug])


def sent(**fields):
    return {
        "interval": 1, "frequency": "weekly", "weekday": 3, "time_1": "18:00",
        "zone": "Europe/Berlin", "duration_minutes": 60, "starts_on": "2026-11-26",
        "ends_on": "2026-12-31", "act": "preview",
    } | fields  # fmt: skip


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def apply(client, url, **fields):
    """Look at what changes, and agree to it, as a person does."""
    shown = client.post(url, sent(**fields))
    assert shown.status_code == 200, text_of(shown)
    digest = re.search(r'name="digest"\s+value="(\w+)"', shown.content.decode())[1]
    return client.post(url, sent(**fields) | {"act": "apply", "digest": digest})


def test_a_group_without_a_schedule_is_asked_for_one(owner_client, url):
    assert "The group has no schedule yet." in text_of(owner_client.get(url))


def test_what_changes_is_shown_before_it_is_done(owner_client, url, group):
    response = owner_client.post(url, sent())

    assert "6 meetings are added" in text_of(response)
    assert not Schedule.objects.exists()


def test_what_was_shown_is_done(owner_client, url, group):
    response = apply(owner_client, url)

    assert response.status_code == 302
    assert Meeting.objects.filter(group=group).count() == 6
    assert "Every Thursday at 18:00 in Berlin, for 60 minutes" in text_of(owner_client.get(url))


def test_nothing_is_done_that_was_not_shown(owner_client, url):
    response = owner_client.post(url, sent(act="apply"))

    assert response.status_code == 422
    assert "review the changes again" in text_of(response)
    assert not Schedule.objects.exists()


def test_what_changed_meanwhile_is_shown_anew(owner_client, url, group):
    apply(owner_client, url)
    shown = owner_client.post(url, sent(time_1="17:00"))
    digest = re.search(r'name="digest"\s+value="(\w+)"', shown.content.decode())[1]
    Meeting.objects.filter(group=group).first().delete()
    response = owner_client.post(url, sent(time_1="17:00", act="apply", digest=digest))

    assert response.status_code == 422
    assert "5 meetings move" in text_of(response)


def test_moved_and_cancelled_meetings_are_named_with_both_times(owner_client, url, group):
    apply(owner_client, url)
    make_question(Meeting.objects.filter(group=group).order_by("occurs_on").last())
    words = text_of(owner_client.post(url, sent(time_1="17:00", ends_on="2026-12-24")))

    assert "Thursday, December 3, 2026, 18:00 in Berlin" in words
    assert "Thursday, December 3, 2026, 17:00 in Berlin" in words
    assert "1 meeting is cancelled" in words


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ends_on": ""}, "Enter when the term ends."),
        ({"zone": "Europe/Atlantis"}, "“Europe/Atlantis” is not a time zone."),
        ({"ends_on": "2026-11-01"}, "The term ends before it starts."),
        ({"starts_on": "2026-11-01"}, "November 1, 2026 is in the past."),
        ({"ends_on": "2036-11-01"}, "A term lasts 3 years at most."),
        ({"time_1": "25:00"}, "Enter a valid time."),
        ({"frequency": "monthly"}, "Choose which weekday of the month"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_what_was_typed(owner_client, url, fields, said):
    response = owner_client.post(url, sent(**fields))

    assert response.status_code == 422
    assert said in text_of(response)
    assert 'value="2026-12-31"' in response.content.decode() or "ends_on" in fields


def test_the_form_starts_with_the_rule_and_the_time_whose_turn_it_is(owner_client, url):
    apply(owner_client, url, time_2="09:00")
    with time_machine.travel(datetime(2026, 11, 27, tzinfo=UTC), tick=False):
        html = owner_client.get(url).content.decode()

    assert re.search(r'name="time_1" value="09:00"', html)
    assert re.search(r'name="starts_on" value="2026-12-03"', html)


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "EST5EDT", "America/Detroit"])
def test_a_rule_keeps_a_zone_that_the_list_lacks(owner_client, url, group, zone):
    apply(owner_client, url)
    Schedule.objects.update(zone=zone)
    typed = owner_client.get(url).context["form"]["zone"].subwidgets[0].data["value"]

    apply(owner_client, url, zone=typed, time_1="17:00")

    assert {each.zone for each in Schedule.objects.all()} == {zone}


def test_a_zone_is_chosen_by_its_city(owner_client, url, group):
    apply(owner_client, url, zone="new york")

    assert Schedule.objects.get().zone == "America/New_York"


def test_holidays_are_skipped_at_once(owner_client, url, group):
    apply(owner_client, url)
    owner_client.post(url, {"act": "skip", "days": "2026-12-24\n2026-12-31"})

    assert Meeting.objects.filter(group=group, phase="skipped").count() == 2


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("2026-12-25", "No meeting falls on December 25, 2026."),
        ("2026-11-19", "is before the term"),
        ("Christmas", "“Christmas” is not a day."),
        ("", "Enter at least one day"),
    ],
)
def test_a_day_that_cannot_be_skipped_is_named(owner_client, url, days, said):
    apply(owner_client, url)
    response = owner_client.post(url, {"act": "skip", "days": days})

    assert response.status_code == 422
    assert said in text_of(response)


def test_a_long_schedule_costs_no_more_queries(owner_client, url, group, count_queries):
    make_meeting(group, day=date(2026, 12, 1), paper=make_paper())
    short = count_queries(lambda: owner_client.get(url))
    for number in range(2, 12):
        make_meeting(group, day=date(2026, 12, number), paper=make_paper())

    assert count_queries(lambda: owner_client.get(url)) == short


def test_a_closed_group_plans_nothing(owner_client, url, group):
    group.closed_at = NOW
    group.save()

    assert owner_client.get(url).status_code == 200
    assert owner_client.post(url, sent()).status_code == 403


# One meeting --------------------------------------------------------------------------------------


def address(name, meeting):
    return reverse(f"groups:meeting_{name}", args=[meeting.group.slug, meeting.occurs_on])


def test_a_meeting_is_moved(owner_client, meeting):
    said = {"day": "2026-12-02", "time": "12:30", "zone": "Asia/Tokyo"}
    response = owner_client.post(address("move", meeting), said, follow=False)

    meeting.refresh_from_db()
    assert response["Location"] == meeting.get_absolute_url()
    assert (meeting.day, meeting.time, meeting.zone) == (
        date(2026, 12, 2),
        time(12, 30),
        "Asia/Tokyo",
    )


def test_a_time_that_never_comes_is_refused_and_kept_in_the_form(owner_client, meeting):
    said = {"day": "2027-03-28", "time": "02:30", "zone": "Europe/Berlin"}
    response = owner_client.post(address("move", meeting), said)

    assert response.status_code == 422
    assert "clocks in Berlin go forward, and 02:30 does not exist" in text_of(response)
    assert 'value="02:30"' in response.content.decode()


def test_a_time_that_comes_twice_is_the_first_and_said_so(owner_client, meeting, url):
    said = {"day": "2027-10-31", "time": "02:30", "zone": "Europe/Berlin"}
    owner_client.post(address("move", meeting), said)

    assert "02:30 happens twice: the meeting is at the first." in text_of(owner_client.get(url))


def test_a_meeting_is_cancelled_and_put_on_again(owner_client, meeting):
    off = address("off", meeting)
    owner_client.post(off, {"act": "cancel", "reason": "The room is closed."})
    meeting.refresh_from_db()
    assert (meeting.phase, meeting.off_reason) == ("cancelled", "The room is closed.")

    assert "Restore it" in text_of(owner_client.get(off))
    owner_client.post(off, {"act": "on"})
    meeting.refresh_from_db()
    assert meeting.is_upcoming


def test_a_meeting_is_added(owner_client, group):
    said = {"day": "2026-12-01", "time": "18:00", "zone": "Europe/Berlin", "duration_minutes": 30}
    owner_client.post(
        reverse("groups:meeting_add", args=[group.slug]), said | {"title": "Kick-off"}
    )

    meeting = Meeting.objects.get(group=group)
    assert (meeting.title, meeting.schedule, meeting.duration_minutes) == ("Kick-off", None, 30)


def test_a_second_meeting_on_a_day_is_refused(owner_client, meeting):
    said = {"day": str(meeting.day), "time": "09:00", "zone": "UTC", "duration_minutes": 30}
    response = owner_client.post(reverse("groups:meeting_add", args=[meeting.group.slug]), said)

    assert response.status_code == 422
    assert "The group already meets on November 30, 2026." in text_of(response)


def test_a_meeting_gets_its_papers_by_their_ids(owner_client, meeting):
    paper = make_paper("2401.12345")
    said = {"choice": "organiser", "duration_minutes": 60, "capacity": "12"}
    link = {"papers": "https://arxiv.org/abs/2401.12345v2"}
    response = owner_client.post(address("edit", meeting), said | link)

    meeting.refresh_from_db()
    assert response.status_code == 302
    assert list(meeting.papers.all()) == [paper]
    assert meeting.capacity == 12


def test_what_names_no_paper_is_refused(owner_client, meeting):
    said = {"choice": "organiser", "duration_minutes": 60, "papers": "the one with the figures"}
    response = owner_client.post(address("edit", meeting), said)

    assert response.status_code == 422
    assert "There is no arXiv id" in text_of(response)
    assert "the one with the figures" in text_of(response)


# Series -------------------------------------------------------------------------------------------


def series_sent(**fields):
    return {
        "title": "A book",
        "parts": "Groundwork | pp. 1 to 30\nProofs",
        "from_day": "2026-11-23",
    } | fields


def test_a_series_is_planned_and_shown(owner_client, url, group, client):
    apply(owner_client, url)
    response = owner_client.post(reverse("groups:series_create", args=[group.slug]), series_sent())
    words = text_of(client.get(response["Location"]))

    assert "Groundwork pp. 1 to 30 Thu, Nov 26, 18:00 in Berlin" in words
    assert "Proofs Thu, Dec 3, 18:00 in Berlin" in words
    assert "2 parts, 2 left" in text_of(
        client.get(reverse("groups:series_list", args=[group.slug]))
    )


def test_a_plan_is_changed_and_ended(owner_client, url, group):
    apply(owner_client, url)
    owner_client.post(reverse("groups:series_create", args=[group.slug]), series_sent())
    one = Series.objects.get()
    edit = reverse("groups:series_edit", args=[group.slug, one.pk])
    owner_client.post(edit, series_sent(parts="Only this"))
    assert [each.title for each in SeriesPart.objects.all()] == ["Only this"]

    owner_client.post(edit, {"act": "end"})
    assert not Series.objects.exists()


def test_a_bad_line_of_parts_is_named(owner_client, group):
    create = reverse("groups:series_create", args=[group.slug])
    response = owner_client.post(create, series_sent(parts="One\n| pp. 3"))

    assert response.status_code == 422
    assert "has no title before the bar" in text_of(response)


def test_members_see_who_has_read_a_part_and_visitors_do_not(client, group, member_client):
    from groups.models import Progress

    meeting = make_meeting(group, day=date(2026, 12, 3))
    one = Series.objects.create(group=group, title="A book")
    SeriesPart.objects.create(series=one, position=1, title="One", meeting=meeting)
    for shares in (True, False):
        member = make_membership(group, shares_progress=shares).member
        Progress.objects.create(meeting=meeting, member=member, state="read")
    page = reverse("groups:series_page", args=[group.slug, one.pk])

    assert "1 has read it" in text_of(member_client.get(page))
    assert "have read it" not in text_of(client.get(page))


def test_a_long_series_costs_no_more_queries(member_client, group, count_queries):
    one = Series.objects.create(group=group, title="A book")
    page = reverse("groups:series_page", args=[group.slug, one.pk])

    def add(number):
        meeting = make_meeting(group, day=date(2026, 12, number))
        SeriesPart.objects.create(series=one, position=number, title="One", meeting=meeting)

    add(1)
    short = count_queries(lambda: member_client.get(page))
    for number in range(2, 12):
        add(number)
    assert count_queries(lambda: member_client.get(page)) == short


def test_a_smaller_room_is_asked_for_twice_where_somebody_loses_a_place(group, owner_client):
    meeting = make_meeting(group, day=date(2026, 12, 10))
    for _ in range(2):
        make_rsvp(meeting)
    edit = reverse("groups:meeting_edit", args=[group.slug, meeting.occurs_on])
    sent = {"choice": "ballot", "capacity": "1", "duration_minutes": "60"}

    asked = owner_client.post(edit, sent)
    assert asked.status_code == 422
    assert "One member who has a place would go to the top" in text_of(asked)
    read = asked.context["form"].data["confirmed"]
    assert owner_client.post(edit, sent | {"confirmed": read}).status_code == 302
    assert [each.is_waiting for each in meeting.rsvps.order_by("queued_at")] == [False, True]
