import json
from urllib.parse import urlsplit

import pytest
from django.test import RequestFactory
from django.urls import reverse

from common.redirects import is_local
from tests.accounts.flows import sign_in, sign_up, type_code
from tests.builders import make_user
from tests.data import data_folder

AWAY = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "https:/evil.example",
    "/\t/evil.example",
    "//evil%E3%80%82example",
    "http://testserver.evil.example/",
    "http://testserver@evil.example/",
    "http://127.0.0.1:99/",
    "\x00//evil.example",
]


def _hostile() -> list[str]:
    lines = (data_folder("hostile") / "open_redirect.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    return [next(value for value in row.values() if isinstance(value, str)) for row in rows]


def _stays(location: str) -> bool:
    # As a browser reads it: control characters dropped, backslashes turned.
    read = "".join(letter for letter in location if ord(letter) > 32).replace("\\", "/")
    return read.startswith("/") and not read.startswith("//") and not urlsplit(read).netloc


def test_no_hostile_address_counts_as_ours():
    request = RequestFactory().get("/")

    for url in [*AWAY, *_hostile()]:
        assert not is_local(request, url) or _stays(url), url


@pytest.mark.django_db
@pytest.mark.parametrize("url", AWAY)
def test_signing_in_never_leads_away(client, url):
    make_user("ada")

    assert _stays(sign_in(client, "ada", next_url=url).url)


@pytest.mark.django_db
def test_no_form_leads_to_a_hostile_address(client, member_client):
    for url in _hostile():
        answers = [
            member_client.get(reverse("account_login"), {"next": url}),
            member_client.post(reverse("accounts:appearance"), {"theme": "dark", "next": url}),
            client.post(reverse("accounts:sign_up_again"), {"next": url}),
            client.post(reverse("account_logout"), {"next": url}),
        ]
        assert all(_stays(answer.url) for answer in answers), url


@pytest.mark.django_db
@pytest.mark.parametrize("url", AWAY)
def test_signing_up_never_leads_away(client, url):
    sign_up(client, next_url=url)

    assert _stays(type_code(client, "account_email_verification_sent").url)


@pytest.mark.django_db
def test_another_host_that_the_site_answers_to_is_another_site(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example.org"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://third.example.org"]
    make_user("ada")

    for url in ("http://other.example.org/", "https://third.example.org/"):
        assert _stays(sign_in(type(client)(), "ada", next_url=url).url)
