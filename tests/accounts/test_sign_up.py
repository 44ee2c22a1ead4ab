from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from accounts.models import User
from accounts.sign_in import unconfirmed
from tests.accounts.flows import is_signed_in, mailed_code, sign_in, sign_up, type_code
from tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db

CONFIRM = "account_email_verification_sent"


def test_signing_up_and_confirming_the_address_signs_in(client):
    sign_up(client)
    response = type_code(client, CONFIRM)

    assert response.status_code == 302
    assert is_signed_in(client)
    assert EmailAddress.objects.get().verified


def test_nobody_is_in_before_the_address_is_confirmed(client):
    sign_up(client)

    assert not is_signed_in(client)


def test_a_wrong_code_is_refused_and_says_so(client):
    sign_up(client)
    response = type_code(client, CONFIRM, "BCDF-GHJK")

    assert response.status_code == 422
    assert "Wrong code" in response.content.decode()


def test_three_wrong_codes_end_the_try(client):
    sign_up(client)
    right = mailed_code()
    for _ in range(3):
        type_code(client, CONFIRM, "BCDF-GHJK")

    type_code(client, CONFIRM, right)

    assert not is_signed_in(client)


def test_a_code_is_refused_after_ten_minutes(client, time_machine):
    time_machine.move_to("2026-11-20 12:00:00+00:00", tick=False)
    sign_up(client)
    code = mailed_code()

    time_machine.shift(timedelta(minutes=10, seconds=1))
    type_code(client, CONFIRM, code)

    assert not is_signed_in(client)


def test_another_code_can_be_sent_and_replaces_the_first(client, time_machine):
    time_machine.move_to("2026-11-20 12:00:00+00:00")
    sign_up(client)
    first = mailed_code()
    time_machine.shift(timedelta(seconds=11))
    client.post(reverse(CONFIRM), {"action": "resend"})

    assert mailed_code() != first
    type_code(client, CONFIRM)
    assert is_signed_in(client)


def test_the_browsers_time_zone_is_taken_over(client):
    sign_up(client, time_zone="Europe/Lisbon")

    assert User.objects.get().time_zone == "Europe/Lisbon"


@pytest.mark.parametrize(
    ("browser", "saved"),
    [
        ("Etc/UTC", "UTC"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("EST5EDT", "EST5EDT"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_a_browsers_alias_is_saved_by_its_common_name(client, browser, saved):
    sign_up(client, time_zone=browser)

    assert User.objects.get().time_zone == saved


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 500])
def test_without_a_zone_that_exists_utc_stands(client, zone):
    sign_up(client, time_zone=zone)

    assert User.objects.get().time_zone == "UTC"


@pytest.mark.parametrize(
    "username", ["ab", "a" * 31, "1ada", "-ada", "ada l", "ada@l", "аda-l", "ada\u200b", "adä"]
)
def test_a_username_of_the_wrong_shape_is_refused(client, username):
    response = sign_up(client, username=username)

    assert response.status_code == 422
    assert not User.objects.exists()


@pytest.mark.parametrize("username", ["Ada-L", "ada_l", "adaI", "ada1", "AD-A-L"])
def test_a_username_that_reads_like_one_taken_is_refused(client, username):
    make_user("ada-l")

    response = sign_up(client, email="other@example.org", username=username)

    assert response.status_code == 422
    assert "too similar to one" in response.content.decode()


@pytest.mark.parametrize("username", ["admin", "Adm1n", "m0derator", "oct_avo", "no-reply"])
def test_a_name_that_would_speak_for_the_site_is_refused(client, username):
    assert sign_up(client, username=username).status_code == 422


@pytest.mark.parametrize("password", ["short", "password123", "ada-l@example", "1234567890"])
def test_a_weak_password_is_refused(client, password):
    response = sign_up(client, password1=password)

    assert response.status_code == 422
    assert not User.objects.exists()


def test_a_password_of_128_characters_is_taken(client):
    password = "Lorem ipsum, dolor sit! " * 5 + "12345678"
    sign_up(client, password1=password)

    assert len(password) == 128
    assert User.objects.get().check_password(password)


def test_the_form_keeps_what_was_typed_but_not_the_password(client):
    page = sign_up(client, username="x").content.decode()

    assert "ada@example.org" in page
    assert PASSWORD not in page


def test_two_who_take_one_name_at_once_get_an_answer_and_no_failure(client, monkeypatch):
    make_user("ada-l")
    monkeypatch.setattr("accounts.models.UserQuerySet.looking_like", lambda *_: User.objects.none())

    response = sign_up(client, email="other@example.org", username="ada_l")

    assert response.status_code == 422
    assert "just taken" in response.content.decode()


def test_starting_again_frees_the_username(client):
    sign_up(client, email="mistyped@example.org", username="ada-l")
    client.post(reverse("accounts:sign_up_again"), {"next": "/papers"})

    sign_up(client, email="right@example.org", username="ada-l")

    assert User.objects.get().email == "right@example.org"


def test_starting_again_keeps_the_way_back(client):
    response = client.post(reverse("accounts:sign_up_again"), {"next": "/papers?day=1"})

    assert response.url == "/sign-up?next=%2Fpapers%3Fday%3D1"


def test_starting_again_touches_no_member_who_was_in(client):
    member = make_user()

    assert not unconfirmed.withdraw_sign_up(user=member)
    assert User.objects.filter(pk=member.pk).exists()


def test_sign_ups_never_finished_are_forgotten_after_a_while(client):
    sign_up(client)
    kept = make_user("kept")

    assert unconfirmed.forget_unconfirmed(older_than=timedelta(days=1)) == 0
    User.objects.update(joined_at="2026-01-01T00:00Z")

    assert unconfirmed.forget_unconfirmed(older_than=timedelta(days=1)) == 1
    assert User.objects.get() == kept


def test_signing_in_before_confirming_asks_for_the_code_again(client, time_machine):
    time_machine.move_to("2026-11-20 12:00:00+00:00")
    sign_up(client)
    client.cookies.clear()
    time_machine.shift(timedelta(seconds=11))

    response = sign_in(client, "ada-l")

    assert response.url == reverse(CONFIRM)
    assert len(mail.outbox) == 2


def test_a_member_who_was_in_once_is_not_forgotten_for_want_of_an_address(client):
    member = make_user(last_login="2026-01-01T00:00Z", joined_at="2026-01-01T00:00Z")
    EmailAddress.objects.update(verified=False)

    assert unconfirmed.forget_unconfirmed(older_than=timedelta(days=1)) == 0
    assert not unconfirmed.withdraw_sign_up(user=member)
