from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.core.internal import ratelimit
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests.accounts.flows import sign_in, sign_up
from tests.builders import make_user


def _try_limit(_: int) -> bool:
    request = RequestFactory().post("/")
    request.user = AnonymousUser()
    try:
        usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed",
            config={"login_failed": "5/5m/key"}, key="ada",
        )  # fmt: skip
        return bool(usage)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_no_more_tries_get_through_at_once_than_one_after_another():
    with ThreadPoolExecutor(12) as pool:
        passed = sum(pool.map(_try_limit, range(48)))

    assert passed <= 5


@pytest.mark.django_db
def test_two_windows_of_one_limit_count_apart(rf, time_machine):
    config = {"login_failed": "3/1m/key,4/1h/key"}

    def passes() -> bool:
        request = rf.post("/")
        return bool(
            ratelimit.consume(request, app="a", action="login_failed", config=config, key="ada")
        )

    first_minute = [passes() for _ in range(4)]
    time_machine.move_to(timezone.now() + timedelta(minutes=2))

    assert first_minute == [True, True, True, False]
    assert [passes(), passes()] == [True, False]


@pytest.mark.django_db
def test_wrong_passwords_are_slowed_for_the_account(client):
    make_user("ada")
    for _ in range(5):
        sign_in(client, "ada", password="wrong but long")

    response = sign_in(client, "ada")

    assert "Too many attempts" in response.content.decode()


@pytest.mark.django_db
def test_a_name_nobody_has_is_slowed_just_the_same(client):
    for _ in range(5):
        sign_in(client, "nobody", password="wrong but long")

    assert "Too many attempts" in sign_in(client, "nobody").content.decode()


@pytest.mark.django_db
def test_sign_ups_from_one_address_are_slowed(client):
    answers = [sign_up(client, username="x") for _ in range(21)]

    assert answers[-1].status_code == 429


@pytest.mark.django_db
def test_a_forged_header_makes_no_new_address(client):
    answers = [
        client.post(reverse("account_signup"), {}, headers={"X-Forwarded-For": f"10.0.0.{n}"})
        for n in range(21)
    ]

    assert answers[-1].status_code == 429


@pytest.mark.django_db
def test_behind_a_proxy_that_is_named_each_client_has_its_own_limit(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [
        client.post(reverse("account_signup"), {}, headers={"X-Forwarded-For": f"10.0.0.{n}"})
        for n in range(21)
    ]

    assert answers[-1].status_code == 422


@pytest.mark.django_db
def test_limits_are_kept_in_postgres():
    cache.set("proof", 1)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM common_cache WHERE cache_key LIKE '%%proof'")
        assert cursor.fetchone() == (1,)
