"""Pages for what went wrong."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from common import errors


@pytest.fixture
def strict_client(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    return client


def refused(client, **headers):
    typed = {"biography": "I read on <trains>", "password": "correct horse battery"}
    return client.post("/settings/profile", typed, headers=headers)


def test_a_stale_form_gives_back_what_was_typed(strict_client):
    response = refused(strict_client)

    assert response.status_code == 403
    assert "I read on &lt;trains&gt;" in response.content.decode()


def test_a_stale_form_shows_no_secret(strict_client):
    assert "correct horse" not in refused(strict_client).content.decode()


def test_what_another_site_sent_is_not_shown(strict_client):
    response = refused(strict_client, sec_fetch_site="cross-site")

    assert response.status_code == 403
    assert "trains" not in response.content.decode()


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_and_sets_no_cookie(client):
    response = client.get("/no/such/page")

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()
    assert not response.cookies


def test_a_failure_of_ours_is_told_without_the_database():
    response = errors.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_a_failure_is_told_even_when_its_page_cannot_be_made(monkeypatch):
    def broken(name: str) -> None:
        raise ValueError(name)

    monkeypatch.setattr(errors, "get_template", broken)

    response = errors.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert b"Something went wrong on our side" in response.content


def test_while_the_database_is_away_the_browser_is_told_when_to_come_back():
    response = errors.unavailable(RequestFactory().get("/"))

    assert response.status_code == 503
    assert response["Retry-After"] == "10"


@pytest.mark.django_db
def test_a_page_that_cannot_reach_the_database_says_so(client, monkeypatch):
    def away(**_day: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("papers.lists.page.latest_day", away)
    client.raise_request_exception = False

    response = client.get("/papers")

    assert (response.status_code, response["Retry-After"]) == (503, "10")
