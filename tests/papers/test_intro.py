"""The introduction on a visitor's front page, and hiding it."""

from __future__ import annotations

import pytest

from tests.builders import make_paper

pytestmark = pytest.mark.django_db

FRONT, DAY = "/papers", "/papers/date/2026-11-20"
SENTENCE = "is where a research community finds the day’s papers"


@pytest.fixture(autouse=True)
def _paper():
    make_paper()


def shows_intro(client, path=FRONT):
    return SENTENCE in client.get(path).content.decode()


def test_the_front_page_begins_with_what_the_site_is_and_three_links(client, settings):
    settings.SITE_NAME = "Margin"

    content = client.get("/", follow=True).content.decode()
    intro = content.partition('<section class="intro"')[2].partition("</section>")[0]

    assert "Margin is where" in intro
    for path in ("#papers", "/groups", "/comments"):
        assert f'href="{path}"' in intro
    assert content.index('class="intro"') < content.index("<h1")


def test_one_press_hides_it_for_good(client):
    response = client.post("/papers/intro")

    assert response.url == FRONT
    assert client.cookies["intro"]["max-age"] == 400 * 24 * 3600
    assert not shows_intro(client)


def test_it_is_on_the_front_page_alone(client):
    assert not shows_intro(client, DAY)
    assert not shows_intro(client, f"{FRONT}?topic=cs.LG")


def test_a_member_knows_it_already(member_client):
    assert not shows_intro(member_client)


def test_what_one_visitor_hides_another_still_sees(client, client_of_another):
    client.post("/papers/intro")

    assert not shows_intro(client)
    assert shows_intro(client_of_another)


def test_what_one_visitor_sees_is_not_kept_for_another(client, client_of_another):
    assert shows_intro(client_of_another)
    client.post("/papers/intro")

    assert not shows_intro(client)


@pytest.fixture
def client_of_another(client):
    return type(client)()
