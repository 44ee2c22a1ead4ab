"""Keeping the peace: report, hide, appeal, restore; and a suspension, from both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from discussions.comments.rendering import render
from discussions.models import Comment
from tests.builders import make_user
from tests.discussions.builders import make_act, make_appeal, make_comment, make_report
from tests.e2e.conftest import DESKTOP, PHONE, fill_sign_in, sign_in
from tests.e2e.test_accessibility import violations

BACK = timezone.now() + timedelta(days=40)


@pytest.fixture
def comment():
    return make_comment(author=make_user("ada"), text="See my shop for engines.")


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def open_page(request, open_context):
    """Open a browser for a member, who signs in."""

    def open_for(user):
        page = open_context(java_script_enabled=request.param).new_page()
        sign_in(page, user)
        return page

    return open_for


def test_a_report_a_hiding_an_appeal_and_a_restoring(open_page, comment):
    reader = open_page(make_user("rita"))
    reader.goto(f"/comments/{comment.pk}/report")
    reader.get_by_label("Spam or advertising").check()
    reader.get_by_label("Anything the moderators should know").fill("A shop.")
    reader.get_by_role("button", name="Send the report").click()
    expect(reader.get_by_text("A moderator will look at it.")).to_be_visible()
    expect(reader.get_by_role("link", name="Mute")).to_be_visible()

    moderator = open_page(make_user("mia", is_moderator=True))
    moderator.goto("/")
    moderator.locator("summary", has_text="Your account, mia").click()
    moderator.get_by_role("link", name="Moderation 1 open").click()
    case = moderator.get_by_role("article")
    expect(case.get_by_text("A shop.")).to_be_visible()
    expect(case.get_by_label("Public reason")).to_have_value("It was spam or advertising.")
    case.get_by_role("button", name="Hide", exact=True).click()
    expect(moderator.get_by_text("No reports")).to_be_visible()

    author = open_page(comment.author)
    author.goto("/inbox")
    author.get_by_role("link", name="A moderator hid your comment").click()
    expect(author.get_by_text("It was spam or advertising.")).to_be_visible()
    author.get_by_label("Your appeal").fill("It is the engine of the paper.")
    author.get_by_role("button", name="Send the appeal").click()
    expect(author.get_by_text("Waiting for a moderator’s answer.")).to_be_visible()

    moderator.goto("/moderation?show=appeals")
    case = moderator.get_by_role("article")
    expect(case.get_by_text("It is the engine of the paper.")).to_be_visible()
    case.get_by_label("Public reason").fill("The shop is the authors’ own.")
    case.get_by_role("button", name="Undo the action").click()
    expect(moderator.get_by_text("No appeals")).to_be_visible()

    author.reload()
    expect(author.get_by_text("This was undone")).to_be_visible()
    assert Comment.objects.get(pk=comment.pk).is_shown


def test_the_place_of_a_hidden_comment_says_why(open_page, comment):
    moderator = open_page(make_user("mia", is_moderator=True))
    moderator.goto(f"/moderation/comments/{comment.pk}")
    moderator.get_by_label("Reason", exact=True).fill("It was not about the paper.")
    moderator.get_by_role("button", name="Hide", exact=True).click()
    expect(moderator.get_by_text("Done and logged: Hid a comment.")).to_be_visible()

    reader = open_page(make_user())
    reader.goto(comment.thread.paper.get_absolute_url())
    expect(reader.get_by_text("It was not about the paper.")).to_be_visible()
    expect(reader.get_by_text("See my shop")).to_be_hidden()


def test_a_suspended_member_is_out_at_the_next_request_and_reads_why(open_page, comment):
    author = open_page(comment.author)
    moderator = open_page(make_user("mia", is_moderator=True))
    moderator.goto("/moderation/members/ada")
    moderator.get_by_label("Reason", exact=True).fill("Three warnings.")
    moderator.get_by_label("Suspend until").fill(f"{BACK:%Y-%m-%d}")
    moderator.get_by_role("button", name="Suspend", exact=True).click()
    expect(moderator.get_by_text(f"Suspended until {BACK:%B %-d, %Y}")).to_be_visible()

    author.goto("/settings/profile")
    expect(author.get_by_role("heading", level=1)).to_have_text("Sign in")
    fill_sign_in(author, comment.author)
    expect(author.get_by_role("heading", level=1)).to_have_text("Your account is suspended")
    expect(author.get_by_text(f"{BACK:%B %-d, %Y}")).to_be_visible()
    expect(author.get_by_text("Three warnings.")).to_be_visible()
    author.get_by_label("Your appeal").fill("There were two.")
    author.get_by_role("button", name="Send the appeal").click()
    expect(author.get_by_text("Waiting for a moderator’s answer.")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_the_desk(open_context, comment, viewport, theme):
    report = make_report(make_comment(parent=comment), note="It is a shop.")
    make_report(member=comment.author)
    make_comment(held_at=timezone.now())
    long = "<p>See my shop.</p>" * 30
    Comment.objects.filter(pk=comment.pk).update(html=long)
    formula = make_comment(parent=comment, html=render("A claim with $x$.").html)
    answer = make_comment(parent=formula)
    act = make_act(comment, note="A note.")
    make_appeal(act, text="It is the engine of the paper.\n\n" * 60)
    moderator = make_user("mia", is_moderator=True)
    page = open_context(viewport=viewport, color_scheme=theme).new_page()
    sign_in(page, moderator)
    pages = [
        *(f"/moderation?show={part}" for part in ("reports", "held", "appeals")),
        f"/moderation/comments/{report.comment_id}",
        f"/moderation/comments/{answer.pk}",
        "/moderation/members/ada",
        "/moderation/log?kind=warn",
        act.get_absolute_url(),
        f"/comments/{comment.pk}/report",
    ]

    assert not [found for path in pages for found in violations(page, path)]


def test_a_long_comment_that_is_unfolded_at_the_desk_can_be_scrolled_by_key(open_context, comment):
    Comment.objects.filter(pk=comment.pk).update(html="<p>See my shop.</p>" * 30)
    make_report(make_comment(parent=comment))
    page = open_context().new_page()
    sign_in(page, make_user("mia", is_moderator=True))
    page.goto("/moderation")
    said = page.locator(".case-parent .said")
    expect(said).to_be_hidden()
    page.locator(".case-parent > summary").click()

    expect(said).to_have_attribute("tabindex", "0")
