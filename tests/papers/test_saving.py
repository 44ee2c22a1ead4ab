"""Saving a paper to read: as a member, as a visitor on the way in, and the list of them."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError
from django.utils import timezone

from papers import saving
from papers.models import Save
from tests.builders import PASSWORD, make_paper, make_user

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def paper():
    return make_paper()


@pytest.fixture
def save_url(paper):
    return f"{paper.get_absolute_url()}/save"


def _listed(client, path="/saved"):
    return re.findall(r'<article class="card" id="paper-(\d+)"', client.get(path).content.decode())


def test_a_press_swaps_the_button_alone(member_client, save_url):
    content = member_client.post(save_url, {"save": "yes"}, headers=HTMX).content.decode()

    assert content.lstrip().startswith("<button")
    assert 'aria-pressed="true"' in content
    assert 'value="none"' in content


def test_a_second_press_takes_the_paper_off_the_list(member_client, save_url):
    member_client.post(save_url, {"save": "yes"})

    content = member_client.post(save_url, {"save": "none"}, headers=HTMX).content.decode()

    assert 'aria-pressed="false"' in content
    assert not Save.objects.exists()


def test_a_double_click_saves_once(member_client, save_url):
    for _ in range(2):
        member_client.post(save_url, {"save": "yes"}, headers=HTMX)

    assert Save.objects.count() == 1


def test_a_member_saves_a_paper_once(member, paper):
    saving.save_paper(paper=paper, member=member)

    with pytest.raises(IntegrityError, match="papers_member_saves_a_paper_once"):
        Save.objects.create(paper=paper, member=member)


def test_without_htmx_the_press_leads_back_to_the_card(member_client, save_url, paper):
    came_from = {"Referer": "http://testserver/papers/date/2026-11-20"}

    response = member_client.post(save_url, {"save": "yes"}, headers=came_from)

    assert response.url == f"http://testserver/papers/date/2026-11-20#paper-{paper.pk}"


def test_a_press_that_says_nothing_is_refused(member_client, save_url):
    assert member_client.post(save_url).status_code == 400


def test_looking_at_the_address_saves_nothing(member_client, save_url):
    response = member_client.get(save_url)

    assert "Save this paper to read?" in response.content.decode()
    assert not Save.objects.exists()


def test_a_paper_that_is_not_here_is_not_found(member_client):
    assert member_client.post("/papers/2401.99999/save", {"save": "yes"}).status_code == 404


def test_a_visitors_press_leads_to_sign_in_and_names_the_paper(client, save_url, paper):
    response = client.get(save_url, follow=True)

    assert response.redirect_chain[0][0].startswith("/sign-in?next=")
    assert f"“{paper.title}” is saved once you sign in" in response.content.decode()


def test_a_visitors_press_is_done_by_signing_in(client, save_url, paper):
    member = make_user()

    response = client.post(
        "/sign-in", {"login": member.username, "password": PASSWORD, "next": save_url}
    )

    assert response.url == paper.get_absolute_url()
    assert Save.objects.get().member == member


@pytest.mark.parametrize("where", ["list", "page"])
def test_a_saved_paper_shows_a_pressed_button(member, member_client, paper, where):
    saving.save_paper(paper=paper, member=member)
    path = "/papers/date/2026-11-20" if where == "list" else paper.get_absolute_url()

    page = member_client.get(path).content.decode()

    button = page[page.index(f'id="save-{paper.pk}"') :]
    assert 'aria-pressed="true"' in button[: button.index("</button>")]


def test_the_list_and_the_swap_draw_the_same_button(member_client, paper, save_url):
    swapped = member_client.post(save_url, {"save": "yes"}, headers=HTMX).content.decode()
    listed = member_client.get("/papers/date/2026-11-20").content.decode()

    assert swapped.strip() in listed


def test_a_visitor_gets_a_link_where_a_member_gets_a_button(client, paper, save_url):
    page = client.get("/papers/date/2026-11-20").content.decode()

    assert f'href="{save_url}"' in page
    assert '<button class="button quiet save"' not in page


def test_to_read_lists_the_latest_first(member, member_client):
    papers = [make_paper() for _ in range(3)]
    for paper in papers:
        saving.save_paper(paper=paper, member=member)

    assert _listed(member_client) == [str(paper.pk) for paper in reversed(papers)]


def test_to_read_is_its_members_own(member_client, paper):
    saving.save_paper(paper=paper, member=make_user())

    assert _listed(member_client) == []


def test_a_withdrawn_paper_stays_on_the_list(member, member_client):
    paper = make_paper(withdrawn_at=timezone.now())
    saving.save_paper(paper=paper, member=member)

    assert _listed(member_client) == [str(paper.pk)]


def test_an_empty_list_says_how_papers_come_there(member_client):
    assert "No saved papers yet" in member_client.get("/saved").content.decode()


def test_to_read_is_in_the_members_menu(member_client):
    assert 'href="/saved"' in member_client.get("/papers/trending").content.decode()


def test_a_long_list_costs_no_more_queries_than_a_short_one(member, member_client, count_queries):
    def look():
        member_client.get("/saved")

    saving.save_paper(paper=make_paper(), member=member)
    look()
    short = count_queries(look)
    for _ in range(10):
        saving.save_paper(paper=make_paper(), member=member)

    assert count_queries(look) == short
