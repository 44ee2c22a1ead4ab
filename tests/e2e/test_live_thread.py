"""A thread that goes on while it is read."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from playwright.sync_api import expect

from discussions.models import ThreadReading
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment
from tests.e2e.conftest import sign_in

LONG = "<p>" + "A line of a long comment. " * 60 + "</p>"


@pytest.fixture
def paper():
    return make_paper()


@pytest.fixture
def long_thread(paper):
    """Thirty beginnings, too many for the window."""
    return [make_comment(paper=paper, html=LONG) for _ in range(30)]


def open_thread(page, paper, query=""):
    """Open the page with its clock in our hands."""
    page.clock.install()
    page.goto(f"{paper.get_absolute_url()}{query}")


def wait_for_news(page):
    caches["fragments"].clear()
    page.clock.fast_forward(30_000)
    return page.get_by_role("link", name="new, show")


def test_new_comments_announce_themselves(scripted_page, paper):
    first = make_comment(paper=paper)
    open_thread(scripted_page, paper)
    reply = make_comment(parent=first, text="An answer.")
    make_comment(paper=paper, text="A new beginning.")

    expect(wait_for_news(scripted_page)).to_have_text("2 new, show")
    scripted_page.get_by_role("link", name="2 new, show").click()
    answer = scripted_page.locator(f"#replies-{first.pk} > #comment-{reply.pk}")
    expect(answer).to_contain_text("An answer.")
    expect(scripted_page.locator("#comments > .comment")).to_have_count(2)
    expect(scripted_page.locator("#comment-count")).to_have_text("3 comments")
    expect(scripted_page.get_by_role("link", name="new, show")).to_have_count(0)


def test_another_reader_posts_and_this_one_sees(open_context, paper):
    make_comment(paper=paper)
    reader, writer = open_context().new_page(), open_context().new_page()
    open_thread(reader, paper)
    sign_in(writer, make_user("Writer"))
    writer.goto(paper.get_absolute_url())
    writer.get_by_label("Your comment").fill("Hello from over here.")
    writer.locator("#write").get_by_role("button", name="Post").click()
    expect(writer.locator(".said", has_text="Hello from")).to_be_visible()

    wait_for_news(reader).click()
    expect(reader.locator(".said", has_text="Hello from")).to_be_visible()


def test_what_is_read_does_not_move(scripted_page, paper, long_thread):
    open_thread(scripted_page, paper, "?sort=newest")
    read = scripted_page.locator(f"#comment-{long_thread[10].pk}")
    read.evaluate("element => element.scrollIntoView()")
    before = read.bounding_box()["y"]
    for _ in range(3):
        make_comment(paper=paper, html=LONG)
        make_comment(parent=long_thread[20], html=LONG)

    wait_for_news(scripted_page).click()
    expect(scripted_page.locator(".comment")).to_have_count(36)
    scripted_page.clock.run_for(500)
    assert abs(read.bounding_box()["y"] - before) < 2


def test_a_reader_with_the_keyboard_is_led_to_the_first(scripted_page, paper):
    first = make_comment(paper=paper)
    open_thread(scripted_page, paper)
    reply = make_comment(parent=first)

    link = wait_for_news(scripted_page)
    link.focus()
    scripted_page.keyboard.press("Enter")
    expect(scripted_page.locator(f"#comment-{reply.pk}")).to_be_focused()


def test_what_has_no_place_on_the_page_is_linked(scripted_page, paper):
    first, other = make_comment(paper=paper), make_comment(paper=paper)
    open_thread(scripted_page, paper)
    scripted_page.evaluate("id => document.querySelector(id).remove()", f"#comment-{other.pk}")
    make_comment(parent=first)
    reply = make_comment(parent=other, author=make_user("Elsa"))

    wait_for_news(scripted_page).click()
    elsewhere = scripted_page.locator(".elsewhere").get_by_role("link", name="Elsa")
    expect(elsewhere).to_have_attribute("href", f"/comments/{reply.pk}")
    expect(scripted_page.locator(".comment")).to_have_count(2)


def test_an_answer_to_what_is_new_itself_finds_its_place(scripted_page, paper):
    make_comment(paper=paper)
    open_thread(scripted_page, paper)
    question = make_comment(paper=paper)
    answer = make_comment(parent=question)

    wait_for_news(scripted_page).click()
    place = scripted_page.locator(f"#replies-{question.pk} > #comment-{answer.pk}")
    expect(place).to_be_visible()


def test_new_comments_can_be_answered(scripted_page, paper):
    make_comment(paper=paper)
    sign_in(scripted_page, make_user("Reader"))
    open_thread(scripted_page, paper)
    question = make_comment(paper=paper)
    wait_for_news(scripted_page).click()
    scripted_page.locator(f"#comment-{question.pk} .reply-link").click()

    expect(scripted_page.get_by_label("Your reply")).to_be_visible()


def test_a_site_that_is_away_is_asked_again_in_silence(scripted_page, paper):
    make_comment(paper=paper)
    open_thread(scripted_page, paper)
    scripted_page.route("**/news*", lambda route: route.abort())
    wait_for_news(scripted_page)
    scripted_page.wait_for_timeout(200)
    scripted_page.unroute("**/news*")
    make_comment(paper=paper)
    caches["fragments"].clear()
    scripted_page.clock.fast_forward(60_000)

    expect(scripted_page.get_by_role("link", name="1 new, show")).to_be_visible()
    expect(scripted_page.locator(".toast")).to_have_count(0)


def test_what_was_on_the_screen_is_not_new_the_next_time(scripted_page, paper):
    comment = make_comment(paper=paper)
    reader = make_user("Reader")
    sign_in(scripted_page, reader)
    open_thread(scripted_page, paper)
    with scripted_page.expect_response("**/seen"):
        scripted_page.clock.fast_forward(2500)

    reading = ThreadReading.objects.get(member=reader)
    assert reading.seen_up_to == comment.pk
