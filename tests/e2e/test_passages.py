"""Pointing at a passage of the abstract, drafts, and names, in a browser."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.models import User
from discussions.anchors.passage_text import text_of
from discussions.anchors.passages import Quote, selectors_in
from discussions.models import Anchor, Comment
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment
from tests.e2e.conftest import sign_in

ABSTRACT = r"We sort in $O(n \log n)$ steps and show that nothing is faster. We sort in place."

# Select what stands between two words of the abstract, as dragging over it does.
SELECT = """([from, to]) => {
  const abstract = document.querySelector("#abstract");
  const walker = document.createTreeWalker(abstract, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let started = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!started && node.data.includes(from)) {
      range.setStart(node, node.data.indexOf(from));
      started = true;
    }
    if (started && node.data.includes(to)) {
      range.setEnd(node, node.data.indexOf(to) + to.length);
      break;
    }
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def paper():
    return make_paper(abstract=ABSTRACT)


@pytest.fixture
def reader_page(scripted_page, paper):
    sign_in(scripted_page, make_user("Reader"))
    scripted_page.goto(paper.get_absolute_url())
    return scripted_page


def comment_field(page):
    return page.get_by_label("Your comment")


def post(page):
    page.locator("#write").get_by_role("button", name="Post").click()


def shown(page, text):
    return page.locator(".comment .said", has_text=text)


# Passages -------------------------------------------------------------------------


def test_a_selected_passage_is_commented_on_and_marked(reader_page, paper):
    reader_page.evaluate(SELECT, ["show that", "nothing"])
    reader_page.get_by_role("button", name="Comment on this").click()

    expect(reader_page.locator("#write .pointed")).to_contain_text("show that nothing")
    expect(comment_field(reader_page)).to_be_focused()
    reader_page.keyboard.type("Is that so?")
    post(reader_page)
    expect(shown(reader_page, "Is that so?")).to_be_visible()
    reader_page.goto(paper.get_absolute_url())

    expect(reader_page.locator("mark.passage")).to_have_text("show that nothing")
    expect(reader_page.get_by_role("link", name="1 comment on this passage")).to_be_visible()
    expect(reader_page.locator(".comment .pointed")).to_contain_text("show that nothing")


def test_positions_are_those_that_the_server_counts(reader_page, paper):
    reader_page.evaluate(SELECT, ["place", "place"])
    reader_page.get_by_role("button", name="Comment on this").click()
    comment_field(reader_page).fill("Where?")
    post(reader_page)
    expect(shown(reader_page, "Where?")).to_be_visible()

    quote, position = Anchor.objects.get().selectors
    text = text_of(paper.abstract_html).plain
    assert text[position["start"] : position["end"]] == quote["exact"] == "place"


def test_a_second_passage_is_found_beside_the_first(reader_page, paper):
    text = text_of(paper.abstract_html).plain
    for start, end in (["steps", "steps"], ["nothing", "faster"]):
        reader_page.evaluate(SELECT, [start, end])
        reader_page.get_by_role("button", name="Comment on this").click()
        position = reader_page.locator('#write [name="anchor_start"]')
        expect(position).to_have_value(str(text.index(start)))
        comment_field(reader_page).fill(f"About {start}")
        post(reader_page)
        expect(shown(reader_page, f"About {start}")).to_be_visible()
        reader_page.goto(paper.get_absolute_url())

    expect(reader_page.locator("mark.passage")).to_have_text(["steps", "nothing is faster"])
    starts = [anchor.selectors[1]["start"] for anchor in Anchor.objects.order_by("comment")]
    assert starts == [text.index("steps"), text.index("nothing")]


def test_a_formula_cut_in_two_is_marked_whole(reader_page, paper):
    reader_page.evaluate(SELECT, ["log", "steps"])
    reader_page.get_by_role("button", name="Comment on this").click()
    comment_field(reader_page).fill("Tight?")
    post(reader_page)
    expect(shown(reader_page, "Tight?")).to_be_visible()
    reader_page.goto(paper.get_absolute_url())

    expect(reader_page.locator("mark.passage math")).to_have_count(1)


def test_a_selection_is_widened_to_whole_words(reader_page, paper):
    reader_page.evaluate(SELECT, ["ow that", " noth"])
    reader_page.keyboard.press("c")

    expect(reader_page.locator("#write .pointed")).to_contain_text("show that nothing")
    position = reader_page.locator('#write [name="anchor_start"]')
    expect(position).to_have_value(str(text_of(paper.abstract_html).plain.index("show")))


def test_a_selection_is_widened_to_a_whole_formula(reader_page, paper):
    text = text_of(paper.abstract_html).plain
    formula = text[text.index("O") : text.index(" steps")]
    reader_page.evaluate(SELECT, ["ort in", "log"])
    reader_page.keyboard.press("c")

    expect(reader_page.locator('#write .pointed [name="anchor_exact"]')).to_have_value(
        f"sort in {formula}"
    )


def test_the_space_around_a_selection_is_left_out(reader_page):
    reader_page.evaluate(SELECT, [" nothing", " is "])
    reader_page.keyboard.press("c")

    expect(reader_page.locator('#write .pointed [name="anchor_exact"]')).to_have_value("nothing is")


def test_a_passage_is_commented_on_by_key(reader_page):
    reader_page.evaluate(SELECT, ["show that", "nothing"])
    reader_page.keyboard.press("c")

    expect(reader_page.locator("#write .pointed")).to_contain_text("show that nothing")
    expect(comment_field(reader_page)).to_be_focused()


def test_the_button_is_the_next_stop_after_the_abstract(reader_page):
    reader_page.locator("#abstract").dblclick(position={"x": 40, "y": 12})
    expect(reader_page.get_by_role("button", name="Comment on this")).to_be_visible()
    reader_page.keyboard.press("Tab")

    expect(reader_page.get_by_role("button", name="Comment on this")).to_be_focused()


def test_a_passage_is_removed_again(reader_page):
    reader_page.evaluate(SELECT, ["show that", "nothing"])
    reader_page.keyboard.press("c")
    reader_page.get_by_role("button", name="Remove the passage").click()
    reader_page.keyboard.type("About nothing in particular.")
    post(reader_page)

    expect(shown(reader_page, "in particular")).to_be_visible()
    assert not Anchor.objects.exists()


def test_a_comment_lights_up_its_passage(paper, scripted_page):
    selectors = selectors_in(paper.abstract_html, Quote("in place"))
    comment = make_comment(paper=paper)
    Anchor.objects.create(comment=comment, part="abstract", selectors=selectors)
    scripted_page.goto(paper.get_absolute_url())

    scripted_page.locator(f"#comment-{comment.pk} .pointed a").hover()
    expect(scripted_page.locator("mark.passage.is-lit")).to_have_text("in place")
    scripted_page.locator("h1").hover()
    expect(scripted_page.locator(".is-lit")).to_have_count(0)
    scripted_page.locator("mark.passage").hover()
    expect(scripted_page.locator(".comment .pointed.is-lit")).to_have_count(1)


def test_a_visitor_is_offered_no_comment_on_what_they_select(paper, scripted_page):
    scripted_page.goto(paper.get_absolute_url())
    scripted_page.evaluate(SELECT, ["show that", "nothing"])
    scripted_page.wait_for_timeout(500)

    expect(scripted_page.locator(".passage-button")).to_have_count(0)


def test_a_place_in_the_paper_is_pointed_at_without_scripts(open_context, paper):
    page = open_context(java_script_enabled=False).new_page()
    sign_in(page, make_user("Reader"))
    page.goto(paper.get_absolute_url())
    page.get_by_text("Refer to a place in the paper").click()
    page.get_by_label("Part of the paper").select_option("Figure")
    page.get_by_label("Number").fill("3")
    page.get_by_label("Quote from the abstract").fill("steps over time")
    comment_field(page).fill("The axis has no unit.")
    post(page)

    expect(page.locator(".comment .pointed")).to_contain_text("Figure 3")
    expect(page.locator(".comment .pointed")).to_contain_text("steps over time")


def test_a_passage_is_pointed_at_by_its_words_without_scripts(open_context, paper):
    page = open_context(java_script_enabled=False).new_page()
    sign_in(page, make_user("Reader"))
    page.goto(paper.get_absolute_url())
    page.get_by_text("Refer to a place in the paper").click()
    page.get_by_label("Quote from the abstract").fill("show that nothing is faster")
    comment_field(page).fill("Is that so?")
    post(page)

    expect(page.locator("mark.passage")).to_have_text("show that nothing is faster")


# Drafts ---------------------------------------------------------------------------


def test_a_draft_survives_a_reload(reader_page):
    reader_page.evaluate(SELECT, ["show that", "nothing"])
    reader_page.keyboard.press("c")
    reader_page.keyboard.type("Half a thought")
    reader_page.reload()

    expect(comment_field(reader_page)).to_have_value("Half a thought")
    expect(reader_page.locator("#write .pointed")).to_contain_text("show that nothing")
    expect(reader_page.get_by_text("Draft, not posted yet")).to_be_visible()


def test_a_draft_is_gone_once_it_is_posted(reader_page):
    comment_field(reader_page).fill("A whole thought")
    post(reader_page)
    expect(shown(reader_page, "A whole thought")).to_be_visible()
    reader_page.reload()

    expect(comment_field(reader_page)).to_have_value("")
    assert Comment.objects.count() == 1


def write_until_the_session_lapses(page):
    comment_field(page).fill("Written for an hour")
    Session.objects.all().delete()
    post(page)
    page.wait_for_url("**/sign-in**")
    # What the site itself kept of it is gone too.
    page.context.clear_cookies()


def test_a_draft_survives_a_lapsed_session(reader_page, paper):
    write_until_the_session_lapses(reader_page)
    sign_in(reader_page, User.objects.get())
    reader_page.goto(paper.get_absolute_url())

    expect(comment_field(reader_page)).to_have_value("Written for an hour")


def test_a_draft_is_not_for_whoever_signs_in_next(reader_page, paper):
    write_until_the_session_lapses(reader_page)
    sign_in(reader_page, make_user("Another"))
    reader_page.goto(paper.get_absolute_url())

    expect(comment_field(reader_page)).to_have_value("")


def test_a_draft_is_discarded(reader_page):
    comment_field(reader_page).fill("Half a thought")
    reader_page.reload()
    reader_page.get_by_role("button", name="Discard").click()
    expect(comment_field(reader_page)).to_have_value("")
    reader_page.reload()

    expect(comment_field(reader_page)).to_have_value("")


def test_a_draft_of_a_reply_waits_for_its_form(scripted_page, paper):
    comment = make_comment(paper=paper)
    sign_in(scripted_page, make_user("Reader"))
    scripted_page.goto(paper.get_absolute_url())
    scripted_page.locator(".reply-link").click()
    scripted_page.get_by_label("Your reply").fill("Half an answer")
    scripted_page.reload()
    scripted_page.locator(".reply-link").click()

    field = scripted_page.locator(f"#reply-{comment.pk}").get_by_label("Your reply")
    expect(field).to_have_value("Half an answer")


def test_a_draft_of_a_month_ago_is_dropped(reader_page):
    comment_field(reader_page).fill("Long ago")
    reader_page.wait_for_timeout(600)
    reader_page.evaluate("""() => {
      for (const key of Object.keys(localStorage)) {
        const draft = JSON.parse(localStorage.getItem(key));
        localStorage.setItem(key, JSON.stringify({ ...draft, at: Date.now() - 31 * 86400e3 }));
      }
    }""")
    reader_page.reload()

    expect(comment_field(reader_page)).to_have_value("")


def test_a_closed_storage_is_no_error(open_context, paper):
    context = open_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('closed'); }});"
    )
    page = context.new_page()
    sign_in(page, make_user("Reader"))
    page.goto(paper.get_absolute_url())
    comment_field(page).fill("Posted all the same.")
    post(page)

    expect(shown(page, "Posted all the same.")).to_be_visible()


# Names and quotes -------------------------------------------------------------------


def test_a_name_is_completed_by_keyboard(scripted_page, paper):
    make_comment(paper=paper, author=make_user("Adaline", full_name="Ada Line"))
    make_user("Adam")
    sign_in(scripted_page, make_user("Reader"))
    scripted_page.goto(paper.get_absolute_url())
    comment_field(scripted_page).click()
    scripted_page.keyboard.type("As @ad")

    expect(scripted_page.locator("#names li")).to_have_text(
        ["@Adaline Ada Line in this thread", "@Adam "]
    )
    scripted_page.keyboard.press("ArrowDown")
    scripted_page.keyboard.press("Enter")
    expect(comment_field(scripted_page)).to_have_value("As @Adam ")
    expect(scripted_page.locator("#names")).to_have_count(0)


def test_names_hold_nobody_up(scripted_page, paper):
    make_comment(paper=paper, author=make_user("Adaline"))
    sign_in(scripted_page, make_user("Reader"))
    scripted_page.goto(paper.get_absolute_url())
    comment_field(scripted_page).click()
    scripted_page.keyboard.type("@ad")
    expect(scripted_page.locator("#names li")).to_have_count(1)
    scripted_page.keyboard.press("Escape")
    scripted_page.keyboard.press("Enter")
    scripted_page.keyboard.type("mail@ada.example ")

    expect(comment_field(scripted_page)).to_have_value("@ad\nmail@ada.example ")
    expect(scripted_page.locator("#names")).to_have_count(0)


def test_what_is_selected_of_a_comment_is_quoted(scripted_page, paper):
    comment = make_comment(paper=paper, html="<p>One thing.</p><p>Another thing.</p>")
    sign_in(scripted_page, make_user("Reader"))
    scripted_page.goto(paper.get_absolute_url())
    scripted_page.locator(f"#comment-{comment.pk} .said p").last.select_text()
    scripted_page.get_by_role("link", name="Quote").click()

    expect(scripted_page.get_by_label("Your reply")).to_have_value("> Another thing.\n\n")


def test_a_reply_is_begun_by_key(scripted_page, paper):
    make_comment(paper=paper)
    sign_in(scripted_page, make_user("Reader"))
    scripted_page.goto(paper.get_absolute_url())
    scripted_page.keyboard.press("j")
    scripted_page.keyboard.press("r")

    expect(scripted_page.get_by_label("Your reply")).to_be_visible()
