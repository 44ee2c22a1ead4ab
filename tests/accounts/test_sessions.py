from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse
from django.utils import timezone

from accounts.sign_in.sessions import describe_browser
from tests.accounts.flows import is_signed_in, sign_in
from tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return make_user("ada")


@pytest.fixture
def browsers(client, ada):
    """Two browsers that Ada is signed in with."""
    pair = [client, type(client)()]
    for browser in pair:
        sign_in(browser, "ada")
    return pair


def test_the_key_of_a_session_changes_at_sign_in(client, ada):
    sign_in(client, "ada", password="wrong but long")
    client.get(reverse("account_login"))
    before = client.session.session_key
    sign_in(client, "ada")

    assert client.session.session_key != before


def test_a_key_planted_before_the_sign_in_opens_nothing_after(client, ada):
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client, "ada")

    assert client.cookies["sessionid"].value != session.session_key


def test_the_key_changes_when_a_member_proves_anew_who_they_are(client, ada):
    sign_in(client, "ada")
    before = client.session.session_key

    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert is_signed_in(client)
    assert client.session.session_key != before
    assert UserSession.objects.get().session_key == client.session.session_key


def test_the_key_changes_with_the_password_and_other_browsers_are_out(browsers):
    here, there = browsers
    before = here.session.session_key
    new = "an entirely new password"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post(reverse("account_change_password"), data)

    assert here.session.session_key != before
    assert here.get("/settings/profile").status_code == 200
    assert there.get("/settings/profile").status_code == 302


def test_every_browser_is_listed(browsers):
    response = browsers[0].get(reverse("usersessions_list"))

    assert response.context["session_count"] == 2


def test_all_other_browsers_are_signed_out(browsers):
    here, there = browsers
    here.post(reverse("usersessions_list"))

    assert here.get("/settings/profile").status_code == 200
    assert there.get("/settings/profile").status_code == 302


def test_one_other_browser_is_signed_out(browsers):
    here, there = browsers
    other = UserSession.objects.get(session_key=there.session.session_key)

    here.post(reverse("accounts:session_end", args=[other.pk]))

    assert there.get("/settings/profile").status_code == 302


def test_nobody_ends_the_session_of_another_member(browsers, member_client):
    session = UserSession.objects.first()

    response = member_client.post(reverse("accounts:session_end", args=[session.pk]))

    assert response.status_code == 404
    assert UserSession.objects.filter(pk=session.pk).exists()


def test_a_session_ends_after_thirty_days_however_busy(client, ada, time_machine):
    start = timezone.now()
    time_machine.move_to(start)
    sign_in(client, "ada")
    for day in range(1, 30):
        time_machine.move_to(start + timedelta(days=day))
        assert client.get("/settings/profile").status_code == 200

    time_machine.move_to(start + timedelta(days=30, seconds=1))
    assert client.get("/settings/profile").status_code == 302


def test_a_session_ends_after_two_idle_weeks(client, ada, time_machine):
    start = timezone.now()
    time_machine.move_to(start)
    sign_in(client, "ada")

    time_machine.move_to(start + timedelta(days=14, seconds=1))

    assert client.get("/settings/profile").status_code == 302


def test_reading_pages_does_not_write_the_session(client, ada, django_assert_num_queries):
    sign_in(client, "ada")
    # The session, the member, what is unread.
    with django_assert_num_queries(3) as queries:
        client.get(reverse("accounts:profile_settings"))

    assert all(query["sql"].lstrip().startswith("SELECT") for query in queries.captured_queries)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18 Safari/605.1", "Safari on Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/150.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "curl"),
        ("", "Unknown"),
    ],
)
def test_a_browser_is_named_as_a_person_would(user_agent, name):
    assert describe_browser(user_agent) == name
