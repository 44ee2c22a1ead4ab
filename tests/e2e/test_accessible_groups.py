"""Axe where groups read, in both themes, on a phone and on a desktop.

Each page is as narrow as the window, and shows the tab on which the reader is.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from groups.ballots import ballots
from groups.meeting.minutes import minutes
from groups.models import Attendance, Group, Meeting, Section
from tests.builders import make_paper, make_user
from tests.e2e.conftest import DESKTOP, PHONE, sign_in
from tests.e2e.test_accessibility import violations
from tests.groups.builders import (
    make_ballot,
    make_meeting,
    make_nomination,
    make_schedule,
    make_slip,
)
from tests.groups.rows import furnish

MEETING = "/groups/club/meetings/{day}"
VISITORS_PAGES = [
    "/groups",
    "/groups?q=nothing-of-this-name",
    "/groups/club",
    "/groups/club/about",
    "/groups/club/nominations",
    "/groups/club/archive",
    "/groups/club/statistics",
    MEETING,
    MEETING + "/ballot",
    "/groups/club/meetings/{past}",
    "/groups/club/meetings/{past}/ballot",
    "/groups/club/meetings/{past}/minutes",
    "/invitation",
]
MEMBERS_PAGES = [
    "/groups/new",
    "/groups/import",
    "/groups/club",
    "/groups/club/members",
    "/groups/club/mine",
    "/groups/club/leave",
    "/groups/club/rota",
    "/groups/club/nominations/new",
    "/groups/club/series",
    "/papers/2401.12345/nominate",
    MEETING,
    MEETING + "/ballot",
    MEETING + "/live",
    MEETING + "/minutes/edit",
    MEETING + "/files/new",
    MEETING + "/seats/{seat}/swap",
    "/groups/club/meetings/{past}/minutes/history",
    "/settings/calendars",
]
ORGANISERS_PAGES = [
    "/groups/club",
    "/groups/club/settings",
    "/groups/club/settings/cycle",
    "/groups/club/settings/seats",
    "/groups/club/schedule",
    "/groups/club/series/new",
    "/groups/club/series/{series}",
    "/groups/club/invitations",
    "/groups/club/requests",
    "/groups/club/log",
    "/groups/club/export",
    "/groups/club/members",
    "/groups/club/members/{username}",
    "/groups/club/hand-over",
    "/groups/club/close",
    "/groups/club/clone",
    "/groups/club/meetings/new",
    MEETING,
    MEETING + "/edit",
    MEETING + "/move",
    MEETING + "/off",
    MEETING + "/advance",
    MEETING + "/agenda",
    MEETING + "/sections",
    "/groups/club/meetings/{past}/attendance",
    MEETING + "/ballot/pick",
    MEETING + "/seats/{seat}",
    MEETING + "/questions/{question}",
    MEETING + "/live",
]
OUT_OF_SIGHT = """() => {
  const tabs = document.querySelector(".group-header .tabs");
  const current = tabs && tabs.querySelector("[aria-current]");
  const width = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth - width;
  const isHidden = current && current.getBoundingClientRect().right > width;
  return [wide > 0 && `${wide} px too wide`, isHidden && "the tab is hidden"].filter(Boolean);
}"""

pytestmark = [
    pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"]),
    pytest.mark.parametrize("theme", ["light", "dark"]),
]


@pytest.fixture
def people():
    return {
        "owner": make_user("owner", full_name="Grace Hopper"),
        "organiser": make_user("organiser", full_name="מארגנת הקבוצה 🎓"),
        "member": make_user("member", full_name="Ada " + "Lovelace" * 12),
        "guest": make_user("guest"),
    }


@pytest.fixture
def keys(transactional_db, people):
    """A group with one of everything, whose next paper has a very long title."""
    group, keys = furnish("club", visibility="public", people=people)
    make_schedule(group)
    make_nomination(group, make_paper("2401.12345", title="Attention" * 30), pitch="Read " * 90)
    Group.objects.filter(pk=group.pk).update(summary="We read. " * 22)
    Section.objects.create(
        meeting=Meeting.objects.get(group=group, occurs_on=keys["day"]), position=1, title="Claims"
    )
    past = hold(group, people["member"])
    return {**keys, "past": past.occurs_on}


def hold(group, member):
    """Make a meeting that was voted on, held, and written down."""
    day = (timezone.now() - timedelta(days=4)).date()
    past = make_meeting(group, day=day, paper=make_paper(title="מאמר בעברית על למידה 🎓"))
    ballot = make_ballot(past, method="schulze")
    make_slip(ballot, member, [2, 1])
    ballots.close_ballot(meeting=past)
    Attendance.objects.create(meeting=past, member=member)
    text = "## Claims\n\nIt holds.\n\n- [ ] Ask the authors"
    minutes.save(meeting=past, editor=member, text=text, base_version=0)
    Meeting.objects.filter(pk=past.pk).update(phase="held")
    return past


@pytest.fixture
def page(open_context, viewport, theme):
    return open_context(viewport=viewport, color_scheme=theme).new_page()


def faults(page, paths, keys):
    """Return what is wrong on each of the pages."""
    found = []
    for path in paths:
        address = path.format(**keys)
        found += violations(page, address)
        found += [(address, fault) for fault in page.evaluate(OUT_OF_SIGHT)]
    return found


def test_axe_finds_nothing_where_visitors_look_in(page, keys):
    assert not faults(page, VISITORS_PAGES, keys)


def test_axe_finds_nothing_where_members_take_part(page, keys, people):
    sign_in(page, people["member"])

    assert not faults(page, MEMBERS_PAGES, keys)


def test_axe_finds_nothing_where_organisers_work(page, keys, people):
    sign_in(page, people["owner"])

    assert not faults(page, ORGANISERS_PAGES, keys)
