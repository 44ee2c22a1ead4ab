"""Wake-ups: they reach a real broker after the commit, and one that is away costs little."""

from __future__ import annotations

import socket
import uuid

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction

from common import wake_ups


@pytest.fixture(autouse=True)
def _well_rested(monkeypatch):
    monkeypatch.setattr(wake_ups._Broker, "resting_until", 0.0)


def task_of(app):
    @app.task(name=f"elsewhere.nothing.{uuid.uuid4()}")
    def nothing():
        """Never run: nobody listens to these queues."""

    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    return nothing


@pytest.fixture
def real():
    """A task whose messages go to the real broker, in a queue of this test's own."""
    name = f"test-{uuid.uuid4()}"
    app = Celery("elsewhere", broker=settings.REDIS_URL, set_as_current=False)
    app.conf.task_default_queue = name
    yield task_of(app)
    with app.connection_for_write() as connection:
        connection.default_channel.client.delete(name)


def waiting(task):
    """How many messages the broker holds for the task."""
    app = task.app
    with app.connection_for_read() as connection:
        return connection.default_channel.client.llen(app.conf.task_default_queue)


def away(url):
    """A task whose broker is at an address where none is."""
    return task_of(Celery("elsewhere", broker=url, set_as_current=False))


def test_nothing_is_sent_before_the_commit(real, transactional_db):
    with transaction.atomic():
        wake_ups.wake(real)
        assert waiting(real) == 0

    assert waiting(real) == 1


def test_what_is_rolled_back_wakes_nobody(real, transactional_db):
    with transaction.atomic():
        wake_ups.wake(real)
        transaction.set_rollback(True)

    assert waiting(real) == 0


def test_a_broker_that_refuses_fails_no_request(transactional_db, caplog):
    wake_ups.wake(away("redis://127.0.0.1:9/0"))

    assert "Could not wake elsewhere.nothing" in caplog.text


def test_a_broker_that_never_answers_holds_no_request(transactional_db, caplog):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        task = away(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        # Without its timeouts this would hang until pytest's own, and fail.
        wake_ups.wake(task)

    assert "Could not wake elsewhere.nothing" in caplog.text


def test_after_a_failure_nobody_tries_for_a_while(real, transactional_db):
    wake_ups.wake(away("redis://127.0.0.1:9/0"))

    wake_ups.wake(real)

    assert waiting(real) == 0


def test_a_second_wake_up_uses_the_connection_of_the_first(real, transactional_db):
    wake_ups.wake(real)
    kept = wake_ups._kept.connection

    wake_ups.wake(real)

    assert waiting(real) == 2
    assert wake_ups._kept.connection is kept


def test_a_connection_that_the_broker_closed_is_replaced(real, transactional_db):
    wake_ups.wake(real)
    kept = wake_ups._kept.connection
    for connection in kept.default_channel.client.connection_pool._available_connections:
        connection._sock.close()

    wake_ups.wake(real)

    assert waiting(real) == 2
