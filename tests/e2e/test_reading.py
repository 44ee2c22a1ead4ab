"""Scanning a day, opening a paper, voting, sorting, by mouse and by keyboard."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from papers.models import Upvote
from tests.builders import make_paper, make_user
from tests.e2e.conftest import PHONE, sign_in

DAY = "/papers/date/2026-11-20"
NEW_PASSWORD = "a sentence nobody else would think of"


@pytest.fixture
def papers(transactional_db):
    return [make_paper(title=f"The {word} paper") for word in ("first", "second", "third")]


def code_in_last_mail():
    """The code as its reader finds it: on a line of its own."""
    code = re.compile(r"^\s*([A-Z0-9]{3,}(?:-?[A-Z0-9]{2,})*)\s*$", re.MULTILINE)
    return code.search(mail.outbox[-1].body)[1]


def test_a_visitor_scans_the_day_and_opens_a_paper(page, papers):
    page.goto(DAY)
    expect(page.get_by_role("heading", level=1)).to_have_text("Friday, November 20, 2026")

    page.get_by_role("link", name="The second paper").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("The second paper")


def test_a_visitors_vote_survives_sign_up(page, papers):
    page.goto(papers[1].get_absolute_url())
    page.get_by_role("link", name="Sign in to upvote, 0 votes").click()
    expect(page.get_by_text("Your vote for “The second paper”")).to_be_visible()
    page.get_by_role("link", name="Sign up").last.click()
    page.get_by_label("E-mail").fill("newcomer@example.org")
    page.get_by_label("Username").fill("newcomer")
    page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    page.locator("main").get_by_role("button", name="Sign up").click()
    page.get_by_label("Code").fill(code_in_last_mail())
    page.locator("main").get_by_role("button").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("The second paper")
    expect(page.get_by_role("button", name="Upvote, 1 vote")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_member_votes_and_takes_the_vote_back(page, papers):
    sign_in(page, make_user())
    page.goto(DAY)
    card = page.locator("article", has_text="The first paper")

    card.get_by_role("button", name="Upvote").click()
    pressed = card.get_by_role("button", name="Upvote, 1 vote")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    pressed.click()

    expect(card.get_by_role("button", name="Upvote, 0 votes")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_a_press_swaps_the_button_and_nothing_else(scripted_page, papers):
    page = scripted_page
    sign_in(page, make_user())
    page.goto(DAY)
    page.evaluate("document.body.dataset.stays = 'yes'")

    page.get_by_role("button", name="Upvote, 0 votes").first.click()
    expect(page.get_by_role("button", name="Upvote, 1 vote")).to_be_focused()

    assert page.evaluate("document.body.dataset.stays") == "yes"


def test_trending_is_one_press_from_the_day(page, papers):
    sign_in(page, make_user())
    page.goto(papers[2].get_absolute_url())
    page.get_by_role("button", name="Upvote").click()
    expect(page.get_by_role("button", name="Upvote, 1 vote")).to_be_visible()
    page.goto(DAY)

    page.get_by_role("link", name="Trending", exact=True).click()

    expect(page.get_by_role("article").first).to_contain_text("The third paper")


def test_a_date_can_be_jumped_to(page, papers):
    make_paper(title="An old paper", announced_on=date(2026, 3, 2))
    page.goto(DAY)

    page.get_by_text("Dates and topics").click()
    page.locator("input[type=date]").fill("2026-03-02")
    page.get_by_role("button", name="Go", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Monday, March 2, 2026")


def test_an_abstract_unfolds_in_place(scripted_page, transactional_db):
    page = scripted_page
    make_paper(abstract="word " * 200 + "the very end.")
    page.goto(DAY)

    page.get_by_role("link", name="More of the abstract").click()

    expect(page.get_by_text("the very end.")).to_be_visible()
    expect(page).to_have_url(re.compile(DAY))


def test_an_abstract_folds_back_where_it_was_unfolded(scripted_page, transactional_db):
    page = scripted_page
    make_paper(abstract="word " * 200 + "the very end.")
    page.goto(DAY)
    folded = page.locator(".abstract").bounding_box()["height"]

    page.get_by_role("link", name="More of the abstract").press("Enter")
    less = page.get_by_role("link", name="Less of the abstract")
    expect(less).to_be_focused()
    expect(less).to_have_attribute("aria-expanded", "true")
    less.press("Enter")

    more = page.get_by_role("link", name="More of the abstract")
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    assert page.locator(".abstract").bounding_box()["height"] == folded
    # Unfolding again asks for nothing.
    page.route("**/abstract", lambda route: route.abort())
    more.press("Enter")
    expect(page.get_by_text("the very end.")).to_be_in_viewport()


def test_the_abstract_of_a_paper_folds_without_scripts(open_context, transactional_db):
    paper = make_paper(abstract="We show the very end.")
    page = open_context(java_script_enabled=False).new_page()
    page.goto(paper.get_absolute_url())
    text = page.get_by_text("We show the very end.")
    expect(text).to_be_visible()

    page.get_by_text("Abstract", exact=True).press("Enter")
    expect(text).to_be_hidden()
    page.get_by_text("Abstract", exact=True).press("Enter")
    expect(text).to_be_visible()


def test_the_keyboard_moves_votes_and_opens(scripted_page, papers):
    page = scripted_page
    sign_in(page, make_user())
    page.goto(DAY)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Upvote, 1 vote")).to_have_count(1)
    page.keyboard.press("o")

    expect(page.get_by_role("heading", level=1)).to_have_text("The third paper")
    assert Upvote.objects.get().paper == papers[2]


def test_the_keyboard_explains_itself_and_keeps_quiet_in_fields(scripted_page, papers):
    page = scripted_page
    page.goto("/sign-in")
    page.get_by_label("Password", exact=True).press("?")
    expect(page.locator("dialog[open]")).to_have_count(0)

    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_lapsed_session_leaves_the_list_for_sign_in(scripted_page, papers):
    page = scripted_page
    sign_in(page, make_user())
    page.goto(DAY)
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Upvote").first.click()

    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_failed_press_says_so_and_loses_nothing(scripted_page, papers):
    page = scripted_page
    sign_in(page, make_user())
    page.goto(DAY)
    page.route("**/vote", lambda route: route.abort())

    page.get_by_role("button", name="Upvote").first.click()

    expect(page.locator("#toasts")).to_contain_text("Could not reach")
    expect(page.get_by_role("button", name="Upvote, 0 votes")).to_have_count(3)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_can_be_chosen_by_a_visitor_and_stays(page, papers, theme):
    page.goto(DAY)
    page.get_by_role("contentinfo").get_by_role("link", name="Appearance").click()
    page.get_by_role("button", name=theme.title()).click()
    expect(page).to_have_url(re.compile(DAY))
    page.goto("/papers/trending")

    assert page.locator("html").get_attribute("data-theme") == theme


@pytest.mark.parametrize("path", [DAY, "/papers/trending", "/sign-up", "/about/trending"])
def test_nothing_sticks_out_on_a_phone(open_context, papers, path):
    make_paper(title="W" * 300, abstract="Donaudampfschiffahrtsgesellschaft" * 20)
    page = open_context(viewport=PHONE).new_page()

    page.goto(path)

    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_back_from_a_paper_shows_the_whole_list(scripted_page, papers):
    page = scripted_page
    page.goto(DAY)
    page.get_by_role("link", name="The first paper").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The first paper")
    page.go_back()

    expect(page.get_by_role("article")).to_have_count(3)
    expect(page.get_by_role("banner")).to_be_visible()


def test_today_is_what_the_front_door_shows(page, transactional_db):
    make_paper(title="Of today", announced_on=timezone.localdate())

    page.goto("/")

    expect(page.get_by_role("link", name="Of today")).to_be_visible()
