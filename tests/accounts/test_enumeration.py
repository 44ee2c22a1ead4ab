"""Nobody learns from our answers who has an account."""

import re

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.urls import reverse

from tests.accounts.flows import ask_for_code, sign_in, sign_up
from tests.builders import make_user

pytestmark = pytest.mark.django_db

_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": )"[^"]+"')
# The time of the answer, and the length of what the stranger typed.
_CHANGING = {"Expires", "Content-Length"}


def _told(response, email: str) -> tuple[object, ...]:
    """All that a stranger can compare, without what they typed themselves."""
    body = _TOKEN.sub("", response.content.decode()).replace(email, "@")
    headers = {name: value for name, value in response.items() if name not in _CHANGING}
    return response.status_code, body, headers, sorted(response.cookies)


@pytest.fixture
def known(db):
    return make_user("known", email="known@example.org").email


def test_sign_up_answers_alike(client, known):
    answers = []
    for email, name in [(known, "name-a"), ("other@example.org", "name-b")]:
        visitor = type(client)()
        first = sign_up(visitor, email=email, username=name, next_url="/x")
        page = visitor.get(first.url)
        answers.append((_told(first, email), _told(page, email)))

    assert answers[0] == answers[1]


def test_a_wrong_code_after_sign_up_answers_alike(client, known):
    answers = []
    for email, name in [(known, "name-a"), ("other@example.org", "name-b")]:
        visitor = type(client)()
        sign_up(visitor, email=email, username=name)
        url = reverse("account_email_verification_sent")
        answers.append(_told(visitor.post(url, {"code": "BCDF-GHJK"}), email))

    assert answers[0] == answers[1]


@pytest.mark.parametrize("login", ["known@example.org", "known"])
def test_a_wrong_sign_in_answers_alike(client, known, login):
    stranger = login.replace("known", "other")
    answers = [
        _told(sign_in(type(client)(), name, password="wrong but long"), name)
        for name in (login, stranger)
    ]

    assert answers[0] == answers[1]


def test_asking_for_a_code_answers_alike(client, known):
    answers = [
        _told(ask_for_code(type(client)(), email), email) for email in (known, "other@example.org")
    ]

    assert answers[0] == answers[1]
    assert len(mail.outbox) == 2


def test_asking_for_a_new_password_answers_alike(client, known):
    answers = []
    for email in (known, "other@example.org"):
        url = reverse("account_reset_password")
        response = type(client)().post(url, {"email": email}, follow=True)
        answers.append(_told(response, email))

    assert answers[0] == answers[1]


def test_adding_an_address_answers_alike(member_client, known, monkeypatch):
    monkeypatch.setattr(
        DefaultAccountAdapter, "is_reauthentication_required", lambda *_, **__: False
    )
    answers = []
    for email in (known, "other@example.org"):
        response = member_client.post(
            reverse("account_email"), {"email": email, "action_add": ""}, follow=True
        )
        answers.append(_told(response, email))

    assert answers[0] == answers[1]


def test_the_same_work_is_done_for_a_name_that_is_not_there(client, known, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args)
    )
    counts = []
    for name in ("known", "other", "known@example.org", "other@example.org"):
        hashed.clear()
        sign_in(type(client)(), name, password="wrong but long")
        counts.append(len(hashed))

    assert counts[0] == counts[1]
    assert counts[2] == counts[3]
