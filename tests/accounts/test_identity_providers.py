from urllib.parse import parse_qs, urlsplit

import environ
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from accounts.models import User
from config.identity_providers import social_account_providers
from tests.builders import make_user

GITHUB = {"GITHUB_CLIENT_ID": "id", "GITHUB_CLIENT_SECRET": "secret"}
OIDC = {
    "OIDC_CLIENT_ID": "id",
    "OIDC_CLIENT_SECRET": "s",
    "OIDC_SERVER_URL": "https://sso.example.org/realm/",
}
PAGES = ["account_login", "account_signup"]


def _providers(**variables: str):
    env = environ.Env()
    env.ENVIRON = variables
    return social_account_providers(env)


@pytest.fixture
def github(settings):
    settings.SOCIALACCOUNT_PROVIDERS = _providers(**GITHUB)


def test_without_variables_nothing_is_offered():
    assert _providers() == {}


@pytest.mark.parametrize("name", ["github", "google", "orcid"])
def test_a_provider_is_offered_once_its_two_variables_are_set(name):
    variables = {f"{name.upper()}_CLIENT_ID": "id", f"{name.upper()}_CLIENT_SECRET": "secret"}

    assert list(_providers(**variables)) == [name]


def test_an_openid_connect_server_is_offered_under_its_name():
    app = _providers(**OIDC, OIDC_NAME="Our lab")["openid_connect"]["APPS"][0]

    assert app["name"] == "Our lab"
    assert app["settings"]["server_url"] == "https://sso.example.org/realm"


@pytest.mark.parametrize(
    "variables",
    [
        {"GITHUB_CLIENT_ID": "id"},
        {"OIDC_CLIENT_SECRET": "s"},
        {"OIDC_CLIENT_ID": "i", "OIDC_CLIENT_SECRET": "s"},
    ],
)
def test_half_of_the_variables_is_a_mistake_that_is_named(variables):
    with pytest.raises(ImproperlyConfigured, match="_"):
        _providers(**variables)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/sign-in/with/github",
        "/sign-in/with/github/callback",
        "/sign-in/with/sso/oidc",
        "/settings/security/connections",
    ],
)
def test_a_provider_that_is_off_does_not_exist(member_client, path):
    assert member_client.get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_the_pages_offer_what_is_on_and_let_their_forms_lead_there(client, github, page):
    response = client.get(reverse(page))

    assert "Continue with GitHub" in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "form-action 'self' https://github.com" in policy


@pytest.mark.django_db
def test_no_other_pages_forms_may_lead_away(client, github):
    policy = client.get(reverse("account_reset_password"))["Content-Security-Policy"]

    assert "github" not in policy


@pytest.mark.django_db
def test_an_openid_connect_server_may_be_led_to_as_well(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = _providers(**OIDC)

    assert (
        "https://sso.example.org" in client.get(reverse("account_login"))["Content-Security-Policy"]
    )


@pytest.mark.django_db
def test_a_get_starts_no_sign_in_at_a_provider(client, github):
    assert client.get(reverse("github_login")).status_code == 200


@pytest.mark.django_db
def test_a_post_leads_to_the_provider_with_a_proof_key(client, github):
    location = urlsplit(client.post(reverse("github_login"), {"next": "/papers"}).url)
    query = parse_qs(location.query)

    assert location.netloc == "github.com"
    assert query["code_challenge_method"] == ["S256"]
    assert set(query["scope"][0].split()) == {"read:user", "user:email"}


@pytest.mark.django_db
def test_an_answer_without_the_state_we_gave_is_refused(client, github):
    client.get(reverse("github_callback"), {"code": "x", "state": "forged"})

    assert "_auth_user_id" not in client.session


def _come_through(
    rf, client, *, uid="7", provider="github", email="new@example.org", next_url="/x"
):
    """Arrive as if the provider had just vouched for somebody."""
    from allauth.core import context
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    SessionMiddleware(lambda _: None).process_request(request)
    MessageMiddleware(lambda _: None).process_request(request)
    request.user = AnonymousUser()
    login = SocialLogin(
        user=User(full_name="New Name"),
        account=SocialAccount(provider=provider, uid=uid),
        email_addresses=[EmailAddress(email=email, verified=True, primary=True)],
    )
    login.state["next"] = next_url
    with context.request_context(request):
        from allauth.socialaccount.adapter import get_adapter

        login.provider = get_adapter().get_provider(request, provider)
        response = complete_login(request, login)
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key
    return response


@pytest.mark.django_db
def test_a_newcomer_chooses_a_username_and_an_act_survives(rf, client, github, bookmarks):
    _come_through(rf, client, next_url="/bookmark/1")
    assert not User.objects.exists()

    response = client.post(
        reverse("socialaccount_signup"), {"username": "newcomer", "email": "new@example.org"}
    )

    user = User.objects.get()
    assert (user.username, user.full_name) == ("newcomer", "New Name")
    assert bookmarks == [(user, "/bookmark/1")]
    assert response.url == "/bookmarked"


@pytest.mark.django_db
def test_one_who_came_before_is_in_at_once_and_an_act_survives(rf, client, github, bookmarks):
    ada = make_user("ada")
    SocialAccount.objects.create(user=ada, provider="github", uid="7")

    response = _come_through(rf, client, next_url="/bookmark/1")

    assert bookmarks == [(ada, "/bookmark/1")]
    assert response.url == "/bookmarked"


@pytest.mark.django_db
def test_an_address_that_a_provider_names_opens_no_account_here(rf, client, github):
    make_user("ada", email="ada@example.org")

    _come_through(rf, client, email="ada@example.org")

    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
def test_who_comes_through_orcid_has_their_id_verified(rf, client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = _providers(ORCID_CLIENT_ID="i", ORCID_CLIENT_SECRET="s")
    _come_through(rf, client, provider="orcid", uid="0000-0002-1825-0097")
    client.post(
        reverse("socialaccount_signup"), {"username": "newcomer", "email": "new@example.org"}
    )

    user = User.objects.get()
    assert user.orcid == "0000-0002-1825-0097"
    assert user.orcid_verified_at is not None
