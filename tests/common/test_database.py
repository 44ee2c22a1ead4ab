"""Pooled connections after the server hung up."""

from __future__ import annotations

import copy

import pytest
from django.db import connection
from psycopg_pool import ConnectionPool

from common.database.base import DatabaseWrapper


@pytest.fixture
def pooled(transactional_db):
    """A connection with a pool of its own."""
    wanted = copy.deepcopy(connection.settings_dict)
    wanted["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 2, "timeout": 5}
    wanted |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    wrapper = DatabaseWrapper(wanted)
    assert isinstance(wrapper.pool, ConnectionPool)
    wrapper.pool.open(wait=True)
    yield wrapper
    wrapper.close()
    wrapper.close_pool()


def backend_of(wrapper):
    """Do what a request does: take a connection, ask, give it back."""
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    wrapper.close()
    return pid


def test_connections_are_lent_again(pooled):
    assert len({backend_of(pooled) for _ in range(10)}) <= 2


def test_a_request_after_the_server_hung_up_notices_nothing(pooled):
    before = {backend_of(pooled) for _ in range(4)}
    with connection.cursor() as cursor:
        for pid in before:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    after = {backend_of(pooled) for _ in range(4)}

    assert not before & after
