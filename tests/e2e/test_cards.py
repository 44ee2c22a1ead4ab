"""Cards in a browser: their size, their targets, their picture."""

from __future__ import annotations

from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from papers import voting
from papers.models import Thumbnail
from papers.thumbnails.pictures import make_thumbnail
from tests.builders import make_organization, make_paper, make_user
from tests.e2e.conftest import DESKTOP, PHONE, sign_in

LISTS = [
    "/papers/date/2026-11-20",
    "/papers/week/2026-W47",
    "/papers/trending",
    "/topics/cs.LG",
    "/organizations/ulab",
]
DIGEST = "ab" * 16


@pytest.fixture(autouse=True)
def _papers(transactional_db):
    """Cards with much and little on them, and with what is too long."""
    lab = make_organization(name="O" * 180)
    full = make_paper(
        title="A picture of an engine",
        organization=lab,
        code_url="https://github.com/a/b",
        star_count=12_345,
        lead_authors=["Wolfeschlegelsteinhausenbergerdorff" * 5, "Li", "Wu"],
        author_count=12,
        abstract="We show that it is so. " * 40,
    )
    voting.cast_vote(paper=full, member=make_user())
    voting.cast_vote(paper=full, member=make_user())
    buffer = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(buffer, "PNG")
    image = make_thumbnail(buffer.getvalue())
    Thumbnail.objects.create(paper=full, url="x", image=image, digest=DIGEST)
    make_paper(title="Supercalifragilisticexpialidocious" * 8, lead_authors=["נועה כהן"])
    make_paper(title="Nothing but a title", abstract="", organization=lab)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_with_target_size_finds_nothing_on_lists(open_context, viewport, theme):
    page = open_context(viewport=viewport, color_scheme=theme).new_page()
    sign_in(page, make_user())
    options = {"rules": {"target-size": {"enabled": True}}}

    found = []
    for path in LISTS:
        page.goto(path)
        for rule in Axe().run(page, options=options).response["violations"]:
            found += [(path, rule["id"], node["html"][:120]) for node in rule["nodes"]]

    assert not found


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_long_makes_a_list_wider_than_the_screen(open_context, viewport):
    page = open_context(viewport=viewport).new_page()
    page.goto(LISTS[0])

    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


def test_the_picture_takes_its_place_before_it_comes(open_context):
    page = open_context().new_page()
    page.route("**/thumbnails/**", lambda route: route.abort())
    page.goto(LISTS[0])
    box = page.locator(".thumbnail img").bounding_box()

    assert (round(box["width"]), round(box["height"])) == (158, 89)


def test_every_picture_comes_from_our_host(open_context, live_server):
    page = open_context().new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response("**/thumbnails/**") as shown:
        page.goto(LISTS[0])

    assert shown.value.ok
    assert all(url.startswith(live_server.url) for url in asked)


def test_keys_reach_a_card_in_few_steps_and_never_the_picture(open_context):
    page = open_context().new_page()
    page.goto(LISTS[0])
    card = page.locator("article", has_text="A picture of an engine")

    # Vote, save, title, three authors, organization, code, the rest of the abstract.
    stops = card.locator("a:not([tabindex='-1']), button")
    assert stops.count() == 9
