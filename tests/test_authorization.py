"""Every address, every role, every method: what the table says, and nothing written by a GET."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.suspensions import suspensions
from papers.models import Thumbnail, Topic
from tests.authorization import FAMILIES, ROLES, ROWS, row_of
from tests.builders import make_authorship, make_organization, make_paper, make_user
from tests.discussions.builders import make_act, make_appeal, make_comment, make_report
from tests.groups.rows import furnish
from tests.urls import addresses

pytestmark = pytest.mark.django_db

ADDRESSES = {address.name: address for address in addresses() if "unnamed" not in address.name}
# Redirects of the admin to itself, which ask for nothing.
UNNAMED = [address for address in addresses() if "unnamed" in address.name]

# The same bytes for everybody, at an address that holds their digest.
KEPT_FOR_GOOD = {"papers:thumbnail"}

# Reading may renew a session and count towards a limit on guessing; nothing else.
WRITTEN_BY_READING = {"django_session", "common_cache", "common_allowance"}


@pytest.fixture
def kwargs(author):
    """Values for the parameters of every address, of rows that are there."""
    paper = make_paper("2401.12345", organization=make_organization())
    make_authorship(paper)
    picture = Thumbnail.objects.create(paper=paper, url="x", image=b"x", digest="0" * 32)
    comment = make_comment(paper=paper, author=author)
    act = make_act(comment=comment)
    keys = {"comment": comment.pk, "thread": comment.thread_id, "act": act.pk}
    keys |= {"report": make_report(comment=comment).pk, "appeal": make_appeal().pk}
    others = {role: make_user() for role in ("organiser", "member", "guest")}
    _, in_group = furnish("readers", visibility="public", people=others | {"owner": author})
    keys = in_group | keys
    Topic.objects.get_or_create(code="cs.LG", defaults={"name": "Machine Learning"})
    return {
        "ref": paper.ref,
        "version": 2,
        "digest": picture.digest,
        "day": paper.announced_on,
        "first": datetime(2026, 11, 16, tzinfo=UTC).date(),
        "code": "cs.LG",
        "username": make_user("Reader").username,
        "keys": keys,
        "key": "none",
        "provider_id": "oidc",
        "object_id": "1",
        "content_type_id": 1,
        "app_label": "accounts",
        "url": "x",
    }


@pytest.fixture
def author():
    return make_user("Writer")


def url_of(name, kwargs):
    address = ADDRESSES[name]
    slugs = {"papers:organization_page": "ulab", "papers:author_page": "ada-lovelace"}
    # "discussions:thread_seen" is about a thread, whoever else has a key.
    kind = name.partition(":")[2].partition("_")[0]
    pk = kwargs["keys"].get(PK_OF.get(name, kind), 1)
    values = kwargs | {"slug": slugs.get(name, "x"), "pk": pk}
    if name.startswith("groups:"):
        of_group = {name: kwargs["keys"][name] for name in ("day", "username")}
        values |= of_group | {"slug": "readers", "token": "x"}
    return reverse(name, kwargs={key: values[key] for key in address.parameters})


PK_OF: dict[str, str] = {}


def client_of(role, *, enforce_csrf_checks=False):
    client = Client(enforce_csrf_checks=enforce_csrf_checks)
    if role == "visitor":
        return client
    rights = {
        "moderator": {"is_moderator": True},
        "operator": {"is_staff": True, "is_superuser": True, "is_moderator": True},
    }
    user = User.objects.get(username="Writer") if role == "author" else None
    user = user or make_user(**rights.get(role, {}))
    client.force_login(user)
    if role == "suspended":
        suspensions.suspend(member=user, until=timezone.now() + timedelta(days=7))
    return client


def verdict(client, response):
    """Translate an answer into the table's code."""
    # The admin sends whoever it does not know to a door of its own, which decides.
    if response.headers.get("Location", "").startswith(reverse("admin:login")):
        response = client.get(response.url)
    status = response.status_code
    if status in {301, 302, 303}:
        return "in" if response.url.startswith(reverse("account_login")) else "to"
    codes = {200: "ok", 403: "no", 404: "--", 405: "xx", 400: "un", 422: "un"}
    return codes.get(status, str(status))


def test_every_address_has_a_row_and_every_row_an_address():
    rows = {name for name in ADDRESSES if row_of(name)}

    assert rows == set(ADDRESSES)
    assert not set(ROWS) - set(ADDRESSES)
    assert all(any(name.startswith(family) for name in ADDRESSES) for family in FAMILIES)
    assert all(address.name.startswith("admin:") for address in UNNAMED)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_address_answers_each_role_as_the_table_says(role, method, kwargs):
    wrong, client = {}, client_of(role)
    cookies = client.cookies.output()
    for name in ADDRESSES:
        if client.cookies.output() != cookies:  # signed out, or in anew
            client = client_of(role)
            cookies = client.cookies.output()
        expected = row_of(name).expected(method, role)
        response = getattr(client, method)(url_of(name, kwargs))
        assert response.status_code < 500, name
        got = verdict(client, response)
        if expected not in {got, ".."}:
            wrong[name] = f"{got} for {expected}"
    assert not wrong


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_no_address_of_ours_knows_another_method(method, kwargs):
    client, ours = (
        client_of("member"),
        ("papers:", "discussions:", "groups:", "accounts:", "common:", "devtools:"),
    )
    for name in ADDRESSES:
        if name.startswith(ours):
            assert getattr(client, method)(url_of(name, kwargs)).status_code in {404, 405}, name


@pytest.mark.parametrize("role", ROLES)
def test_reading_writes_nothing(role, kwargs):
    client, written = client_of(role), {}
    for name in ADDRESSES:
        with CaptureQueriesContext(connection) as queries:
            client.get(url_of(name, kwargs))
        tables = {table for query in queries for table in _tables_written(query["sql"])}
        if tables - WRITTEN_BY_READING:
            written[name] = tables
    assert not written


def _tables_written(sql):
    pattern = r'\b(?:INSERT INTO|DELETE FROM|(?<!DO )UPDATE)\s+"?(\w+)"?'
    if re.match(r"\s*SELECT\b.*FOR (NO KEY )?UPDATE", sql, re.DOTALL):
        return []
    return re.findall(pattern, sql)


def test_no_post_is_taken_without_its_token(kwargs):
    client, taken = client_of("member", enforce_csrf_checks=True), []
    for name in ADDRESSES:
        response = client.post(url_of(name, kwargs))
        if response.status_code not in {403, 404, 405}:
            taken.append((name, response.status_code))
    assert not taken


@pytest.mark.parametrize("role", ["visitor", "suspended"])
def test_a_refused_htmx_request_leaves_the_page_for_sign_in(role, kwargs):
    client = client_of(role)

    response = client.get(url_of("papers:submit", kwargs), headers={"HX-Request": "true"})

    assert response.headers["HX-Redirect"].startswith(reverse("account_login"))


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_carries_the_walls(role, kwargs):
    client = client_of(role)
    for name in ADDRESSES:
        headers = client.get(url_of(name, kwargs)).headers
        policy = headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert headers["X-Frame-Options"] == "DENY", name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Referrer-Policy"] == "same-origin", name
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", name
        lasts = "immutable" if name in KEPT_FOR_GOOD else "no-store"
        assert lasts in headers["Cache-Control"], name
        assert "camera=()" in headers["Permissions-Policy"], name
