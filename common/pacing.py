"""Limits on the rate of requests to a service, across all processes and machines.

arXiv asks for one request every three seconds and one connection at a time, for all that one
operator runs. An advisory lock ensures one connection, and a row holds the time of the next
request. Both use a separate database connection, so that neither waits for the caller's
transaction, and the lock is released if the process dies.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from django.db import connection

from common.fetch_errors import FetchBusyError, FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

# The first half of the lock's key; the second comes from the name.
_LOCK_SPACE = 0x0C7A
_POLL_SECONDS = 0.05


@contextlib.contextmanager
def pace(name: str, *, seconds: float, max_wait: float = 60.0) -> Iterator[None]:
    """Wait for a turn to query the named service, and hold it for the block.

    Turns are `seconds` apart, counted from the end of the previous one, failed ones included.
    When the block raises an error with a Retry-After, no turn starts before that. Raise
    `FetchBusyError` if no turn comes within `max_wait`, without using one up.
    """
    own = connection.copy()
    try:
        gives_up_at = time.monotonic() + max_wait
        _lock(own, name, gives_up_at)
        try:
            patience = max(gives_up_at - time.monotonic(), 0.0)
            wait = _claim(own, name, seconds, patience)
            time.sleep(wait)
            pause = seconds
            try:
                yield
            except FetchError as error:
                pause = max(seconds, error.retry_after or 0.0)
                raise
            finally:
                _put_off(own, name, pause)
        finally:
            _run(own, "SELECT pg_advisory_unlock(%s, hashtext(%s))", _LOCK_SPACE, name)
    finally:
        own.close()


def postpone(name: str, seconds: float) -> None:
    """Block requests to the named service for so many seconds."""
    own = connection.copy()
    with contextlib.closing(own):
        _put_off(own, name, seconds)


def _lock(own: BaseDatabaseWrapper, name: str, gives_up_at: float) -> None:
    """Take the lock by polling.

    statement_timeout and lock_timeout would interrupt a wait inside Postgres; they are short
    because web requests share them.
    """
    while True:
        got_it = _run(own, "SELECT pg_try_advisory_lock(%s, hashtext(%s))", _LOCK_SPACE, name)
        if got_it:
            return
        if time.monotonic() > gives_up_at:
            raise FetchBusyError(
                f"Others are asking {name} all the time.", retry_after=_POLL_SECONDS
            )
        time.sleep(_POLL_SECONDS)


def _claim(own: BaseDatabaseWrapper, name: str, seconds: float, max_wait: float) -> float:
    """Take the next slot in one statement, by the database's clock; return the wait.

    Claimed before the request, so that a process killed half-way has used its slot.
    """
    _run(
        own,
        "INSERT INTO common_pace (name, next_at) VALUES (%s, clock_timestamp())"
        " ON CONFLICT (name) DO NOTHING RETURNING 1",
        name,
    )
    wait = _run(
        own,
        "UPDATE common_pace"
        " SET next_at = greatest(next_at, clock_timestamp()) + make_interval(secs => %s)"
        " WHERE name = %s AND next_at <= clock_timestamp() + make_interval(secs => %s)"
        " RETURNING extract(epoch FROM next_at - clock_timestamp())::float8 - %s",
        seconds,
        name,
        max_wait,
        seconds,
    )
    if wait is not None:
        return max(wait, 0.0)
    due_in = _run(
        own,
        "SELECT extract(epoch FROM next_at - clock_timestamp())::float8"
        " FROM common_pace WHERE name = %s",
        name,
    )
    raise FetchBusyError(
        f"{name} may be asked again in {due_in or 0:.0f} s.", retry_after=due_in or 0.0
    )


def _put_off(own: BaseDatabaseWrapper, name: str, seconds: float) -> None:
    _run(
        own,
        "INSERT INTO common_pace (name, next_at)"
        " VALUES (%s, clock_timestamp() + make_interval(secs => %s))"
        " ON CONFLICT (name) DO UPDATE"
        " SET next_at = greatest(common_pace.next_at, excluded.next_at) RETURNING 1",
        name,
        seconds,
    )


def _run(own: BaseDatabaseWrapper, sql: str, *parameters: float | str) -> float | None:
    """Run one statement and return its one value, if it has a row."""
    with own.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return row[0] if row else None
