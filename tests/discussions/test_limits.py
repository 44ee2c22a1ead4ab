"""How often an account of which age may write."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from common.rate_limits import RateLimitExceededError
from discussions.comments import limits
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def aged(**age):
    return make_user(joined_at=timezone.now() - timedelta(**age))


def request_of(member):
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.7")
    request.user = member
    return request


@pytest.mark.parametrize(
    ("age", "limit"),
    [
        ({"hours": 23}, limits.COMMENT_ON_FIRST_DAY),
        ({"hours": 25}, limits.COMMENT_WHILE_NEW),
        ({"days": 6}, limits.COMMENT_WHILE_NEW),
        ({"days": 8}, limits.COMMENT),
    ],
)
def test_who_has_been_here_longer_may_write_more(age, limit):
    assert limits.comment_limit(aged(**age)) == limit


@pytest.mark.parametrize(("age", "is_new"), [({"days": 6}, True), ({"days": 8}, False)])
def test_an_account_is_new_for_a_week(age, is_new):
    assert limits.is_new_account(aged(**age)) is is_new


@pytest.mark.parametrize(
    ("age", "burst"), [({"hours": 1}, 3), ({"days": 2}, 6), ({"days": 30}, 20)]
)
def test_a_burst_ends(age, burst):
    request = request_of(aged(**age))
    for _ in range(burst):
        limits.spend_for_comment(request)

    with pytest.raises(RateLimitExceededError, match="Too many requests"):
        limits.spend_for_comment(request)


def test_a_fresh_account_leaves_the_others_behind_its_address_theirs():
    fresh, member = request_of(aged(hours=1)), request_of(aged(days=30))
    for _ in range(19):
        limits.spend_for_comment(member)

    limits.spend_for_comment(fresh)

    limits.spend_for_comment(member)


def test_no_two_limits_share_a_bucket():
    names = [limit.name for limit in vars(limits).values() if isinstance(limit, limits.RateLimit)]

    assert len(names) == len(set(names)) == 7
