"""The pages of minutes: for whom, with and without a script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups.meeting.minutes import minutes as keeping
from groups.models import Minutes, MinutesRevision, Pulse
from tests.builders import make_user
from tests.groups.builders import make_meeting, make_membership
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db

SCRIPT = {"HTTP_ACCEPT": "application/json"}


def url_of(name, meeting):
    return reverse(f"groups:{name}", args=[meeting.group.slug, meeting.occurs_on])


@pytest.fixture
def edit_url(meeting):
    return url_of("minutes_edit", meeting)


def sent(text="We read on.", base=0):
    return {"text": text, "base_version": str(base)}


def write(meeting, text, editor=None):
    said = Minutes.objects.filter(meeting=meeting).first()
    return keeping.save(
        meeting=meeting,
        editor=editor or make_user(),
        text=text,
        base_version=said.version if said else 0,
    )


def page_of(client, url):
    return client.get(url).content.decode()


def test_everybody_who_sees_the_group_reads_its_minutes(client, meeting):
    write(meeting, "We **agreed**.")

    assert "<strong>agreed</strong>" in page_of(client, url_of("minutes_page", meeting))


def test_minutes_of_a_private_group_are_for_its_members(client, private_group, owner_client):
    meeting = make_meeting(private_group)
    write(meeting, "A secret")
    url = url_of("minutes_page", meeting)

    assert client.get(url).status_code == 404
    assert "A secret" in page_of(owner_client, url)


def test_a_form_begins_with_the_template_of_the_group(member_client, edit_url):
    page = page_of(member_client, edit_url)

    assert "## What the paper claims" in page
    assert not Minutes.objects.exists()


def test_a_form_goes_on_with_what_was_saved(member_client, meeting, edit_url):
    write(meeting, "Begun")

    page = page_of(member_client, edit_url)

    assert ">\nBegun</textarea>" in page
    assert 'name="base_version" value="1"' in " ".join(page.split())


def test_a_member_saves_and_is_led_to_the_minutes(member_client, meeting, edit_url):
    response = member_client.post(edit_url, sent())

    assert response.url == url_of("minutes_page", meeting)
    assert Minutes.objects.get().text == "We read on."


def test_a_script_is_told_the_version_and_whose_text_gave_way(member_client, meeting, edit_url):
    write(meeting, "Mine", make_user(full_name="Ana P."))

    answer = member_client.post(edit_url, sent(), **SCRIPT).json()

    assert answer == {
        "version": 2,
        "words": "Ana P. saved another version in the meantime. It is in the history.",
    }


def test_those_in_the_room_learn_of_a_save(member_client, meeting, edit_url):
    member_client.post(edit_url, sent(), **SCRIPT)

    assert Pulse.objects.get(meeting=meeting).beat == 1


def test_what_is_too_long_comes_back_as_it_was_typed(member_client, edit_url):
    text = "long " * 4_100

    response = member_client.post(edit_url, sent(text))

    assert response.status_code == 422
    assert "Minutes can have up to 20,000 characters" in response.content.decode()
    assert text in response.content.decode()


def test_a_script_is_told_what_is_too_long(member_client, edit_url):
    response = member_client.post(edit_url, sent("x" * 20_001), **SCRIPT)

    assert response.status_code == 422
    assert "20,001" in response.json()["refusal"]


@pytest.mark.parametrize("base", ["", "x", "-1", "99999999999999999999"])
def test_a_form_without_its_version_saves_nothing_and_keeps_the_text(member_client, edit_url, base):
    response = member_client.post(edit_url, sent("Kept words", base))

    assert response.status_code == 422
    assert "Kept words" in response.content.decode()
    assert not Minutes.objects.exists()


def test_a_preview_shows_and_saves_nothing(member_client, edit_url):
    page = member_client.post(edit_url, sent("*so*") | {"preview": "yes"}).content.decode()

    assert "<em>so</em>" in page
    assert ">\n*so*</textarea>" in page
    assert not Minutes.objects.exists()


def test_headings_of_a_preview_stand_below_the_pages_own(member_client, edit_url):
    page = member_client.post(edit_url, sent("## Claims") | {"preview": "yes"}).text

    assert "<h3>Claims</h3>" in page


def test_a_preview_by_htmx_is_the_preview_alone(member_client, edit_url):
    typed = sent("*so*") | {"preview": "yes"}
    page = member_client.post(edit_url, typed, HTTP_HX_REQUEST="true").content.decode()

    assert page.lstrip().startswith('<div class="preview is-filled"')
    assert "<textarea" not in page


def test_markup_in_minutes_stays_text_on_every_page(member_client, meeting):
    write(meeting, "</textarea><script>alert(1)</script>")

    for name in ("minutes_page", "minutes_edit", "minutes_history"):
        page = page_of(member_client, url_of(name, meeting))
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page


def test_guests_read_and_do_not_write(meeting, edit_url):
    guest = client_for(make_membership(meeting.group, role="guest").member)

    assert guest.get(url_of("minutes_history", meeting)).status_code == 200
    assert guest.post(edit_url, sent()).status_code == 403
    assert "Write minutes" not in page_of(guest, url_of("minutes_page", meeting))


def test_a_closed_group_writes_no_minutes(member_client, group, edit_url):
    group.closed_at = timezone.now()
    group.save()

    assert member_client.post(edit_url, sent()).status_code == 403


def test_a_form_from_another_site_saves_nothing(meeting, edit_url):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_membership(meeting.group).member)

    assert browser.post(edit_url, sent()).status_code == 403
    assert not Minutes.objects.exists()


def test_what_is_left_from_last_time_is_listed(member_client, meeting, edit_url):
    last = make_meeting(meeting.group, day=meeting.day - timedelta(days=7), phase="held")
    write(last, "- [ ] Ask Rui for the code\n- [x] Book a room")

    page = page_of(member_client, edit_url)

    assert "Open to-dos from last time" in page
    assert "Ask Rui for the code" in page
    assert "Book a room" not in page
    assert url_of("minutes_page", last) in page


def test_a_meeting_that_was_called_off_left_nothing(member_client, meeting, edit_url):
    last = make_meeting(meeting.group, day=meeting.day - timedelta(days=7), phase="cancelled")
    write(last, "- [ ] Ask Rui for the code")

    assert "Open to-dos from last time" not in page_of(member_client, edit_url)


def test_the_history_shows_who_wrote_what(member_client, meeting):
    write(meeting, "One", make_user(full_name="Ana P."))
    write(meeting, "One, two", make_user(full_name="Ben Q."))

    page = page_of(member_client, url_of("minutes_history", meeting))

    assert re.search(r"(?s)<ins>.*, two", page)
    assert page.index("Ben Q.") < page.index("Ana P.")


def test_a_member_restores_an_earlier_text(member_client, meeting):
    first = write(meeting, "One")
    write(meeting, "Two")

    member_client.post(url_of("minutes_history", meeting), {"restore": str(first.version)})

    assert Minutes.objects.get().text == "One"
    assert MinutesRevision.objects.count() == 3


def test_nobody_restores_a_text_of_other_minutes(member_client, meeting):
    write(meeting, "One")
    other = make_meeting()
    for _ in range(3):
        write(other, f"Other {_}")

    url = url_of("minutes_history", meeting)

    assert member_client.post(url, {"restore": "3"}).status_code == 404
    assert member_client.post(url, {"restore": "x"}).status_code == 422
    assert Minutes.objects.get(meeting=meeting).text == "One"


def test_the_page_costs_the_same_however_much_was_written(client, meeting, count_queries):
    url = url_of("minutes_page", meeting)
    write(meeting, "One")
    short = count_queries(lambda: client.get(url))
    for number in range(6):
        last = make_meeting(meeting.group, day=meeting.day - timedelta(days=7 * (number + 1)))
        write(last, "- [ ] more\n" * 30)
        write(meeting, f"Text {number}")

    # The page of the minutes before is one query more, whatever they say.
    assert count_queries(lambda: client.get(url)) <= short + 1
