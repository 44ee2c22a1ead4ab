"""The address of a paper that is not here: what it says, and the way to add the paper."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.builders import make_paper

pytestmark = pytest.mark.django_db

KNOWN_SHAPES = ["2401.99999", "hep-th/9901001", "doi/10.1145/3292500", "openreview/HkwoSDPgg"]
IMPOSSIBLE = ["9999.00001", "2413.00001", "2401.00000", "cs/9913001", "date/2026112"]


def missing(client, name, **asked):
    response = client.get(f"/papers/{name}", asked)
    assert response.status_code == 404
    return response.content.decode()


@pytest.mark.parametrize("name", KNOWN_SHAPES)
def test_a_member_adds_a_missing_paper_with_one_press(member_client, name):
    page = missing(member_client, name)

    assert "This paper is not here yet" in page
    assert '<form method="post" action="/papers/submit">' in page
    assert f'<input type="hidden" name="text" value="{name}">' in page
    assert "csrfmiddlewaretoken" in page


@pytest.mark.parametrize("name", KNOWN_SHAPES)
def test_a_visitor_signs_in_first_and_comes_back(client, name):
    page = missing(client, name)

    assert "This paper is not here yet" in page
    assert f'href="{reverse("account_login")}?next=/papers/{name}"' in page
    assert '<form method="post" action="/papers/submit"' not in page


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_id_says_so_and_offers_nothing(client, member_client, name):
    for each in (client, member_client):
        page = missing(each, name)

        assert "No such paper" in page
        assert "cannot be an arXiv id" in page
        assert "not here yet" not in page


def test_a_version_of_a_missing_paper_is_offered_as_the_paper(client):
    response = client.get("/papers/2401.99999v2", follow=True)

    assert response.status_code == 404
    assert "arXiv 2401.99999</bdi>" in response.content.decode()


def test_the_page_asks_to_be_left_out_of_indexes(client):
    assert '<meta name="robots" content="noindex">' in missing(client, "2401.99999")


def test_other_pages_keep_their_404(member_client):
    for address in ("/groups/none", "/papers/2401.99999/voters", "/authors/nobody", "/nowhere"):
        response = member_client.get(address)
        assert response.status_code == 404
        assert "Page not found" in response.content.decode()


# Addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "external_id"),
    [
        ("cond-mat.str-el/9801001", "cond-mat/9801001"),
        ("Cond-Mat.STR-EL/9801001", "cond-mat/9801001"),
        ("math.gt/0309136", "math/0309136"),
        ("HEP-TH/9901001", "hep-th/9901001"),
    ],
)
def test_an_old_id_in_any_spelling_leads_to_the_papers_one_address(client, asked, external_id):
    paper = make_paper(external_id)

    response = client.get(f"/papers/{asked}", {"sort": "newest"})

    assert response.status_code == 302
    assert response.url == f"{paper.get_absolute_url()}?sort=newest"


def test_an_old_archive_without_subject_is_an_address(client):
    make_paper("atom-ph/9601001")

    assert client.get("/papers/atom-ph/9601001").status_code == 200


def test_a_doi_in_capitals_leads_to_the_papers_one_address(client):
    make_paper("10.1145/abc", source="doi", doi="10.1145/abc")

    assert client.get("/papers/doi/10.1145/ABC").url == "/papers/doi/10.1145/abc"


@pytest.mark.parametrize("doi", ["10.1002/a<1::b>3.0#?%", "10.1145/3292500/vote", "10.1/é"])
def test_a_doi_with_signs_has_one_address(client, doi):
    if not doi.isascii():
        assert client.get(f"/papers/doi/{doi}").status_code == 404
        return
    paper = make_paper(doi, source="doi", doi=doi)

    assert client.get(paper.get_absolute_url()).status_code == 200


# A query in the address, as Hugging Face has it ---------------------------------------------


@pytest.mark.parametrize(
    "query", ["2401.12345", "https://arxiv.org/abs/2401.12345v2", " arXiv:2401.12345"]
)
def test_a_query_that_names_a_paper_leads_to_it(client, query):
    paper = make_paper("2401.12345")

    assert client.get("/papers", {"q": query}).url == paper.get_absolute_url()


@pytest.mark.parametrize(
    ("query", "url"),
    [("2401.99999", "/papers/2401.99999"), ("10.1145/3292500", "/papers/doi/10.1145/3292500")],
)
def test_a_query_that_names_a_missing_paper_leads_to_the_page_that_offers_it(client, query, url):
    assert client.get("/papers", {"q": query}).url == url


@pytest.mark.parametrize("query", ["source citations", "<b>", "x" * 20_000, "\0"])
def test_any_other_query_says_that_there_is_no_search_yet(client, query):
    paper = make_paper()

    response = client.get("/papers", {"q": query})

    page = response.content.decode()
    assert response.status_code == 200
    assert "no search yet" in page
    assert paper.title in page


def test_a_query_leads_to_the_search_once_there_is_one(client, settings):
    settings.ROOT_URLCONF = "tests.papers.urls_with_search"

    assert client.get("/papers", {"q": "a & b"}).url == "/search?q=a+%26+b"


def test_an_empty_query_is_none(client):
    make_paper()

    assert "no search yet" not in client.get("/papers", {"q": " "}).content.decode()


def test_a_date_in_the_address_leads_to_that_day(client):
    response = client.get("/papers", {"date": "2026-11-20"})

    assert response.url == "/papers/date/2026-11-20"
