"""Axe on every kind of page, in both themes, on a phone and on a desktop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from papers.models import Topic
from tests.builders import make_authorship, make_organization, make_paper, make_user
from tests.discussions.builders import make_comment
from tests.e2e.conftest import DESKTOP, PHONE, sign_in
from tests.groups.builders import make_meeting

VISITORS_PAGES = [
    "/papers",
    "/about",
    "/groups",
    "/comments",
    "/moderation/log",
    "/papers/date/2026-11-20",
    "/papers/week/2026-W47",
    "/papers/trending",
    "/papers/2401.12345",
    "/topics",
    "/topics/cs.LG",
    "/organizations/ulab",
    "/authors/ada-lovelace",
    "/about/trending",
    "/about/design",
    "/about/keyboard",
    "/about/appearance",
    "/sign-in",
    "/sign-in/code",
    "/sign-up",
    "/password/reset",
    "/@Reader",
    "/papers/2401.99999",
    "/mail/",
]
MEMBERS_PAGES = [
    "/papers/date/2026-11-20",
    "/papers/2401.12345",
    "/papers/2401.12345/vote",
    "/papers/submit",
    "/inbox",
    "/saved",
    "/groups",
    "/@Reader",
    "/settings/email",
    "/settings/notifications",
    "/settings/profile",
    "/settings/security",
    "/settings/appearance",
    "/settings/time-zone",
]


@pytest.fixture(autouse=True)
def _content(transactional_db):
    paper = make_paper(
        "2401.12345",
        title=r"An $O(n \log n)$ bound",
        organization=make_organization(),
        submitted_by=make_user("Reader", biography="I read."),
        version=2,
    )
    for number in range(20):
        make_authorship(paper, "Ada Lovelace" if not number else f"Author {number}")
    make_paper(title="מאמר בעברית על למידה 🎓", vote_count=3, hot_score=400.0)
    # What stands beside lists.
    for _ in range(2):
        make_comment(paper=paper)
    meeting = make_meeting(day=timezone.localdate() + timedelta(days=2), paper=paper)
    meeting.group.topics.set(Topic.objects.filter(code="cs.LG"))


# Rules that axe leaves out unless asked.
EXTRA = {"target-size": {"enabled": True}, "label-content-name-mismatch": {"enabled": True}}


def violations(page, path=None):
    """Return what axe finds on the page, or on the page at the path."""
    if path:
        page.goto(path)
    found = Axe().run(page, options={"rules": EXTRA}).response["violations"]
    return [(path, rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_visitors_pages(open_context, viewport, theme):
    page = open_context(viewport=viewport, color_scheme=theme).new_page()

    assert not [found for path in VISITORS_PAGES for found in violations(page, path)]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_members_pages(open_context, viewport, theme):
    page = open_context(viewport=viewport, color_scheme=theme).new_page()
    sign_in(page, make_user())

    assert not [found for path in MEMBERS_PAGES for found in violations(page, path)]
