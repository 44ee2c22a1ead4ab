"""Minutes in a browser: they save themselves, lose nothing, and need no script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from groups.meeting.minutes import minutes as keeping
from groups.models import MeetingFile, Minutes
from tests.builders import make_user
from tests.e2e.conftest import sign_in
from tests.groups.builders import make_group, make_meeting, make_membership


@pytest.fixture
def meeting():
    return make_meeting(make_group("readers"))


@pytest.fixture
def writer(meeting):
    return make_membership(meeting.group, make_user("mona", full_name="Mona M.")).member


def open_editor(page, meeting, writer):
    sign_in(page, writer)
    page.goto(f"{meeting.get_absolute_url()}/minutes/edit")
    return page.get_by_label("Minutes", exact=True)


def test_minutes_are_written_and_read(page, meeting, writer):
    field = open_editor(page, meeting, writer)
    field.fill("We **agreed** on nothing.")
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".said strong")).to_have_text("agreed")


def test_typing_saves_itself_and_keeps_the_caret(scripted_page, meeting, writer):
    field = open_editor(scripted_page, meeting, writer)
    field.fill("One three")
    for _ in range(5):
        field.press("ArrowLeft")
    field.press_sequentially("two ")
    expect(scripted_page.locator("[data-minutes-state]")).to_have_text(
        re.compile(r"Saved \d\d:\d\d")
    )
    field.press_sequentially("and ")

    expect(field).to_have_value("One two and three")
    expect(field).to_be_focused()
    assert Minutes.objects.get().text.startswith("One two")


def test_a_text_that_cannot_be_sent_is_kept_and_sent_again(scripted_page, meeting, writer):
    page = scripted_page
    field = open_editor(page, meeting, writer)
    page.context.set_offline(True)
    field.fill("Written on a train")
    expect(page.locator("[data-minutes-state]")).to_contain_text("kept in this browser")

    page.context.set_offline(False)

    expect(page.locator("[data-minutes-state]")).to_contain_text("Saved")
    assert Minutes.objects.get().text == "Written on a train"


def test_a_kept_text_is_offered_when_the_form_is_opened_again(scripted_page, meeting, writer):
    page = scripted_page
    field = open_editor(page, meeting, writer)
    page.route(
        "**/minutes/edit",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    field.fill("Written on a train")
    expect(page.locator("[data-minutes-state]")).to_contain_text("kept in this browser")
    page.unroute("**/minutes/edit")
    page.route(
        "**/minutes/edit",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.reload()
    page.unroute("**/minutes/edit")

    page.get_by_role("button", name="Take it").click()

    expect(field).to_have_value("Written on a train")
    expect(page.locator("[data-minutes-state]")).to_contain_text("Saved")


def test_two_who_write_at_once_are_told_of_each_other(scripted_page, meeting, writer):
    field = open_editor(scripted_page, meeting, writer)
    keeping.save(meeting=meeting, editor=make_user(full_name="Ana P."), text="Mine", base_version=0)
    field.fill("No, mine")

    news = scripted_page.locator("[data-minutes-news]")
    expect(news).to_contain_text(
        "Ana P. saved another version in the meantime. It is in the history."
    )
    expect(news.get_by_role("link")).to_be_visible()
    expect(field).to_be_focused()


def test_a_preview_leaves_the_text_as_it_is(page, meeting, writer):
    field = open_editor(page, meeting, writer)
    field.fill("*so*")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator("#minutes-preview em")).to_have_text("so")
    expect(field).to_have_value("*so*")


def test_a_file_is_added_and_handed_out(page, meeting, writer):
    sign_in(page, writer)
    page.goto(f"{meeting.get_absolute_url()}/files/new")
    file = {"name": "slides.html", "mimeType": "text/html", "buffer": b"<script>1</script>"}
    page.get_by_label("Or a file").set_input_files(file)
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(f"**{meeting.get_absolute_url()}")

    with page.expect_download() as download:
        page.get_by_role("link", name="slides.html", exact=True).click()
    assert download.value.suggested_filename == "slides.html"


def test_a_file_that_is_too_large_is_not_sent_first(scripted_page, meeting, writer, settings):
    settings.UPLOAD_MAX_BYTES = 10
    page = scripted_page
    sign_in(page, writer)
    page.goto(f"{meeting.get_absolute_url()}/files/new")
    file = {"name": "talk.mp4", "mimeType": "video/mp4", "buffer": b"x" * 100}
    page.get_by_label("Or a file").set_input_files(file)

    expect(page.get_by_role("alert")).to_contain_text("Add a link to it instead.")
    page.get_by_role("button", name="Add").click()
    assert not MeetingFile.objects.exists()
