import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from tests.accounts.flows import mailed_code, sign_in, type_code
from tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db

PAGE = "account_email"


@pytest.fixture
def ada(db):
    return make_user("ada")


@pytest.fixture
def inside(client, ada):
    sign_in(client, "ada")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def _addresses(user) -> dict[str, tuple[bool, bool]]:
    rows = EmailAddress.objects.filter(user=user)
    return {row.email: (row.verified, row.primary) for row in rows}


def test_an_address_is_added_once_its_code_is_typed(inside, ada):
    inside.post(reverse(PAGE), {"email": "new@example.org", "action_add": ""})
    assert _addresses(ada) == {"ada@example.org": (True, True)}

    type_code(inside, "account_email_verification_sent")

    assert _addresses(ada)["new@example.org"] == (True, False)


def test_a_confirmed_address_leads_back_to_the_addresses_and_says_so(inside):
    inside.post(reverse(PAGE), {"email": "new@example.org", "action_add": ""})

    response = type_code(inside, "account_email_verification_sent")
    page = inside.get(response.url).content.decode()

    assert response.url == reverse(PAGE)
    assert "new@example.org is confirmed." in page


def test_another_address_becomes_primary_and_the_old_one_is_told(inside, ada):
    EmailAddress.objects.create(user=ada, email="new@example.org", verified=True)

    inside.post(reverse(PAGE), {"email": "new@example.org", "action_primary": ""})

    ada.refresh_from_db()
    assert ada.email == "new@example.org"
    assert mail.outbox[-1].to == ["ada@example.org"]


def test_the_primary_address_is_not_removed(inside, ada):
    EmailAddress.objects.create(user=ada, email="new@example.org", verified=True)

    inside.post(reverse(PAGE), {"email": "ada@example.org", "action_remove": ""})

    assert "ada@example.org" in _addresses(ada)


def test_another_address_is_removed(inside, ada):
    EmailAddress.objects.create(user=ada, email="new@example.org", verified=True)

    inside.post(reverse(PAGE), {"email": "new@example.org", "action_remove": ""})

    assert "new@example.org" not in _addresses(ada)


def test_an_address_of_somebody_else_cannot_be_taken_over(inside, ada):
    make_user("mira", email="mira@example.org")
    inside.post(reverse(PAGE), {"email": "mira@example.org", "action_add": ""})

    type_code(inside, "account_email_verification_sent", "BCDF-GHJK")

    assert "mira@example.org" not in _addresses(ada)


def test_somebody_elses_address_is_neither_removed_nor_made_primary(inside):
    mira = make_user("mira", email="mira@example.org")
    for act in ("action_remove", "action_primary", "action_send"):
        inside.post(reverse(PAGE), {"email": "mira@example.org", act: ""})

    assert _addresses(mira) == {"mira@example.org": (True, True)}


def test_a_wrong_address_is_refused_and_kept_in_the_form(inside):
    response = inside.post(reverse(PAGE), {"email": "not an address", "action_add": ""})

    assert response.status_code == 422
    assert "not an address" in response.content.decode()


def test_adding_an_address_takes_proof_anew(member_client):
    response = member_client.post(reverse(PAGE), {"email": "x@example.org", "action_add": ""})

    assert response.url.startswith(reverse("account_reauthenticate"))


def test_the_code_of_an_added_address_is_for_that_address(inside):
    inside.post(reverse(PAGE), {"email": "new@example.org", "action_add": ""})

    assert mail.outbox[-1].to == ["new@example.org"]
    assert mailed_code()
