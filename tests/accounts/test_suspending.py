from datetime import timedelta
from importlib import import_module

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings as site
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from accounts import contributions
from accounts.contributions import Contribution
from accounts.suspensions import suspensions
from accounts.suspensions.suspensions import AppealRefusedError, SuspensionNotice
from tests.accounts.flows import ask_for_code, is_signed_in, mailed_code, sign_in, type_code
from tests.accounts.passkeys import add_passkey
from tests.accounts.second_step import totp_code, turn_on_app
from tests.accounts.test_identity_providers import _come_through, github
from tests.builders import make_user

__all__ = ["github"]

pytestmark = pytest.mark.django_db

SUSPENDED = "/suspended"
SETTINGS = "/settings/profile"


class Acts:
    """Stands in for the app that keeps the moderators' acts."""

    def __init__(self):
        self.notice, self.appeals = SuspensionNotice("Three warnings.", may_appeal=True), []

    def notice_for(self, member):
        return self.notice

    def appeal(self, member, text):
        if not self.notice.may_appeal:
            raise AppealRefusedError("You appealed already.")
        self.appeals.append((member, text))


@pytest.fixture
def acts(monkeypatch):
    acts = Acts()
    given = [Contribution(suspension_record=acts)]
    monkeypatch.setattr(contributions, "_contributions", given)
    return acts


@pytest.fixture
def ada(db):
    return make_user("ada")


def suspend(user, days=7):
    suspensions.suspend(member=user, until=timezone.now() + timedelta(days=days))


def test_every_session_ends_with_the_suspension(client, ada):
    browsers = [client, type(client)()]
    for browser in browsers:
        sign_in(browser, "ada")

    suspend(ada)

    assert [browser.get(SETTINGS).status_code for browser in browsers] == [302, 302]
    assert not UserSession.objects.exists()
    assert not Session.objects.exists()


def test_nobody_elses_session_ends(member_client, ada):
    suspend(ada)

    assert member_client.get(SETTINGS).status_code == 200


def test_a_session_made_after_the_suspending_opens_nothing(client, ada):
    suspend(ada)
    client.force_login(ada)

    assert client.get(SETTINGS).url.startswith("/sign-in")


@pytest.mark.parametrize("path", ["accounts.backends", "allauth.account.auth_backends"])
def test_a_session_row_that_comes_back_opens_nothing(client, ada, path):
    sign_in(client, "ada")
    kept = dict(client.session.items()) | {BACKEND_SESSION_KEY: f"{path}.AuthenticationBackend"}
    suspend(ada)
    store = import_module(site.SESSION_ENGINE).SessionStore()
    store.update(kept)
    store.save()
    client.cookies["sessionid"] = store.session_key

    assert client.get(SETTINGS).url.startswith("/sign-in")


def test_a_session_from_before_the_present_backend_goes_on(client, ada):
    sign_in(client, "ada")
    session = client.session
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.save()

    assert client.get(SETTINGS).status_code == 200
    assert client.session[BACKEND_SESSION_KEY] == "accounts.backends.AuthenticationBackend"
    assert client.session.session_key == session.session_key


def test_a_suspension_runs_out_by_itself(client, ada, time_machine):
    time_machine.move_to("2026-11-20 12:00:00+00:00", tick=False)
    suspend(ada, days=1)
    time_machine.shift(timedelta(days=1))

    sign_in(client, "ada")

    assert client.get(SETTINGS).status_code == 200


def test_a_suspension_lasts_to_its_last_second(client, ada, time_machine):
    time_machine.move_to("2026-11-20 12:00:00+00:00", tick=False)
    suspend(ada, days=1)
    time_machine.shift(timedelta(days=1, seconds=-1))

    assert sign_in(client, "ada").url == SUSPENDED
    assert not is_signed_in(client)


def test_who_is_let_in_again_signs_in(client, ada):
    suspend(ada)
    suspensions.lift(member=ada)

    sign_in(client, "ada")

    assert is_signed_in(client)


def test_the_right_password_leads_to_the_reason(client, ada, acts):
    suspend(ada)

    response = sign_in(client, "ada")
    page = client.get(response.url).content.decode()

    assert "Three warnings." in page
    assert f"{ada.suspended_until:%B %-d, %Y}" in page


def test_a_code_by_mail_leads_to_the_reason(client, ada, acts):
    suspend(ada)
    ask_for_code(client, ada.email)

    response = type_code(client, "account_confirm_login_code", mailed_code())

    assert response.url == SUSPENDED
    assert "Three warnings." in client.get(SUSPENDED).content.decode()


def test_a_passkey_leads_to_the_reason(client, ada, acts):
    key = add_passkey(ada)
    suspend(ada)

    assert key.sign_in(client).url == SUSPENDED
    assert not is_signed_in(client)


def test_a_provider_leads_to_the_reason(rf, client, ada, acts, github):
    SocialAccount.objects.create(user=ada, provider="github", uid="7")
    suspend(ada)

    assert _come_through(rf, client).url == SUSPENDED
    assert "Three warnings." in client.get(SUSPENDED).content.decode()
    assert not is_signed_in(client)


def test_a_password_without_the_second_step_tells_nothing(client, ada, acts):
    secret = turn_on_app(ada)
    suspend(ada)

    assert sign_in(client, "ada").url == reverse("mfa_authenticate")
    assert client.get(SUSPENDED).url.startswith("/sign-in")
    response = client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert response.url == SUSPENDED


def test_a_wrong_password_is_answered_as_anybodys(client, ada):
    suspend(ada)
    make_user("free")
    answers = [sign_in(type(client)(), name, password="wrong but long") for name in ("ada", "free")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("suspended" not in answer.content.decode().lower() for answer in answers)


def test_a_key_planted_before_does_not_read_the_reason(client, ada, acts):
    suspend(ada)
    client.get("/sign-in")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client, "ada")

    assert client.cookies["sessionid"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_the_browser_forgets_within_the_hour(client, ada, acts, time_machine):
    time_machine.move_to("2026-11-20 12:00:00+00:00", tick=False)
    suspend(ada)
    sign_in(client, "ada")
    time_machine.shift(timedelta(seconds=3601))

    assert client.get(SUSPENDED).url.startswith("/sign-in")


def test_a_stranger_and_a_member_find_no_reason_here(client, member_client):
    assert client.get(SUSPENDED).url.startswith("/sign-in")
    assert member_client.get(SUSPENDED).url == "/"


def test_an_appeal_goes_where_the_acts_are_kept(client, ada, acts):
    suspend(ada)
    sign_in(client, "ada")

    response = client.post(SUSPENDED, {"text": "It was a quotation."})

    assert response.url == SUSPENDED
    assert acts.appeals == [(ada, "It was a quotation.")]


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_an_appeal_of_no_fit_length_is_refused(client, ada, acts, text):
    suspend(ada)
    sign_in(client, "ada")

    assert client.post(SUSPENDED, {"text": text}).status_code == 422
    assert acts.appeals == []


def test_a_second_appeal_is_refused_in_words(client, ada, acts):
    suspend(ada)
    sign_in(client, "ada")
    acts.notice = SuspensionNotice("Three warnings.", appeal="It was a quotation.")

    response = client.post(SUSPENDED, {"text": "Once more."})

    assert response.status_code == 422
    assert "You appealed already." in response.content.decode()


def test_the_answer_to_an_appeal_is_shown(client, ada, acts):
    suspend(ada)
    sign_in(client, "ada")
    acts.notice = SuspensionNotice(
        "Why.", appeal="Mine.", is_decided=True, answer="It was no quotation."
    )

    assert "It was no quotation." in client.get(SUSPENDED).content.decode()


def test_the_page_says_when_the_suspension_is_over(client, ada, acts):
    suspend(ada)
    sign_in(client, "ada")
    suspensions.lift(member=ada)

    assert "suspension is over" in client.get(SUSPENDED).content.decode()
