"""Fixtures that every test may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

from papers.models import Topic
from papers.topics import arxiv_topics
from tests.builders import make_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from accounts.models import User


# Speed is measured in tests/bench; a busy machine must not fail a property.
hypothesis_settings.register_profile("octavo", deadline=None)
hypothesis_settings.load_profile("octavo")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Put back what a migration wrote, after a test that has emptied every table.

    Django expects such tests to run last; workers that steal from each other run others after.
    """
    yield
    marker = item.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction")
    has_emptied = is_marked or "transactional_db" in getattr(item, "fixturenames", ())
    # After the last one the database itself is gone.
    if nextitem is not None and has_emptied:
        with item.config.stash[blocking_manager_key].unblock():
            Topic.objects.bulk_create(
                (Topic(code=code, name=name, field=field) for code, name, field in arxiv_topics()),
                ignore_conflicts=True,
            )


@pytest.fixture(autouse=True)
def _no_shared_fragments() -> Iterator[None]:
    """Start each test with nothing kept from another."""
    caches["fragments"].clear()
    yield
    caches["fragments"].clear()


@pytest.fixture
def member(db: None) -> User:
    return make_user()


@pytest.fixture
def member_client(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def count_queries(db: None) -> Callable[[Callable[[], object]], int]:
    """Count what an act asks of the database, with nothing shared from before."""

    def count(act: Callable[[], object]) -> int:
        caches["fragments"].clear()
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    return count
