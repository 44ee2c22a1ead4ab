from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from common.models import Allowance
from common.tidying import tidy
from tests.accounts.flows import sign_in
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def _age(model, **fields):
    model.objects.update(**{name: timezone.now() - age for name, age in fields.items()})


def test_what_is_known_of_a_sign_in_goes_with_its_session(client):
    make_user("ada")
    sign_in(client, "ada")
    _age(Session, expire_date=timedelta(seconds=1))
    _age(UserSession, last_seen_at=timedelta(hours=1))

    tidy()

    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


def test_a_sign_in_that_lasts_is_kept(client):
    make_user("ada")
    sign_in(client, "ada")
    _age(UserSession, last_seen_at=timedelta(days=13))

    tidy()

    assert UserSession.objects.count() == Session.objects.count() == 1


@pytest.mark.parametrize(("hours", "kept"), [(1, 1), (3, 0)])
def test_a_rate_limit_that_has_refilled_is_forgotten(hours, kept):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_allowance (key, tokens, burst, rate, at, is_granted) "
            "VALUES ('a', 1, 1, 1, %s, true)",
            [timezone.now() - timedelta(hours=hours)],
        )

    tidy()

    assert Allowance.objects.count() == kept
