"""Where the focus is after a press, and what stays where it was."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment
from tests.e2e.conftest import PHONE, fill_sign_in, sign_in


@pytest.fixture
def paper():
    return make_paper(title="On engines")


@pytest.fixture
def question(paper):
    return make_comment(paper=paper, text="What of the limit?", author=make_user("ada"))


@pytest.fixture
def page(scripted_page, question):
    sign_in(scripted_page, make_user("grace"))
    scripted_page.goto(question.thread.paper.get_absolute_url())
    return scripted_page


def test_a_reply_is_begun_where_the_caret_is(page):
    page.get_by_role("link", name="Reply").click()

    expect(page.get_by_label("Your reply")).to_be_focused()


def test_escape_closes_a_reply_in_which_nothing_was_typed(page):
    page.get_by_role("link", name="Reply").click()
    expect(page.get_by_label("Your reply")).to_be_focused()

    page.keyboard.type("Perhaps")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Your reply")).to_have_value("Perhaps")
    page.get_by_label("Your reply").fill("")
    page.keyboard.press("Escape")

    expect(page.get_by_label("Your reply")).to_have_count(0)
    expect(page.get_by_role("link", name="Reply")).to_be_focused()


def test_a_comment_that_arrives_late_leaves_the_caret_where_it_is(page):
    held = []

    def hold(route):
        held.append(route)

    page.route("**/comments", hold)
    page.get_by_label("Your comment").fill("Slow.")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="Reply").click()
    expect(page.get_by_label("Your reply")).to_be_focused()

    held[0].continue_()

    expect(page.locator(".comment .said", has_text="Slow.")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_be_focused()


def test_a_refused_comment_has_the_caret_again(page):
    page.locator("#write").get_by_role("button", name="Post", exact=True).click()

    expect(page.get_by_text("Write something first")).to_be_visible()
    expect(page.get_by_label("Your comment")).to_be_focused()


def test_an_opened_menu_keeps_the_focus(page):
    page.get_by_role("link", name="More").press("Enter")

    expect(page.locator(".comment-menu > summary")).to_be_focused()


def open_menu(page, comment):
    page.locator(f"#comment-{comment.pk}").get_by_role("link", name="More").click()
    panel = page.locator(".comment-menu .menu-panel")
    expect(panel).to_be_visible()
    # Its script gives it the focus.
    expect(page.locator(".comment-menu > summary")).to_be_focused()
    return panel


@pytest.mark.parametrize("closing", ["Escape", "press outside", "tab on"])
def test_a_menu_closes(page, question, closing):
    panel = open_menu(page, question)
    if closing == "Escape":
        page.keyboard.press("Escape")
        expect(page.locator(".comment-menu > summary")).to_be_focused()
    elif closing == "press outside":
        page.locator("h1").click()
    else:
        panel.get_by_role("link").last.focus()
        page.keyboard.press("Tab")

    expect(panel).to_be_hidden()


def test_a_menu_is_closed_by_choosing_and_the_caret_is_in_the_editor(page, question):
    own = make_comment(paper=question.thread.paper, author=User.objects.get(username="grace"))
    page.reload()
    panel = open_menu(page, own)
    panel.get_by_role("link", name="Edit").click()

    expect(page.locator(f"#edit-{own.pk}").get_by_label("Your comment")).to_be_focused()
    expect(panel).to_be_hidden()


def test_the_link_to_a_comment_is_copied(page, question):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_menu(page, question).get_by_role("link", name="Link to this comment").click()

    expect(page.locator("#toasts")).to_contain_text("Link copied")
    expect(page.locator(".comment-menu > summary")).to_be_focused()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"/comments/{question.pk}")


def test_reactions_are_chosen_and_put_away_by_keyboard(page):
    page.get_by_role("link", name="React").press("Enter")
    expect(page.get_by_role("button", name="I agree")).to_be_focused()

    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="React")).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="I agree")).to_be_focused()
    page.get_by_role("button", name="Insightful").press("Enter")
    expect(page.get_by_role("button", name="Insightful 1")).to_be_focused()


def test_names_to_choose_from_move_nothing(page):
    button = page.locator("#write").get_by_role("button", name="Preview")
    before = button.bounding_box()

    page.get_by_label("Your comment").press_sequentially("@ad")
    expect(page.get_by_role("option", name="@ada")).to_be_visible()

    assert button.bounding_box() == before


def test_names_are_offered_on_the_page_of_a_reply_and_where_nobody_spoke(page, question):
    untouched = make_paper("2401.00077", title="Untouched")
    for url, label in (
        (f"/comments/{question.pk}/reply", "Your reply"),
        (untouched.get_absolute_url(), "Your comment"),
    ):
        page.goto(url)
        page.get_by_label(label).press_sequentially("@ad")
        expect(page.get_by_role("option", name="@ada")).to_be_visible()


def test_whoever_signs_in_to_comment_comes_back_to_the_field(scripted_page, question):
    grace = make_user("grace")
    scripted_page.goto(question.thread.paper.get_absolute_url())
    scripted_page.get_by_role("link", name="Sign in to comment").click()
    fill_sign_in(scripted_page, grace)

    expect(scripted_page.get_by_label("Your comment")).to_be_focused()
    expect(scripted_page.get_by_label("Your comment")).to_be_in_viewport()


def test_on_a_phone_the_menu_stays_on_the_screen(open_context, question):
    page = open_context(viewport=PHONE).new_page()
    sign_in(page, make_user("grace"))
    page.goto(question.thread.paper.get_absolute_url())
    page.get_by_role("link", name="More").click()

    box = page.locator(".comment-menu .menu-panel").bounding_box()

    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


def test_more_of_a_thread_comes_below_and_the_page_stays_where_it_is(page, question):
    for number in range(60):
        make_comment(paper=question.thread.paper, text=f"Remark {number}.")
    page.reload()
    before = page.locator("#comments > .comment").count()

    page.get_by_role("link", name="Show more").press("Enter")

    expect(page.locator("#comments > .comment")).to_have_count(61)
    new = page.locator("#comments > .comment").nth(before)
    expect(new).to_be_focused()
    expect(new).to_be_in_viewport()
