"""A group that meets: an organiser and a member in two browsers, at once and without a reload."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from groups.meeting.agenda import agenda
from groups.meeting.agenda.agenda import PlannedPoint
from groups.meeting.minutes import minutes
from groups.meeting.progress.progress import set_progress, set_sections
from groups.meeting.questions import questions
from groups.models import Attendance, CommentPlace, Meeting
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment
from tests.e2e.conftest import DESKTOP, PHONE, sign_in
from tests.groups.builders import make_group, make_meeting, make_membership, make_question

# Longer than the room waits between two questions to the site.
SOON = 15_000


@pytest.fixture
def olga():
    return make_user("olga", full_name="Olga Owner")


@pytest.fixture
def mona():
    return make_user("mona", full_name="Mona Member")


@pytest.fixture
def meeting(olga, mona):
    """A meeting that began ten minutes ago, with two points and a question."""
    group = make_group("readers", owner=olga)
    make_membership(group, mona)
    found = make_meeting(group, paper=make_paper(title="On engines"), phase="live")
    begun = timezone.now() - timedelta(minutes=10)
    Meeting.objects.filter(pk=found.pk).update(
        starts_at=begun, ends_at=begun + timedelta(minutes=60)
    )
    points = [PlannedPoint("What it claims", 20), PlannedPoint("What we doubt", 20)]
    agenda.set_agenda(meeting=found, by=olga, points=points)
    make_question(found, "Is it engines all the way down?", asked_by=olga)
    return found


def enter(context, user, meeting):
    page = context.new_page()
    sign_in(page, user)
    page.goto(f"{meeting.get_absolute_url()}/live")
    return page


def ask(page, text):
    page.get_by_label("Your question").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".question", has_text=text)).to_be_visible()


def test_a_meeting_in_two_browsers(open_context, meeting, olga, mona):
    organiser = enter(open_context(), olga, meeting)
    member = enter(open_context(), mona, meeting)

    # The member asks: the organiser sees it without a reload.
    ask(member, "Does it scale?")
    asked = organiser.locator(".question", has_text="Does it scale?")
    expect(asked).to_be_visible(timeout=SOON)

    # Votes put it first, for both.
    asked.locator(".vote").click()
    expect(asked.locator(".vote")).to_have_attribute("aria-pressed", "true")
    for page in (organiser, member):
        first = page.locator(".question").first
        expect(first).to_contain_text("Does it scale?", timeout=SOON)
    assert questions.Question.objects.get(text="Does it scale?").vote_count == 1

    # The organiser starts a point: the member sees it with its timer.
    organiser.get_by_role("button", name="Start What it claims").click()
    expect(organiser.locator(".running-point")).to_have_text("What it claims")
    expect(member.locator(".running-point")).to_have_text("What it claims", timeout=SOON)
    expect(member.locator(".timer")).to_contain_text("left")
    expect(member.locator("#room-news")).to_have_text("Now: What it claims")

    # What the organiser types as minutes stands before the member.
    organiser.get_by_role("textbox", name="Minutes").fill("We agreed on **engines**.")
    said = member.locator("#live-minutes strong", has_text="engines")
    expect(said).to_be_visible(timeout=SOON)

    # The next point ends the one before.
    organiser.get_by_role("button", name="Next: What we doubt").click()
    expect(member.locator(".running-point")).to_have_text("What we doubt", timeout=SOON)


def test_what_one_types_stays_while_the_room_changes(open_context, meeting, mona):
    page = enter(open_context(), mona, meeting)
    field = page.get_by_label("Your question")
    field.fill("Half a quest")
    field.press("Home")
    make_question(meeting, "Asked meanwhile?")
    agenda.start_point(meeting=meeting, pk=meeting.agenda.first().pk)

    expect(page.locator(".question", has_text="Asked meanwhile?")).to_be_visible(timeout=SOON)
    expect(field).to_be_focused()
    expect(field).to_have_value("Half a quest")
    assert field.evaluate("field => field.selectionStart") == 0


def test_focus_stays_on_a_button_that_is_put_in_anew(open_context, meeting, mona):
    page = enter(open_context(), mona, meeting)
    vote = page.locator(".question .vote").first
    vote.focus()
    questions.vote(question=meeting.questions.get(), member=make_user(), wants=True)

    expect(vote).to_contain_text("1", timeout=SOON)
    expect(vote).to_be_focused()


def test_the_room_says_when_it_is_behind(open_context, meeting, mona):
    page = enter(open_context(), mona, meeting)
    page.route("**/live/news*", lambda route: route.abort())
    expect(page.locator("#room-news")).to_have_text("Not up to date: trying again.", timeout=SOON)

    page.unroute("**/live/news*")
    expect(page.locator("#room-news")).to_have_text("", timeout=4 * SOON)


def test_the_end_of_a_meeting_shows_by_itself(open_context, meeting, mona):
    page = enter(open_context(), mona, meeting)
    expect(page.locator("[data-phase]")).to_have_text("Going on now")
    Meeting.objects.filter(pk=meeting.pk).update(phase="held", phase_number=1)

    expect(page.locator("[data-phase]")).to_have_text("Held", timeout=SOON)


def test_who_is_shown_out_is_told(open_context, meeting, mona):
    page = enter(open_context(), mona, meeting)
    meeting.group.memberships.filter(member=mona).delete()
    agenda.start_point(meeting=meeting, pk=meeting.agenda.first().pk)

    told = "This page is no longer open to you."
    expect(page.locator("#room-news")).to_have_text(told, timeout=SOON)


def test_the_room_works_without_javascript(open_context, meeting, olga):
    page = enter(open_context(java_script_enabled=False), olga, meeting)
    page.get_by_role("button", name="Start What it claims").click()
    assert page.url.endswith("/live#agenda") or page.url.endswith("/live")
    expect(page.locator(".timer")).to_contain_text("for 20 minutes")

    page.locator(".question .vote").first.click()
    expect(page.locator(".question .vote").first).to_contain_text("1")
    page.get_by_label("Your question").fill("By hand?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".question", has_text="By hand?")).to_be_visible()
    page.get_by_role("textbox", name="Minutes").fill("Written by hand.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{meeting.get_absolute_url()}/live")
    expect(page.locator("#live-minutes")).to_contain_text("Written by hand.")


def test_a_meeting_is_talked_about_on_its_page(open_context, meeting, mona):
    page = open_context().new_page()
    sign_in(page, mona)
    page.goto(meeting.get_absolute_url())
    page.get_by_label("Your comment").fill("A thought of mine.")
    page.locator("#write").get_by_role("button", name="Post", exact=True).click()
    expect(page.locator(".said", has_text="A thought of mine.")).to_be_visible()
    page.locator(".reply-link").click()
    page.get_by_label("Your reply").fill("And another.")
    page.locator(".reply-slot").get_by_role("button", name="Post", exact=True).click()
    expect(page.locator(".replies .said", has_text="And another.")).to_be_visible()

    page.locator(".comment .at").last.click()
    page.wait_for_url(f"**{meeting.get_absolute_url()}?comment=*")


def furnish(meeting, olga, mona):
    """Put something into every part of the page."""
    sections = set_sections(meeting=meeting, by=olga, titles=["The idea", "The proof"])
    meeting.group.memberships.filter(member=mona).update(shares_progress=True, folds_ahead=True)
    set_progress(meeting=meeting, member=mona, state="reading", section_ids=[sections[0].pk])
    make_question(meeting, "Is it so?", section=sections[1], is_prompt=True, vote_count=3)
    comment = make_comment(thread=meeting.thread, author=olga, text="It is so.")
    CommentPlace.objects.create(comment=comment, section=sections[1])
    Attendance.objects.create(meeting=meeting, member=mona)
    agenda.start_point(meeting=meeting, pk=meeting.agenda.first().pk)
    minutes.save(meeting=meeting, editor=olga, text="## Claims\n\n- one", base_version=0)


LOOKS = [
    pytest.param({"viewport": viewport, "color_scheme": theme}, id=f"{name}, {theme}")
    for name, viewport in [("phone", PHONE), ("desktop", DESKTOP)]
    for theme in ("light", "dark")
]
TOO_WIDE = """() => [...document.querySelectorAll("main *")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
  .filter((each) => !each.closest(".tabs, .visually-hidden, .skip"))
  .map((each) => each.outerHTML.slice(0, 120))"""


def faults_of(page, path):
    """Return what axe finds on a page, with everything unfolded, and whether it is too wide."""
    page.goto(path)
    for details in page.locator("#own-progress, .nudge").all():
        details.evaluate("details => { details.open = true }")
    rules = Axe().run(page).response["violations"]
    found = [(path, rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in rules]
    wide = page.evaluate(TOO_WIDE)
    return found + ([(path, "leaves the screen", wide)] if wide else [])


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_for_a_member(open_context, meeting, olga, mona, look):
    furnish(meeting, olga, mona)
    page = open_context(**look).new_page()
    sign_in(page, mona)
    url = meeting.get_absolute_url()
    paths = [url, f"{url}/live", f"{url}/questions", f"{url}/progress"]

    assert not [fault for path in paths for fault in faults_of(page, path)]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_for_an_organiser(open_context, meeting, olga, mona, look):
    furnish(meeting, olga, mona)
    page = open_context(**look).new_page()
    sign_in(page, olga)
    url, asked = meeting.get_absolute_url(), meeting.questions.first()
    pages = ("", "/live", "/agenda", "/sections", f"/questions/{asked.pk}")

    assert not [fault for each in pages for fault in faults_of(page, f"{url}{each}")]
