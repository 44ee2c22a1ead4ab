"""The agenda: written line by line, walked through point by point."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from common.refusals import Refused
from groups.meeting.agenda import agenda
from groups.meeting.agenda.agenda import PlannedPoint
from groups.models import AgendaItem, LogEntry, Pulse
from tests.builders import make_user
from tests.groups.builders import make_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.dated]


@pytest.fixture
def points(meeting, owner):
    drafts = [PlannedPoint("Claims", 10), PlannedPoint("Methods", 20), PlannedPoint("Doubts", 15)]
    return agenda.set_agenda(meeting=meeting, by=owner, points=drafts)


def sent(*rows, **extra):
    """Return the form of an agenda as a browser sends it: (pk, text, minutes) for each line."""
    data = {"points-TOTAL_FORMS": len(rows), "points-INITIAL_FORMS": 0}
    for at, (pk, text, minutes) in enumerate(rows):
        data |= {f"points-{at}-pk": pk, f"points-{at}-text": text, f"points-{at}-minutes": minutes}
    return data | extra


def test_an_organiser_writes_the_agenda(owner_client, meeting):
    rows = [("", "Claims", 10), ("", "Methods", 20), ("", "", "")]
    response = owner_client.post(f"{meeting.get_absolute_url()}/agenda", sent(*rows))

    assert response.status_code == 302
    assert [str(item) for item in meeting.agenda.all()] == ["Claims", "Methods"]
    assert LogEntry.objects.get().kind == "agenda"


def test_lines_move_without_being_saved(owner_client, meeting):
    rows = [("", "Claims", 10), ("", "Methods", 20)]
    url = f"{meeting.get_absolute_url()}/agenda"
    text = owner_client.post(url, sent(*rows, line="down:0")).text

    assert text.index("Methods") < text.index("Claims")
    assert "Nothing is saved yet." in text
    assert not AgendaItem.objects.exists()


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("remove:0", ["Methods"]),
        ("add", ["Claims", "Methods", ""]),
        ("up:x", ["Claims", "Methods"]),
    ],
)
def test_lines_are_added_and_removed(owner_client, meeting, line, left):
    rows = [("", "Claims", 10), ("", "Methods", 20)]
    response = owner_client.post(f"{meeting.get_absolute_url()}/agenda", sent(*rows, line=line))

    form = response.context["form"]
    assert [each["text"].value() or "" for each in form.formset] == left


def test_the_total_stands_beside_the_meetings_length(owner_client, meeting, points):
    response = owner_client.get(f"{meeting.get_absolute_url()}/agenda")

    assert "<strong>45</strong> of the" in response.text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "Claims", ""), "Enter how many minutes"),
        (("", "", 10), "Describe this item"),
        (("", "Claims", 601), "less than or equal to 600"),
        (("", "x" * 301, 5), "at most 300"),
    ],
)
def test_a_line_in_error_comes_back(owner_client, meeting, row, words):
    response = owner_client.post(f"{meeting.get_absolute_url()}/agenda", sent(row))

    assert response.status_code == 422
    assert words in response.text


def test_a_point_that_stays_keeps_its_state(meeting, owner, points):
    agenda.start_point(meeting=meeting, pk=points[1].pk)
    drafts = [PlannedPoint("Methods and data", 25, points[1].pk), PlannedPoint("New", 5)]
    first, second = agenda.set_agenda(meeting=meeting, by=owner, points=drafts)

    assert first.pk == points[1].pk
    assert first.started_at
    assert second.started_at is None
    assert AgendaItem.objects.count() == 2


def test_a_point_of_another_meeting_is_not_taken_over(meeting, owner, group, points):
    other = make_meeting(group, day=meeting.day.replace(year=2030))
    agenda.set_agenda(meeting=other, by=owner, points=[PlannedPoint("Mine", 5, points[0].pk)])

    points[0].refresh_from_db()
    assert points[0].text == "Claims"


def test_an_agenda_has_an_end(meeting, owner):
    with pytest.raises(Refused, match="up to 40"):
        agenda.set_agenda(meeting=meeting, by=owner, points=[PlannedPoint("x", 1)] * 41)


def test_one_point_is_on_at_a_time(meeting, points):
    agenda.start_point(meeting=meeting, pk=points[0].pk)
    agenda.start_point(meeting=meeting, pk=points[1].pk)

    first, second, _ = meeting.agenda.all()
    assert first.ended_at
    assert second.started_at
    assert second.ended_at is None


def test_a_second_press_starts_nothing_anew(meeting, points):
    agenda.start_point(meeting=meeting, pk=points[0].pk)
    begun = meeting.agenda.first().started_at
    beat = Pulse.objects.get().beat
    agenda.start_point(meeting=meeting, pk=points[0].pk)

    assert meeting.agenda.first().started_at == begun
    assert Pulse.objects.get().beat == beat


def test_an_organiser_walks_through_the_agenda(owner_client, meeting, points):
    url = f"{meeting.get_absolute_url()}/agenda/{points[0].pk}"
    back = f"{meeting.get_absolute_url()}/live"
    assert owner_client.post(f"{url}?next={back}", {"do": "start"})["Location"] == back
    assert owner_client.post(url, {"do": "end"}).status_code == 302
    assert owner_client.post(url, {"do": "dance"}).status_code == 400

    assert meeting.agenda.first().ended_at


def test_a_point_of_no_meeting_is_not_found(owner_client, meeting):
    url = f"{meeting.get_absolute_url()}/agenda/99"

    assert owner_client.post(url, {"do": "start"}).status_code == 404


def test_no_point_starts_on_a_day_without_meeting(owner_client, group):
    meeting = make_meeting(group, phase="cancelled")
    point = AgendaItem.objects.create(meeting=meeting, position=1, text="Claims")
    url = f"{meeting.get_absolute_url()}/agenda/{point.pk}"
    owner_client.post(url, {"do": "start"})

    point.refresh_from_db()
    assert point.started_at is None


def test_times_are_the_readers_own(client, points, meeting):
    in_berlin = client.get(meeting.get_absolute_url()).text
    client.force_login(make_user(time_zone="Asia/Tokyo"))
    in_tokyo = client.get(meeting.get_absolute_url()).text

    assert '<span class="clock">18:00</span>' in in_berlin
    assert '<span class="clock">18:10</span>' in in_berlin
    clock = meeting.starts_at.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%H:%M")
    assert clock in {"01:00", "02:00"}  # by whether it is summer in Berlin
    assert f'<span class="clock">{clock}</span>' in in_tokyo
