"""The 404 page in development: the site's own, with the reason in the log."""

from __future__ import annotations

import logging

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _debug(settings):
    settings.DEBUG = True
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "devtools.missing_pages.OwnMissingPageMiddleware",
    ]


@pytest.mark.parametrize("path", ["/nowhere/at-all", "/groups/nowhere", "/authors/nobody"])
def test_a_missing_page_is_ours_and_lists_no_address(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert b"Page not found" in response.content
    assert b"DEBUG = True" not in response.content
    assert b"urlpatterns" not in response.content


def test_the_log_says_that_no_address_matches(client, caplog):
    with caplog.at_level(logging.INFO, logger="devtools.missing_pages"):
        client.get("/nowhere")

    assert "no address matches /nowhere" in caplog.text


def test_the_log_says_which_view_found_nothing_and_why(client, caplog):
    with caplog.at_level(logging.INFO, logger="devtools.missing_pages"):
        client.get("/groups/nowhere")

    assert "groups:group_page" in caplog.text
    assert "There is no such group." in caplog.text


def test_addresses_still_gain_a_missing_slash(client):
    assert client.get("/mail").url == "/mail/"
