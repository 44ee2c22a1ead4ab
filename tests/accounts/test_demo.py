import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from accounts.demo import DEMO_ACCOUNTS, create_demo_accounts
from accounts.models import User
from accounts.names.usernames import username_key
from tests.accounts.flows import is_signed_in, sign_in

pytestmark = pytest.mark.django_db


def test_every_role_can_sign_in_at_once(client):
    create_demo_accounts()

    for account in DEMO_ACCOUNTS:
        browser = type(client)()
        sign_in(browser, account.email, password=account.password)
        assert is_signed_in(browser), account.role


def test_making_them_twice_makes_them_once():
    create_demo_accounts()
    create_demo_accounts()

    assert User.objects.count() == len(DEMO_ACCOUNTS)


def test_a_site_gets_no_accounts_with_known_passwords(settings):
    settings.DEVELOPMENT = False

    with pytest.raises(ImproperlyConfigured):
        create_demo_accounts()


def test_each_role_has_its_rights_and_a_past():
    by_name = {user.username: user for user in create_demo_accounts()}
    roles = {account.role: by_name[account.username] for account in DEMO_ACCOUNTS}

    assert [role for role, user in roles.items() if user.is_superuser] == ["operator"]
    assert [role for role, user in roles.items() if user.is_moderator] == ["moderator", "operator"]
    assert all((timezone.now() - user.joined_at).days >= 364 for user in roles.values())


def test_their_names_look_different():
    assert len({username_key(account.username) for account in DEMO_ACCOUNTS}) == len(DEMO_ACCOUNTS)
