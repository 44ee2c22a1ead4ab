"""Saying something: post, answer, edit, delete, restore, preview, vote and react."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from common.rate_limits import RateLimit
from discussions.comments import limits
from discussions.comments.rendering import render
from discussions.models import Comment
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment
from tests.e2e.conftest import fill_sign_in, sign_in


@pytest.fixture
def paper():
    return make_paper(title="On engines")


@pytest.fixture
def ada():
    return make_user("ada", full_name="Ada Lovelace")


def post(page, text):
    page.get_by_label("Your comment").fill(text)
    page.locator("#write").get_by_role("button", name="Post", exact=True).click()


def said(page, text):
    return page.locator(".comments .comment", has=page.locator(".said", has_text=text)).last


def open_menu(page, comment):
    comment.get_by_role("link", name="More").first.click()


def test_a_member_says_something_and_finds_it_marked(page, paper, ada):
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())

    post(page, "Does it hold for $n = 1$?")

    expect(said(page, "Does it hold for").locator("math")).to_be_visible()
    expect(page.locator("#comment-count")).to_have_text("1 comment")
    expect(page.get_by_label("Your comment")).to_have_value("")


def test_an_answer_stands_below_what_it_answers(page, paper, ada):
    question = make_comment(paper=paper, text="What of the limit?")
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())

    page.get_by_role("link", name="Reply").click()
    page.get_by_label("Your reply").fill("It converges.")
    page.locator(f"#write-{question.pk}").get_by_role("button", name="Post", exact=True).click()

    answer = page.locator(f"#replies-{question.pk}")
    expect(answer.get_by_text("It converges.")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_count(0)


def test_a_quote_is_in_the_form_to_begin_with(page, paper, ada):
    make_comment(paper=paper, text="What of the limit?", author=make_user("grace"))
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())

    page.get_by_role("link", name="Quote").click()

    quote = "> @grace:\n>\n> What of the limit?\n\n"
    expect(page.get_by_label("Your reply")).to_have_value(quote)


def test_an_edit_leaves_a_history_that_shows_the_difference(page, paper, ada):
    own = make_comment(paper=paper, author=ada, text="The bound is loose.")
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())

    open_menu(page, page.locator(f"#comment-{own.pk}"))
    page.get_by_role("link", name="Edit").click()
    form = page.locator(f"#edit-{own.pk}")
    # Its script puts the caret at the end, and must not do so in the middle of the filling.
    page.wait_for_timeout(300)
    form.get_by_label("Your comment").fill("The bound is tight.")
    form.get_by_role("button", name="Save").click()
    expect(said(page, "The bound is tight.")).to_be_visible()
    page.get_by_role("link", name="edited").click()

    expect(page.locator("ins")).to_contain_text(["underlined", "tight"])
    expect(page.locator("del")).to_contain_text(["struck through", "loose"])


def test_a_comment_is_deleted_and_restored(page, paper, ada):
    own = make_comment(paper=paper, author=ada, text="I was wrong.")
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())

    open_menu(page, page.locator(f"#comment-{own.pk}"))
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("You can restore it for 30 days.")).to_be_visible()
    expect(page.get_by_text("I was wrong.")).to_have_count(0)
    page.get_by_role("link", name="Restore").click()
    page.get_by_role("button", name="Restore").click()

    expect(said(page, "I was wrong.")).to_be_visible()


LONG = "word " * 2_400  # 12,000 characters, of which the last is a space


def test_what_is_too_long_is_not_cut_and_the_button_says_why(scripted_page, paper, ada):
    page = scripted_page
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())
    text, button = page.get_by_label("Your comment"), page.locator("#write .primary")

    text.fill(LONG)
    expect(page.locator("#write .counter")).to_have_text("1,999 characters too many")
    expect(button).to_have_accessible_description("1,999 characters too many")
    button.click(force=True)
    expect(page.locator("#toasts")).to_contain_text("Not sent: 1,999 characters too many")
    expect(text).to_have_value(LONG)
    expect(text).to_be_focused()

    text.fill(LONG[:9_500])
    expect(page.locator("#write .counter")).to_have_text("501 characters left")
    button.click()
    expect(said(page, "word")).to_be_visible()


def test_what_is_too_long_is_answered_by_the_site_and_kept(open_context, paper, ada):
    page = open_context(java_script_enabled=False).new_page()
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())

    post(page, LONG)

    expect(
        page.get_by_text("Up to 10,000 characters fit, and this text has 11,999")
    ).to_be_visible()
    expect(page.get_by_label("Your comment")).to_have_value(LONG)


@pytest.mark.parametrize("key", ["Control+Enter", "Meta+Enter"])
def test_a_key_posts_a_comment_once(scripted_page, paper, ada, key):
    page = scripted_page
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())
    page.get_by_label("Your comment").fill("By keyboard alone.")

    page.keyboard.press(key)
    page.keyboard.press(key)

    expect(said(page, "By keyboard alone.")).to_be_visible()
    assert Comment.objects.count() == 1


def test_a_key_posts_a_reply_and_saves_an_edit(scripted_page, paper, ada):
    page = scripted_page
    own = make_comment(paper=paper, author=ada, text="The bound is loose.")
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())

    page.get_by_role("link", name="Reply").click()
    page.get_by_label("Your reply").fill("It is.")
    page.keyboard.press("Control+Enter")
    expect(said(page, "It is.")).to_be_visible()
    page.goto(f"/comments/{own.pk}/edit")
    page.get_by_label("Your comment").fill("The bound is tight.")
    page.keyboard.press("Control+Enter")

    expect(said(page, "The bound is tight.")).to_be_visible()


def test_a_preview_shows_what_will_be_said_and_keeps_the_text(page, paper, ada):
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())
    text = page.get_by_label("Your comment")

    text.fill("It is **so** by $x^2$.")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator(".preview strong")).to_have_text("so")
    expect(page.locator(".preview math")).to_be_visible()
    expect(text).to_have_value("It is **so** by $x^2$.")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(said(page, "It is so by")).to_be_visible()


def test_a_place_in_the_paper_is_pointed_at_and_a_wrong_one_explained(page, paper, ada):
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())

    page.get_by_text("Refer to a place in the paper").click()
    page.get_by_label("Part of the paper").select_option("page")
    page.get_by_label("Number").fill("iv")
    post(page, "A sign is wrong here.")
    expect(page.get_by_text("“iv” is not the number of a page")).to_be_visible()
    page.get_by_label("Number").fill("4")
    page.get_by_role("button", name="Post", exact=True).click()

    expect(said(page, "A sign is wrong here.").locator(".pointed")).to_contain_text("Page 4")


def test_a_comment_is_voted_for_and_the_vote_taken_back(page, paper, ada):
    comment = make_comment(paper=paper)
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())
    vote = page.locator(f"#comment-vote-{comment.pk}")

    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote).to_contain_text("1")
    vote.click()

    expect(vote).to_have_attribute("aria-pressed", "false")


def test_a_visitors_vote_survives_signing_in(page, paper, ada):
    comment = make_comment(paper=paper, author=make_user("grace"))
    page.goto(paper.get_absolute_url())

    page.locator(f"#comment-{comment.pk} .up").click()
    expect(page.get_by_text("Your vote for the comment by grace")).to_be_visible()
    fill_sign_in(page, ada)

    expect(page.locator(f"#comment-vote-{comment.pk}")).to_have_attribute("aria-pressed", "true")


def test_a_reaction_is_chosen_and_everybody_sees_whose_it_is(page, paper, ada):
    comment = make_comment(paper=paper)
    row = page.locator(f"#reactions-{comment.pk}")
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())

    row.get_by_role("link", name="React").click()
    page.get_by_role("button", name="Insightful").click()
    expect(row.get_by_role("button", name="Insightful 1")).to_have_attribute("aria-pressed", "true")
    page.goto(f"/comments/{comment.pk}/reactions")

    expect(page.locator(".who-reacted")).to_contain_text("Ada Lovelace")


def test_a_post_while_the_session_has_lapsed_loses_nothing(page, paper, ada):
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())
    page.get_by_label("Your comment").fill("A thought that took an hour.")
    Session.objects.all().delete()

    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("Your comment is kept")).to_be_visible()
    fill_sign_in(page, ada)
    expect(page.get_by_label("Your comment")).to_have_value("A thought that took an hour.")
    page.get_by_role("button", name="Post", exact=True).click()

    expect(said(page, "A thought that took an hour.")).to_be_visible()
    assert Comment.objects.count() == 1
    expect(page.get_by_label("Your comment")).to_have_value("")


def test_an_answer_while_the_session_has_lapsed_loses_nothing(page, paper, ada):
    question = make_comment(paper=paper)
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())
    page.get_by_role("link", name="Reply").click()
    page.get_by_label("Your reply").fill("It converges.")
    Session.objects.all().delete()

    page.locator(f"#write-{question.pk}").get_by_role("button", name="Post", exact=True).click()
    fill_sign_in(page, ada)
    expect(page.get_by_label("Your reply")).to_have_value("It converges.")
    page.get_by_role("button", name="Post", exact=True).click()

    expect(page.locator(f"#replies-{question.pk}")).to_contain_text("It converges.")


def test_too_many_comments_at_once_keep_their_text(page, paper, ada, monkeypatch):
    monkeypatch.setattr(limits, "COMMENT", RateLimit("comment-e2e", per_minute=1, burst=1))
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())
    post(page, "The first.")
    expect(said(page, "The first.")).to_be_visible()

    post(page, "Too quick.")

    expect(page.get_by_text("Too many requests.")).to_be_visible()
    expect(page.get_by_label("Your comment")).to_have_value("Too quick.")


def test_without_leaving_the_page_the_new_comment_has_the_focus(scripted_page, paper, ada):
    page = scripted_page
    make_comment(paper=paper, text="Here before.")
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())
    page.evaluate("document.body.dataset.stays = 'yes'")

    post(page, "Here now.")

    expect(said(page, "Here now.")).to_be_focused()
    assert page.evaluate("document.body.dataset.stays") == "yes"
    expect(page.locator("#comments > .comment")).to_have_count(2)


def test_cancel_takes_the_form_away_and_brings_the_focus_back(scripted_page, paper, ada):
    page = scripted_page
    make_comment(paper=paper)
    sign_in(page, ada)
    page.goto(paper.get_absolute_url())
    page.get_by_role("link", name="Reply").click()

    page.get_by_role("link", name="Cancel").click()

    expect(page.get_by_label("Your reply")).to_have_count(0)
    expect(page.get_by_role("link", name="Reply")).to_be_focused()


def test_no_letter_of_a_formula_is_cut(scripted_page, paper):
    make_comment(paper=paper, html=render(r"A chain $A \to B \to C$.").html)
    scripted_page.goto(paper.get_absolute_url())

    formula = scripted_page.locator(".said math")

    # An arrow's box reaches a little below its ink.
    assert formula.evaluate("math => math.scrollHeight - math.clientHeight") < 5
