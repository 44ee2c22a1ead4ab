import json

import pytest
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from tests.accounts.flows import is_signed_in, sign_in
from tests.accounts.passkeys import SoftKey, add_passkey
from tests.accounts.second_step import recovery_codes, totp_code, turn_on_app
from tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db

AUTHENTICATE = "mfa_authenticate"


@pytest.fixture
def ada(db):
    return make_user("ada")


@pytest.fixture
def inside(client, ada):
    """Ada, who has just proved who she is."""
    sign_in(client, "ada")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_a_password_alone_is_not_enough_once_the_app_is_on(client, ada):
    turn_on_app(ada)

    response = sign_in(client, "ada")

    assert response.url == reverse(AUTHENTICATE)
    assert not is_signed_in(client)


def test_the_apps_code_signs_in(client, ada):
    secret = turn_on_app(ada)
    sign_in(client, "ada")

    client.post(reverse(AUTHENTICATE), {"code": totp_code(secret)})

    assert is_signed_in(client)


@pytest.mark.parametrize("separator", ["", " ", "-", "."])
def test_the_apps_code_works_once_however_it_is_written(client, ada, separator):
    secret = turn_on_app(ada)
    code = totp_code(secret)
    sign_in(client, "ada")
    client.post(reverse(AUTHENTICATE), {"code": code})
    again = type(client)()
    sign_in(again, "ada")

    again.post(reverse(AUTHENTICATE), {"code": f"{code[:3]}{separator}{code[3:]}"})

    assert not is_signed_in(again)


def test_a_recovery_code_works_once(client, ada):
    turn_on_app(ada)
    code = recovery_codes(ada)[0]
    for expected in (True, False):
        browser = type(client)()
        sign_in(browser, "ada")
        browser.post(reverse(AUTHENTICATE), {"code": code})
        assert is_signed_in(browser) is expected


def test_a_wrong_code_is_refused(client, ada):
    turn_on_app(ada)
    sign_in(client, "ada")

    response = client.post(reverse(AUTHENTICATE), {"code": "abcdef"})

    assert response.status_code == 422
    assert not is_signed_in(client)


def test_the_app_is_set_up_with_its_first_code_and_gives_recovery_codes(inside, ada):
    page = inside.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret

    response = inside.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)}, follow=True)

    assert all(code in response.content.decode() for code in recovery_codes(ada))
    assert Authenticator.objects.filter(user=ada, type="totp").exists()


def test_the_picture_for_the_app_is_in_the_page_and_not_a_data_address(inside):
    html = inside.get(reverse("mfa_activate_totp")).content.decode()

    assert "<svg role=" in html
    assert "data:image" not in html


def test_secrets_are_sealed_in_the_database(ada):
    secret = turn_on_app(ada)

    stored = Authenticator.objects.get(user=ada, type="totp").data["secret"]

    assert secret not in stored


def test_recovery_codes_are_shown_once(inside, ada):
    turn_on_app(ada)
    code = recovery_codes(ada)[0]
    pages = [inside.get(reverse("mfa_view_recovery_codes")).content.decode() for _ in range(2)]

    assert [code in page for page in pages] == [True, False]


def test_the_app_can_be_removed(inside, ada):
    turn_on_app(ada)

    inside.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=ada).exists()


def test_a_passkey_is_added_by_its_owner(inside, ada):
    page = inside.get(reverse("mfa_add_webauthn"))
    challenge = page.context["js_data"]["creation_options"]["publicKey"]["challenge"]
    credential = json.dumps(SoftKey(ada).creation(challenge))
    inside.post(
        reverse("mfa_add_webauthn"),
        {"name": "Laptop", "credential": credential, "passwordless": "on"},
    )

    assert str(Authenticator.objects.get(user=ada, type="webauthn").wrap().name) == "Laptop"


def test_a_passkey_signs_in_without_password_and_app(client, ada):
    turn_on_app(ada)

    add_passkey(ada).sign_in(client)

    assert is_signed_in(client)


def test_a_suspended_members_passkey_opens_nothing(client, ada):
    key = add_passkey(ada)
    ada.is_active = False
    ada.save()

    key.sign_in(client)

    assert not is_signed_in(client)


def test_a_suspended_members_passkey_clears_no_second_step_of_another(client, ada):
    suspended = make_user("suspended")
    key = add_passkey(suspended)
    suspended.is_active = False
    suspended.save()
    key.sign_in(client)
    turn_on_app(ada)

    sign_in(client, "ada")

    assert not is_signed_in(client)


def test_what_one_member_proved_does_not_count_for_another(rf, client, ada):
    other = make_user("other")
    request = rf.post("/")
    request.session = client.session
    record_authentication(request, ada, "mfa", type="totp")
    record_authentication(request, other, "password")

    records = get_authentication_records(request, other)

    assert [record["method"] for record in records] == ["password"]


@pytest.mark.parametrize(
    "page",
    [
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_generate_recovery_codes",
        "account_reauthenticate",
    ],
)
def test_changing_how_the_account_is_guarded_takes_proof_anew(client, ada, page):
    turn_on_app(ada) if "recovery" in page else None
    client.force_login(ada)

    response = client.get(reverse(page), follow=True)

    assert "Confirm that it’s you" in response.content.decode()


def test_a_change_is_told_by_mail(inside, ada):
    turn_on_app(ada)

    inside.post(reverse("mfa_deactivate_totp"))

    assert mail.outbox[-1].subject == "Authenticator app turned off"
    assert mail.outbox[-1].to == ["ada@example.org"]
