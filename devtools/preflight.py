"""Checks of `make start` before anything runs: port, database, broker.

Each error is one sentence that names the variable to change. Passwords are never shown.
"""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS = 5
OLDEST_POSTGRES = 15


class PreflightError(Exception):
    """The environment is invalid. The message is fit to show."""


def port_of(environment: Mapping[str, str]) -> int:
    """Return the port to serve on, or raise PreflightError if it is not free."""
    text = environment.get("PORT", "") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise PreflightError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    port = int(text)
    with socket.socket() as probe:
        # As the web server binds: lingering sockets of a stopped server do not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise PreflightError(
                    f"Port {port} is only for root; choose another: PORT=8000 make start"
                ) from None
            other = 8001 if port == 8000 else 8000
            raise PreflightError(
                f"Port {port} is in use by another program; choose another: PORT={other} make start"
            ) from None
    return port


def check_database(url: str) -> None:
    """Connect once, and check that the server can run the site."""
    try:
        parts = urlsplit(url)
        named = conninfo_to_dict(parts._replace(scheme="postgresql").geturl())
        is_sound = parts.scheme in {"postgres", "postgresql", "psql", "pgsql"}
        # Accessed for its error: a port must be a number.
        is_sound = is_sound and bool(named.get("dbname")) and parts.port != 0
    except (ValueError, psycopg.Error):
        is_sound = False
    if not is_sound:
        raise PreflightError(
            "DATABASE_URL is malformed; it should look like postgres://user:password@host:5432/name"
        )
    shown = f"DATABASE_URL ({named.get('user', '')}@{named.get('host', '')}/{named['dbname']})"
    try:
        address = make_conninfo("", **named, connect_timeout=CONNECT_SECONDS)
        with psycopg.connect(address) as connection:
            version = connection.info.server_version // 10_000
            vectors = connection.execute(
                "SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"
            ).fetchone()
    except psycopg.Error as error:
        raise PreflightError(f"{shown} cannot be used: {_reason(error)}.") from None
    if version < OLDEST_POSTGRES:
        raise PreflightError(
            f"{shown} is a Postgres {version}; Octavo needs {OLDEST_POSTGRES} or newer."
        )
    if vectors is None:
        raise PreflightError(
            f"{shown} is a Postgres without pgvector; install that extension there."
        )


def _reason(error: psycopg.Error) -> str:
    """Return libpq's message as one clause, instead of a line for each address tried."""
    text = str(error).strip()
    for words in ("Connection refused", "No such file or directory", "timeout expired"):
        if words in text:
            return f"nothing answers there ({words.lower()})"
    last = text.splitlines()[-1]
    return last.rpartition("FATAL:")[2].rpartition("error: ")[2].strip().rstrip(".")


def check_broker(url: str) -> None:
    """Ping Redis."""
    malformed = "REDIS_URL is malformed; it should look like redis://host:6379/0"
    if urlsplit(url).scheme not in {"redis", "rediss"}:
        raise PreflightError(malformed)
    try:
        redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2).ping()
    except ValueError:
        raise PreflightError(malformed) from None
    except redis.RedisError as error:
        raise PreflightError(
            f"REDIS_URL ({urlsplit(url).hostname}) cannot be used: {str(error).rstrip('.')}."
        ) from None
