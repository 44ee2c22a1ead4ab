"""A group from its founding to its archive, as its owner and a member live it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone
from playwright.sync_api import expect

from groups.cycle import sweeping
from groups.models import Group, Meeting, Phase
from tests.builders import make_paper, make_user
from tests.e2e.conftest import sign_in

GROUP = "/groups/slow-readers"


def test_a_group_lives_its_first_week(page, open_context, request):
    make_paper("2401.12345", title="Reading Slowly, and What Comes of It")
    is_scripted = "without" not in request.node.callspec.id
    reader = open_context(java_script_enabled=is_scripted).new_page()
    sign_in(page, make_user("olga"))
    sign_in(reader, make_user("mona"))

    day = found(page)
    join(reader, invitation_from(page))
    nominate_from_the_paper(reader)
    step(page, day, "Open nominations now")
    step(page, day, "Open the ballot now")
    vote(reader)
    step(page, day, "Close the ballot now")
    see_the_winner_and_come(reader)
    ask(reader, day)
    hold()
    write_minutes(reader, day)
    read_the_archive(reader)


def found(page):
    """Found the group by its form, and return the day of its first meeting."""
    page.goto("/groups")
    page.get_by_role("link", name="Create a group").first.click()
    day = timezone.localdate() + timedelta(days=12)
    page.get_by_label("Name", exact=True).fill("Slow Readers")
    page.locator("#id_slug").fill("slow-readers")
    page.locator("#id_first_on").fill(day.isoformat())
    page.locator("#id_at").fill("18:00")
    page.get_by_role("button", name="Create the group").click()
    page.wait_for_load_state()
    group = Group.objects.get(slug="slow-readers")
    assert group.meetings.order_by("occurs_on")[0].occurs_on == day
    return day


def invitation_from(page):
    page.goto(f"{GROUP}/invitations")
    page.get_by_role("button", name="Invite").click()
    # The tests' server stands at an address of its own.
    return urlsplit(page.locator("#invitation-link").input_value()).path


def join(page, link):
    page.goto(link)
    assert "/invitations/" not in page.url
    page.get_by_role("button", name="Join").click()
    page.wait_for_load_state()
    page.goto(GROUP)
    expect(page.get_by_role("link", name="Members", exact=True)).to_be_visible()


def nominate_from_the_paper(page):
    page.goto("/papers/2401.12345")
    page.get_by_role("link", name="Nominate").click()
    page.get_by_label("Slow Readers").check()
    page.get_by_label("pitch", exact=False).or_(page.locator("#id_pitch")).first.fill("Short.")
    page.get_by_role("button", name="Nominate").click()
    page.wait_for_load_state()
    expect(page.get_by_text("“Short.”")).to_be_visible()


def step(page, day, name):
    """Take the cycle on by hand, as the organiser's page offers it."""
    page.goto(f"{GROUP}/meetings/{day}/advance")
    page.get_by_role("button", name=name).click()
    page.wait_for_load_state()


def vote(page):
    page.goto(GROUP)
    page.get_by_label("Reading Slowly, and What Comes of It").check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.get_by_role("button", name="Change my ballot")).to_be_visible()


def see_the_winner_and_come(page):
    page.goto(GROUP)
    winner = page.locator(".next").get_by_role("link", name="Reading Slowly")
    expect(winner).to_be_visible()
    page.get_by_role("button", name="Attending", exact=True).click()
    pressed = page.get_by_role("button", name="Attending", exact=True, pressed=True)
    expect(pressed).to_be_visible()
    expect(page.get_by_text("1 member is attending")).to_be_visible()


def ask(page, day):
    page.goto(f"{GROUP}/meetings/{day}")
    page.locator("#ask textarea").fill("Where does the argument begin?")
    page.locator("#ask").get_by_role("button", name="Ask").click()
    expect(page.locator("#questions").get_by_text("Where does the argument begin?")).to_be_visible()


def hold():
    """Let the hour of the meeting come and go."""
    meeting = Meeting.objects.filter(phase=Phase.READY).order_by("starts_at")[0]
    began = timezone.now() - timedelta(hours=2)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=began, ends_at=began + timedelta(hours=1), due_at=began
    )
    sweeping.sweep()
    assert Meeting.objects.get(pk=meeting.pk).phase == Phase.HELD


def write_minutes(page, day):
    page.goto(f"{GROUP}/meetings/{day}/minutes/edit")
    page.get_by_label("Minutes", exact=True).fill("## Claims\n\nWe *agreed* on the second lemma.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    page.goto(f"{GROUP}/meetings/{day}/minutes")
    expect(page.get_by_text("We agreed on the second lemma.")).to_be_visible()


def read_the_archive(page):
    page.goto(f"{GROUP}/archive")
    row = page.get_by_role("listitem").filter(has_text="Reading Slowly")
    expect(row.get_by_role("link", name="Minutes")).to_be_visible()
    page.get_by_role("searchbox").fill("lemma")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Reading Slowly")).to_be_visible()
