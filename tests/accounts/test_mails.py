import logging
import re

import pytest
from django.core import mail
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.urls import reverse

from tests.accounts.flows import ask_for_code, mailed_code, sign_in, sign_up
from tests.builders import make_user

MAILS = [
    "account/email/account_already_exists",
    "account/email/email_changed",
    "account/email/email_confirm",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/email_deleted",
    "account/email/login_code",
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_reset_code",
    "account/email/password_set",
    "account/email/unknown_account",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "socialaccount/email/account_connected",
    "socialaccount/email/account_disconnected",
]


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_is_in_our_words_and_its_links_start_at_the_site(name):
    for part in ("subject", "message"):
        origin = str(get_template(f"{name}_{part}.txt").origin)
        assert "site-packages" not in origin
    context = {"site_name": "Octavo", "site_url": "https://octavo.example.org", "code": "BCDF-GHJK"}
    text = render_to_string(f"{name}_message.txt", context, RequestFactory().get("/"))

    assert all(url.startswith("https://octavo.example.org") for url in re.findall(r"http\S+", text))
    assert not re.search(r"[{}<>]|&\w+;", text)


@pytest.mark.django_db
def test_a_mail_says_one_thing_plainly(client):
    sign_up(client)
    message = mail.outbox[-1]

    assert message.subject == "Your code for Octavo"
    assert message.to == ["ada@example.org"]
    assert not getattr(message, "alternatives", [])


@pytest.mark.django_db
def test_a_false_host_gets_no_mail_sent(client):
    client.raise_request_exception = False
    url = reverse("account_reset_password")
    make_user("ada")

    for header in ("HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED"):
        client.post(url, {"email": "ada@example.org"}, **{header: "evil.example"})

    assert not any("evil.example" in str(message.message()) for message in mail.outbox)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "email",
    ["a@example.org\nBcc: x@example.org", "a@example.org\r\n\r\nHi", "a@example.org,x@example.org"],
)
def test_nobody_adds_a_header_or_a_recipient(client, email):
    sign_up(client, email=email)
    ask_for_code(client, email)

    assert mail.outbox == []


@pytest.mark.django_db
def test_no_code_and_no_password_is_logged(client, caplog):
    caplog.set_level(logging.DEBUG)
    make_user("ada")
    ask_for_code(client, "ada@example.org")
    sign_in(client, "ada", password="a secret that must not be logged")

    logged = caplog.text + "".join(
        str(vars(record)) for record in caplog.records if record.name != "django.db.backends"
    )
    assert mailed_code() not in logged
    assert "a secret that must not be logged" not in logged
