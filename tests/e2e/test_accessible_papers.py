"""Axe, with the size of targets, on the page of a paper and on those that belong to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from papers import voting
from papers.models import PaperVersion
from tests.builders import make_authorship, make_organization, make_paper, make_user
from tests.e2e.conftest import DESKTOP, PHONE, sign_in

WITH_TARGET_SIZE = {"rules": {"target-size": {"enabled": True}}}
PATHS = [
    "/papers/2401.12345",
    "/papers/2401.12345?version=1",
    "/papers/2401.12345/voters",
    "/papers/2401.99999",
    "/papers/9999.00001",
    "/papers?q=whales",
]


@pytest.fixture(autouse=True)
def _paper(transactional_db, settings):
    settings.SHOW_AI_SUMMARIES = True
    paper = make_paper(
        "2401.12345",
        title="On engines that reckon",
        organization=make_organization(),
        submitted_by=make_user("Reader"),
        version=3,
        revised_at=datetime(2026, 11, 20, tzinfo=UTC),
        ai_summary="Engines reckon.",
        ai_keywords=["engines", "reckoning"],
        ai_model="robot-1",
    )
    PaperVersion.objects.create(
        paper=paper, number=2, submitted_at=datetime(2026, 11, 19, tzinfo=UTC)
    )
    for number in range(20):
        make_authorship(paper, f"Author {number}")
    for number in range(12):
        voting.cast_vote(paper=paper, member=make_user(full_name=f"Voter {number}"))


def violations(page, path):
    page.goto(path)
    found = Axe().run(page, options=WITH_TARGET_SIZE).response["violations"]
    return [(path, rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("is_member", [False, True], ids=["visitor", "member"])
def test_axe_finds_nothing_on_a_papers_pages(open_context, viewport, theme, is_member):
    page = open_context(viewport=viewport, color_scheme=theme).new_page()
    if is_member:
        sign_in(page, make_user())

    assert not [found for path in PATHS for found in violations(page, path)]
