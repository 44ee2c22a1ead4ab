"""Every address of reading groups, every role, in a public group and in a private one."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.builders import make_paper, make_user
from tests.groups.authorization import OUTSIDE, ROLES, ROWS, SITE_WIDE
from tests.groups.rows import furnish
from tests.test_authorization import verdict
from tests.urls import addresses

pytestmark = pytest.mark.django_db

ADDRESSES = {each.name: each for each in addresses() if each.name.startswith("groups:")}
IN_A_GROUP = [name for name in ROWS if name not in SITE_WIDE]


@pytest.fixture
def people():
    make_paper("2401.12345")
    rights = {
        "moderator": {"is_moderator": True},
        "operator": {"is_staff": True, "is_superuser": True, "is_moderator": True},
    }
    return {role: make_user(**rights.get(role, {})) for role in (*ROLES[1:], *OUTSIDE)}


def url_of(name, group, keys):
    kind = name.partition(":")[2].partition("_")[0]
    values = {"ref": "2401.12345", "token": "x", "pk": keys.get(kind, 1)}
    values |= {"slug": group.slug, "day": keys["day"], "username": keys["username"]}
    return reverse(name, kwargs={key: values[key] for key in ADDRESSES[name].parameters})


def client_of(role, people):
    client = Client()
    if role != "visitor":
        client.force_login(people[role])
    return client


def answer_of(client, method, url):
    """Ask, and undo what the asking did: the next address finds all rows as they were."""
    with transaction.atomic():
        response = getattr(client, method)(url)
        code = verdict(client, response)
        transaction.set_rollback(True)
    assert response.status_code < 500, url
    return code


def _without_token(response):
    """Return a page without what differs from one request to the next."""
    return re.sub(rb"\b[A-Za-z0-9]{64}\b", b"", response.content)


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(ADDRESSES) == set(ROWS)
    assert set(ROWS) >= SITE_WIDE


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_public_group_answers_each_role_as_the_table_says(role, method, people):
    group, keys = furnish("readers-public", visibility="public", people=people)
    client, wrong = client_of(role, people), {}
    for name, row in ROWS.items():
        got = answer_of(client, method, url_of(name, group, keys))
        if got != row.expected(method, role):
            wrong[name] = f"{got} for {row.expected(method, role)}"
    assert not wrong


@pytest.mark.parametrize("role", ["visitor", "outsider", *OUTSIDE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_private_group_answers_those_outside_byte_for_byte_as_none(role, method, people):
    group, keys = furnish("readers-private", visibility="private", people=people)
    client, wrong = client_of(role, people), {}
    as_role = "outsider" if role in OUTSIDE else role
    for name in IN_A_GROUP:
        url = url_of(name, group, keys)
        none = getattr(client, method)(url.replace(group.slug, "readers-nowhere"))
        there = getattr(client, method)(url)
        expected = ROWS[name].expected_in_private(method, as_role)
        if (got := verdict(client, there)) != expected:
            wrong[name] = f"{got} for {expected}"
        elif _shown(there, group.slug) != _shown(none, "readers-nowhere"):
            wrong[name] = "differs"
    assert not wrong


def _shown(response, slug):
    """Return all that a stranger gets to see, but for the address that they asked for."""
    headers = {name: each.replace(slug, "*") for name, each in response.headers.items()}
    del headers["Content-Length"]
    return response.status_code, headers, _without_token(response).replace(slug.encode(), b"*")
