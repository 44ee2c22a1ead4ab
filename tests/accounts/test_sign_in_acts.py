import logging

import pytest
from django.urls import reverse

from accounts import contributions
from accounts.contributions import Contribution, SignInAct
from tests.accounts.flows import (
    ask_for_code,
    is_signed_in,
    sign_in,
    sign_up,
    type_code,
)
from tests.accounts.passkeys import SoftKey, add_passkey
from tests.accounts.second_step import totp_code, turn_on_app
from tests.builders import make_user

pytestmark = pytest.mark.django_db

ACT = "/bookmark/7?from=list&x=1"
PAGES = ["account_login", "account_signup", "account_request_login_code", "account_reset_password"]


def test_an_act_survives_sign_in_by_password(client, bookmarks):
    ada = make_user("ada")

    response = sign_in(client, "ada", next_url=ACT)

    assert bookmarks == [(ada, ACT)]
    assert response.url == "/bookmarked"


def test_an_act_survives_sign_in_by_code(client, bookmarks):
    ada = make_user("ada")
    ask_for_code(client, "ada@example.org", next_url=ACT)

    response = type_code(client, "account_confirm_login_code")

    assert bookmarks == [(ada, ACT)]
    assert response.url == "/bookmarked"


def test_an_act_survives_a_second_code(client, bookmarks):
    make_user("ada")
    ask_for_code(client, "ada@example.org", next_url=ACT)
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})

    assert type_code(client, "account_confirm_login_code").url == "/bookmarked"


def test_an_act_survives_sign_up_and_the_confirmation_of_the_address(client, bookmarks):
    sign_up(client, next_url=ACT)
    assert bookmarks == []

    response = type_code(client, "account_email_verification_sent")

    assert [(user.username, url) for user, url in bookmarks] == [("ada-l", ACT)]
    assert response.url == "/bookmarked"


def test_an_act_survives_the_second_step(client, bookmarks):
    ada = make_user("ada")
    secret = turn_on_app(ada)
    sign_in(client, "ada", next_url=ACT)
    assert bookmarks == []

    response = client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})

    assert bookmarks == [(ada, ACT)]
    assert response.url == "/bookmarked"


def test_an_act_survives_a_code_and_the_second_step(client, bookmarks):
    ada = make_user("ada")
    secret = turn_on_app(ada)
    ask_for_code(client, "ada@example.org", next_url=ACT)
    type_code(client, "account_confirm_login_code")

    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})

    assert bookmarks == [(ada, ACT)]


def test_an_act_survives_sign_in_by_passkey(client, bookmarks):
    ada = make_user("ada")
    key = add_passkey(ada)

    response = key.sign_in(client, next_url=ACT)

    assert bookmarks == [(ada, ACT)]
    assert response.url == "/bookmarked"


def test_a_passkey_that_fails_keeps_the_way_back(client, bookmarks):
    response = SoftKey(make_user()).sign_in(client, next_url=ACT)

    assert response.url == "/sign-in?next=%2Fbookmark%2F7%3Ffrom%3Dlist%26x%3D1"


def test_an_act_is_not_done_by_looking_at_a_page(member_client, client, bookmarks):
    for reader in (client, member_client):
        reader.get(reverse("account_login"), {"next": ACT})

    assert bookmarks == []


@pytest.mark.parametrize("page", PAGES)
def test_each_page_names_the_act_and_keeps_the_way_back_on_its_links(client, bookmarks, page):
    html = client.get(reverse(page), {"next": ACT}).content.decode()

    assert "Sign in, and the bookmark is kept." in html
    links = [part for part in html.split('href="') if part.startswith(("/sign-", "/password"))]
    assert links
    assert all("next=%2Fbookmark%2F7" in link.partition('"')[0] for link in links)


def test_the_pages_for_codes_name_the_act(client, bookmarks):
    make_user("ada")
    page = ask_for_code(client, "ada@example.org", next_url=ACT).content.decode()
    assert "the bookmark is kept" in page

    other = type(client)()
    sign_up(other, next_url=ACT)
    page = other.get(reverse("account_email_verification_sent")).content.decode()
    assert "the bookmark is kept" in page


def test_the_second_step_names_the_act(client, bookmarks):
    turn_on_app(make_user("ada"))
    sign_in(client, "ada", next_url=ACT)

    page = client.get(reverse("mfa_authenticate")).content.decode()

    assert "the bookmark is kept" in page


def test_an_act_that_fails_keeps_nobody_out(client, monkeypatch, caplog):
    make_user("ada")
    act = SignInAct(lambda user, url: 1 / 0, lambda url: None)
    monkeypatch.setattr(contributions, "_contributions", [Contribution(sign_in_acts=[act])])

    with caplog.at_level(logging.CRITICAL):
        response = sign_in(client, "ada", next_url=ACT)

    assert is_signed_in(client)
    assert response.url == ACT
