"""Pages about the site itself."""

from __future__ import annotations

import pytest

from tests.builders import make_paper

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


def test_the_page_about_the_site_explains_it_and_leads_on(client, settings):
    settings.SITE_NAME = "Margin"

    content = client.get("/about").content.decode()

    assert "<h1>About Margin</h1>" in content
    for path in ("/about/trending", "/about/discussions", "/moderation/log", "/groups", "/sign-up"):
        assert f'href="{path}"' in content


def test_every_footer_leads_to_the_page_about_the_site(client):
    assert 'href="/about"' in client.get("/sign-in").content.decode().partition("<footer")[2]


@pytest.mark.parametrize("path", ["/papers", "/about", "/groups", "/sign-in"])
def test_the_head_says_the_name_of_the_site_and_its_purpose(client, settings, path):
    settings.SITE_NAME = "Margin"

    head = client.get(path).content.decode().partition("</head>")[0]

    assert "Margin" in head.partition("<title>")[2].partition("</title>")[0]
    for name in ('name="description"', 'property="og:title"', 'property="og:description"'):
        assert len(head.partition(f"{name} content=")[2].partition(">")[0]) > 10
    assert '<meta property="og:site_name" content="Margin">' in head


def test_a_title_is_escaped_once_wherever_the_head_shows_it(client):
    make_paper("2401.00001", title='A "quoted" <title> & more')

    head = client.get("/papers/2401.00001").content.decode().partition("</head>")[0]

    assert head.count("A &quot;quoted&quot; &lt;title&gt; &amp; more") >= 2
