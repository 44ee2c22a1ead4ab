import pytest
from django.urls import reverse

from accounts.models import User
from tests.accounts.flows import is_signed_in, sign_in, type_code
from tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator_client(client):
    client.force_login(make_user("ines", is_staff=True, is_superuser=True))
    return client


def test_members_are_found_by_name_and_address(operator_client):
    make_user("ada", full_name="Ada Lovelace")
    make_user("mira")

    page = operator_client.get(reverse("admin:accounts_user_changelist"), {"q": "lovelace"})

    assert [user.username for user in page.context["cl"].result_list] == ["ada"]


def test_an_operator_suspends_but_rewrites_nothing(operator_client):
    ada = make_user("ada")
    url = reverse("admin:accounts_user_change", args=[ada.pk])
    operator_client.post(url, {"username": "eve", "email": "eve@example.org"})

    ada.refresh_from_db()
    assert not ada.is_active
    assert (ada.username, ada.email) == ("ada", "ada@example.org")


def test_a_password_hash_is_not_shown(operator_client):
    ada = make_user("ada")

    page = operator_client.get(reverse("admin:accounts_user_change", args=[ada.pk]))

    assert ada.password not in page.content.decode()


def test_no_member_is_added_or_deleted_here(operator_client):
    ada = make_user("ada")

    assert operator_client.get(reverse("admin:accounts_user_add")).status_code == 403
    url = reverse("admin:accounts_user_delete", args=[ada.pk])
    assert operator_client.post(url, {"post": "yes"}).status_code == 403


def test_a_member_does_not_enter_the_admin(member_client):
    assert member_client.get(reverse("admin:accounts_user_changelist")).status_code in {302, 403}


def test_who_closed_their_account_is_not_brought_back_by_a_tick(operator_client):
    ada = make_user("ada", is_active=False, closed_at="2026-01-01T00:00Z")
    url = reverse("admin:accounts_user_change", args=[ada.pk])
    response = operator_client.post(url, {"is_active": "on"})

    ada.refresh_from_db()
    assert response.status_code == 302
    assert not ada.is_active


@pytest.mark.parametrize("login", ["opal", "opal@example.org"])
def test_an_operator_made_by_command_confirms_the_address_at_the_first_sign_in(client, login):
    User.objects.create_superuser("opal", "opal@example.org", PASSWORD)
    sign_in(client, login)
    was_in = is_signed_in(client)

    type_code(client, "account_email_verification_sent")

    assert not was_in
    assert client.get(reverse("admin:index")).status_code == 200
