"""Being told: the bell, the inbox, the comment, and the bell again."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from discussions.blocks import blocks
from discussions.comments import comments
from discussions.notifications import notifications
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_notification
from tests.e2e.conftest import DESKTOP, PHONE, sign_in
from tests.e2e.test_accessibility import violations

PAGES = ["/inbox", "/inbox?show=replies", "/settings/notifications", "/@ada/mute", "/@ada/block"]


@pytest.fixture
def reader(transactional_db):
    return make_user("Reader")


@pytest.fixture
def mention(reader):
    """A comment that names the reader, told as a worker tells it."""
    thread = comments.ensure_thread(paper=make_paper(title="On reading"))
    author = make_user("ada", full_name="Ada Lovelace")
    posted = comments.post_comment(
        thread=thread, author=author, text="Is this right, @Reader?", key=uuid.uuid4()
    )
    notifications.notify_of_comment(posted.comment.pk)
    return posted.comment


def bell(page, name):
    return page.get_by_role("link", name=name, exact=True)


def test_a_mention_leads_from_the_bell_to_the_comment(page, reader, mention):
    sign_in(page, reader)
    page.goto("/")
    bell(page, "Inbox, 1 unread").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("On reading")
    expect(page.get_by_text("mentioned you")).to_be_visible()

    page.get_by_role("link", name="Is this right, @Reader?").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("On reading")
    expect(page).to_have_url(re.compile(rf"#comment-{mention.pk}$"))


def test_what_was_read_in_its_thread_leaves_the_bell(scripted_page, reader, mention):
    page = scripted_page
    sign_in(page, reader)
    page.goto("/inbox")

    with page.expect_response(re.compile(r"/threads/\d+/seen$")):
        page.get_by_role("link", name="Is this right, @Reader?").click()

    page.goto("/inbox")
    expect(bell(page, "Inbox")).to_be_visible()


def test_what_is_marked_as_read_leaves_the_bell(page, reader, mention):
    sign_in(page, reader)
    page.goto("/inbox")

    page.get_by_role("button", name="Mark as read", exact=True).click()

    expect(bell(page, "Inbox")).to_be_visible()
    expect(page.locator(".news")).to_have_count(1)
    expect(page.get_by_role("button", name="Mark as read", exact=True)).to_have_count(0)


def test_marking_one_moves_nothing_and_keeps_the_place(scripted_page, reader, mention):
    page = scripted_page
    sign_in(page, reader)
    page.goto("/inbox")
    page.evaluate("document.body.dataset.stays = 'yes'")

    page.get_by_role("button", name="Mark as read", exact=True).press("Enter")

    expect(bell(page, "Inbox")).to_be_visible()
    expect(page.get_by_role("link", name="Is this right, @Reader?")).to_be_focused()
    assert page.evaluate("document.body.dataset.stays") == "yes"


def test_what_arrives_while_reading_stays_unread_when_all_is_marked(page, reader, mention):
    sign_in(page, reader)
    page.goto("/inbox")
    make_notification(reader)

    page.get_by_role("button", name="Mark all as read").click()

    expect(bell(page, "Inbox, 1 unread")).to_be_visible()


def test_a_member_is_muted_from_the_item_and_unmuted_in_the_settings(page, reader, mention):
    sign_in(page, reader)
    page.goto("/inbox")
    page.locator("summary[aria-label='More about Ada Lovelace']").click()

    page.get_by_role("button", name="Mute Ada Lovelace").click()

    expect(page.get_by_text("You no longer get notifications about Ada Lovelace.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    page.get_by_role("link", name="Notification settings").click()
    page.get_by_role("button", name="Unmute Ada Lovelace").click()
    expect(page.get_by_text("You get notifications about Ada Lovelace again.")).to_be_visible()


def test_a_member_is_blocked_from_their_profile(page, reader, mention):
    sign_in(page, reader)
    page.goto("/@ada")
    page.locator("summary[aria-label='More about Ada Lovelace']").click()
    page.get_by_role("link", name="Block").click()

    page.get_by_role("button", name="Block", exact=True).click()

    expect(page.get_by_text("no longer see each other’s comments")).to_be_visible()
    expect(bell(page, "Inbox")).to_be_visible()


@pytest.mark.parametrize("width", [320, PHONE["width"]])
def test_a_narrow_phone_holds_the_bell_and_the_inbox(open_context, reader, mention, width):
    page = open_context(viewport={"width": width, "height": 700}).new_page()
    sign_in(page, reader)

    page.goto("/inbox")

    expect(bell(page, "Inbox, 1 unread")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_the_pages(open_context, reader, mention, theme, viewport):
    make_notification(reader, event="act:1", reasons=["moderation"], summary="Hidden.", url="/")
    blocks.mute(member=reader, other=make_user())
    page = open_context(color_scheme=theme, viewport=viewport).new_page()
    sign_in(page, reader)

    assert {path: violations(page, path) for path in PAGES} == {path: [] for path in PAGES}
