"""The first minute: what the front page says, how few stops it makes, what is beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment
from tests.e2e.conftest import DESKTOP, PHONE, sign_in
from tests.groups.builders import make_group, make_meeting, make_membership

MOST_STOPS = 12
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture(autouse=True)
def _content(transactional_db):
    today = timezone.localdate()
    for days in range(14):
        make_paper(announced_on=today - timedelta(days=days), categories=["cs.LG", "cs.CL"])
    talked_about = make_paper(title="A discussed paper", announced_on=today)
    for _ in range(3):
        make_comment(paper=talked_about)
    meet("Long-Context Club", visibility="public")


def meet(name, **fields):
    group = make_group(name=name, **fields)
    return make_meeting(group, day=timezone.localdate() + timedelta(days=2))


def stops_before_the_first_paper(page):
    """Press Tab until the focus is in a card, and count the stops before that."""
    for stops in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('article') !== null"):
            return stops
    raise AssertionError("No paper was reached.")


@SIZES
@pytest.mark.parametrize(
    "path",
    ["/papers", "/papers/trending", "/papers/week", "/topics/cs.LG", "/papers?topic=cs.LG"],
)
@pytest.mark.parametrize("is_member", [False, True], ids=["visitor", "member"])
def test_the_first_paper_is_at_most_twelve_stops_away(open_context, viewport, path, is_member):
    page = open_context(viewport=viewport).new_page()
    if is_member:
        sign_in(page, make_user())
    page.goto(path)

    assert stops_before_the_first_paper(page) <= MOST_STOPS


def test_without_javascript_the_stops_are_as_few(open_context):
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/papers")

    # The page's own scripts are off; the test may still ask where the focus is.
    assert stops_before_the_first_paper(page) <= MOST_STOPS


def test_the_introduction_is_hidden_by_one_press_and_stays_hidden(page):
    page.goto("/")
    intro = page.get_by_role("region", name="About Octavo")
    expect(intro).to_contain_text("is where a research community")

    intro.get_by_role("button", name="Hide", exact=True).click()
    expect(intro).to_have_count(0)
    page.goto("/")

    expect(page.get_by_role("article").first).to_be_visible()
    expect(intro).to_have_count(0)


def test_each_of_the_three_links_leads_on(page):
    for name, heading in (
        ("A reading group’s week", "Reading groups"),
        ("Follow the comments", "Latest comments"),
    ):
        page.goto("/")
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)

    page.goto("/")
    page.get_by_role("link", name="Today’s papers").first.click()
    expect(page.get_by_role("article").first).to_be_in_viewport()


@SIZES
def test_a_visitor_finds_meetings_and_lively_threads_beside_the_list(open_context, viewport):
    meet("A secret club", visibility="private")
    page = open_context(viewport=viewport).new_page()
    page.goto("/papers")
    rail = page.get_by_role("complementary", name="Beside the list")

    expect(rail.get_by_text("Long-Context Club")).to_be_visible()
    expect(rail.get_by_role("link", name="A discussed paper")).to_be_visible()
    expect(page.get_by_text("A secret club")).to_have_count(0)


def test_a_member_finds_the_meetings_of_their_own_groups_first(page):
    meeting = meet("A secret club", visibility="private")
    member = make_user()
    make_membership(meeting.group, member)
    sign_in(page, member)

    page.goto("/papers")
    rail = page.get_by_role("complementary", name="Beside the list")

    expect(rail.locator(".slip").first).to_contain_text("A secret club")


def test_on_a_phone_a_link_leads_to_what_is_beside_the_list(open_context):
    page = open_context(viewport=PHONE).new_page()
    page.goto("/papers/trending")

    page.get_by_role("link", name="Meetings and active discussions").click()

    expect(page.get_by_role("heading", name="Read together this week")).to_be_in_viewport()


def test_on_a_phone_the_name_and_the_ways_in_are_at_the_top(open_context):
    page = open_context(viewport=PHONE).new_page()
    page.goto("/papers")
    top = page.get_by_role("banner")

    for link in ("Octavo", "Sign in", "Sign up"):
        expect(top.get_by_role("link", name=link, exact=True)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_day_and_a_topic_are_chosen_behind_one_button(page):
    page.goto("/papers")

    page.get_by_text("Dates and topics").click()
    page.get_by_role("navigation", name="Topics").get_by_role(
        "link", name="Computation and Language"
    ).click()
    expect(page.get_by_role("link", name="show all topics")).to_be_visible()
    page.get_by_role("link", name="show all topics").click()

    expect(page.get_by_role("article")).to_have_count(2)
