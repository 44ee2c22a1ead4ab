from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from tests.accounts.flows import (
    ask_for_code,
    is_signed_in,
    mailed_code,
    sign_in,
    type_code,
)
from tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db

CONFIRM_CODE = "account_confirm_login_code"


@pytest.mark.parametrize("login", ["ada", "ADA", "ada@example.org", "Ada@Example.org "])
def test_the_username_or_the_address_signs_in(client, login):
    make_user("ada")

    response = sign_in(client, login)

    assert response.status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize("login", ["ada", "ada@example.org"])
def test_a_wrong_password_is_refused(client, login):
    make_user("ada")

    response = sign_in(client, login, password="wrong password here")

    assert response.status_code == 422
    assert not is_signed_in(client)


def test_a_get_signs_nobody_in(client):
    make_user("ada")
    client.get(reverse("account_login"), {"login": "ada", "password": PASSWORD})

    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "state", [{"is_active": False}, {"is_active": False, "closed_at": "2026-01-01T00:00Z"}]
)
def test_a_suspended_or_closed_member_stays_out(client, state):
    make_user("ada", **state)

    sign_in(client, "ada")

    assert not is_signed_in(client)


def test_a_suspended_member_is_out_at_the_next_request(member_client, member):
    member.is_active = False
    member.save()

    response = member_client.get("/settings/profile")

    assert response.url.startswith("/sign-in")


def test_a_code_by_mail_signs_in(client):
    make_user("ada")
    ask_for_code(client, "ada@example.org")

    type_code(client, CONFIRM_CODE)

    assert is_signed_in(client)


def test_a_sign_in_code_works_once(client):
    make_user("ada")
    ask_for_code(client, "ada@example.org")
    code = mailed_code()
    type_code(client, CONFIRM_CODE, code)
    client.post(reverse("account_logout"))

    type_code(client, CONFIRM_CODE, code)

    assert not is_signed_in(client)


def test_a_sign_in_code_ends_after_ten_minutes(client, time_machine):
    time_machine.move_to("2026-11-20 12:00:00+00:00", tick=False)
    make_user("ada")
    ask_for_code(client, "ada@example.org")
    code = mailed_code()

    time_machine.shift(timedelta(minutes=10, seconds=1))
    type_code(client, CONFIRM_CODE, code)

    assert not is_signed_in(client)


def test_a_sign_in_code_of_another_browser_opens_nothing(client):
    make_user("ada")
    ask_for_code(client, "ada@example.org")
    code = mailed_code()
    stranger = type(client)()

    type_code(stranger, CONFIRM_CODE, code)

    assert not is_signed_in(stranger)


def test_signing_out_takes_a_post(member_client):
    member_client.get(reverse("account_logout"))
    assert is_signed_in(member_client)

    response = member_client.post(reverse("account_logout"))
    assert not is_signed_in(member_client)
    assert response["Clear-Site-Data"] == '"storage"'


def test_the_admin_is_entered_by_the_same_door(client):
    response = client.get("/admin/login/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/sign-in")


def test_the_sign_in_page_asks_for_no_more_than_a_few_queries(
    client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(1):
        client.get(reverse("account_login"))


def test_a_password_is_never_in_the_answer_or_a_mail(client):
    make_user("ada")
    response = sign_in(client, "nobody", password="my secret entered")

    assert "my secret entered" not in response.content.decode()
    assert mail.outbox == []
