"""Token buckets: what they allow, at once and in the long run, and to many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F

from common import rate_limits
from common.models import Allowance
from common.rate_limits import RateLimit, RateLimitExceededError, spend

LIMIT = RateLimit("try", per_minute=6, burst=3)


@pytest.fixture
def press(rf, member):
    """Return a function that acts once, from an address."""

    def act(address="203.0.113.7", user=member):
        request = rf.post("/", REMOTE_ADDR=address)
        request.user = user
        spend(request, LIMIT)

    return act


def test_a_burst_is_allowed_and_what_follows_is_not(press):
    for _ in range(3):
        press()

    with pytest.raises(RateLimitExceededError) as refusal:
        press()

    assert 9 <= refusal.value.retry_after <= 10


def test_visitors_spend_of_their_address_alone(press):
    for _ in range(30):
        press(user=AnonymousUser())
    with pytest.raises(RateLimitExceededError):
        press(user=AnonymousUser())

    press(user=AnonymousUser(), address="203.0.113.8")


def test_trying_in_vain_does_not_push_the_next_chance_away(press):
    for _ in range(3):
        press()
    for _ in range(5):
        with pytest.raises(RateLimitExceededError):
            press()
    Allowance.objects.update(at=F("at") - timedelta(seconds=10))

    press()


def test_trying_in_vain_uses_up_nothing_of_the_others_at_the_address(press, django_user_model):
    for _ in range(3):
        press()
    for _ in range(40):
        with pytest.raises(RateLimitExceededError):
            press()

    press(user=django_user_model(pk=1000))


def test_a_bucket_never_holds_more_than_the_burst(press):
    press()
    Allowance.objects.update(at=F("at") - timedelta(days=10))
    for _ in range(3):
        press()

    with pytest.raises(RateLimitExceededError):
        press()


def test_an_address_that_many_share_has_room_for_ten(press, django_user_model):
    others = [django_user_model(pk=pk) for pk in range(1000, 1011)]
    for user in others[:10]:
        for _ in range(3):
            press(user=user)

    with pytest.raises(RateLimitExceededError):
        press(user=others[10])


def test_a_household_of_ipv6_addresses_is_one_address(rf):
    one = rf.get("/", REMOTE_ADDR="2001:db8:1:2::1")
    other = rf.get("/", REMOTE_ADDR="2001:db8:1:2:ffff::9")

    assert rate_limits.address_range(one) == rate_limits.address_range(other)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_the_burst(press):
    def attempt(_):
        try:
            press()
        except RateLimitExceededError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(10) as pool:
        granted = list(pool.map(attempt, range(40)))

    assert granted.count(True) == 3
