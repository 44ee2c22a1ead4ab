"""Pages about the site itself."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def test_a_visitor_chooses_a_theme_without_an_account(client):
    client.post("/appearance", {"theme": "dark", "next": "/about/keyboard"}, follow=True)

    assert 'data-theme="dark"' in client.get("/about/keyboard").content.decode()


def test_reading_about_the_keyboard_sets_no_cookie(client):
    assert not client.get("/about/keyboard").cookies


def test_every_shortcut_that_goes_somewhere_is_a_link(client):
    content = client.get("/about/keyboard").content.decode()

    for key in "dwmt":
        assert f'data-keys="{key}"' in content


def test_only_members_pages_carry_a_token(client, member_client):
    assert "hx-headers" not in client.get("/about/keyboard").content.decode()
    assert "X-CSRFToken" in member_client.get("/about/keyboard").content.decode()
