"""Steps that many tests of signing in share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core import mail
from django.urls import reverse

from tests.builders import PASSWORD

if TYPE_CHECKING:
    from django.test import Client

CODE = re.compile(r"^    ([A-Z]{4}-[A-Z]{4})$", re.MULTILINE)


def mailed_code() -> str:
    """The code in the last mail."""
    found = CODE.search(str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def sign_in(client: Client, login: str, *, password: str = PASSWORD, next_url: str = ""):
    data = {"login": login, "password": password}
    return client.post(reverse("account_login"), data | _next(next_url))


def sign_up(client: Client, *, next_url: str = "", **data: str):
    data = {"email": "ada@example.org", "username": "ada-l", "password1": PASSWORD} | data
    return client.post(reverse("account_signup"), data | _next(next_url))


def ask_for_code(client: Client, email: str, *, next_url: str = ""):
    return client.post(
        reverse("account_request_login_code"), {"email": email} | _next(next_url), follow=True
    )


def type_code(client: Client, url_name: str, code: str | None = None):
    return client.post(reverse(url_name), {"code": code or mailed_code()})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def _next(url: str) -> dict[str, str]:
    return {"next": url} if url else {}
