"""Sending wake-ups that can neither block nor fail a request.

A message is never the record: a sweep finds in Postgres whatever a lost message
would have done. So a broker that is away, or that accepts and never answers, costs
a request nothing but the attempt, and that only once in a while.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import transaction

if TYPE_CHECKING:
    from celery import Celery, Task
    from kombu import Connection

logger = logging.getLogger(__name__)

# After a failure nobody tries again for this long: one slow request, not all of them.
SECONDS_TO_LET_THE_BROKER_BE = 30.0


class _Broker:
    """What this process knows of the broker's health."""

    resting_until = 0.0


class _Kept(threading.local):
    """The connection of this thread's last wake-up: opening one takes four milliseconds."""

    app: Celery | None = None
    connection: Connection | None = None


_kept = _Kept()


def wake(task: Task[..., Any], *args: Any) -> None:
    """Send the task once the transaction is committed; swallow a broker's failure."""
    transaction.on_commit(lambda: _send(task, args))


def _send(task: Task[..., Any], args: tuple[Any, ...]) -> None:
    if time.monotonic() < _Broker.resting_until:
        return
    kept = _kept.connection if _kept.app is task.app else None
    # The broker may have closed a kept connection since: then a new one is tried.
    if kept and not _failure(task, args, kept):
        return
    _kept.app, _kept.connection = task.app, None
    connection = task.app.connection_for_write(
        connect_timeout=0.3,
        transport_options={
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.3,
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0,
        },
    )
    if error := _failure(task, args, connection):
        _Broker.resting_until = time.monotonic() + SECONDS_TO_LET_THE_BROKER_BE
        logger.warning("Could not wake %s: %s", task.name, type(error).__name__)
    else:
        _kept.connection = connection


def _failure(
    task: Task[..., Any], args: tuple[Any, ...], connection: Connection
) -> Exception | None:
    """Send the task, or close the connection and return why it cannot be sent."""
    try:
        task.app.send_task(task.name, args, connection=connection, retry=False)
    except Exception as error:  # noqa: BLE001 - kombu lets through whatever the socket raised
        with suppress(Exception):
            connection.release()
        return error
    return None
