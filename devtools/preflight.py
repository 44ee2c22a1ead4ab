"""What `make start` is given, looked at before anything runs: port, database, broker.

Each fault is one sentence that names the variable to change. No password is repeated.
"""

from __future__ import annotations

import errno
import socket
import warnings
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import environ
import psycopg
import redis
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS = 5
OLDEST_POSTGRES = 15
URL_SHAPE = "postgres://user:password@host:5432/name"


class PreflightError(Exception):
    """The environment asks for something that cannot be. The message is fit to show."""


def port_of(environment: Mapping[str, str]) -> int:
    """Return the port to serve on, after seeing that it is free."""
    text = environment.get("PORT", "") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise PreflightError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    port = int(text)
    with socket.socket() as probe:
        # As the web server binds: what only lingers after a stop is no obstacle.
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
    """Connect once, and see that the server can carry the site."""
    arguments, shown = _connection_arguments(url)
    try:
        address = make_conninfo("", **arguments, connect_timeout=CONNECT_SECONDS)
        with psycopg.connect(address) as connection:
            version = connection.info.server_version // 10_000
            vectors = connection.execute(
                "SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"
            ).fetchone()
    except psycopg.Error as error:
        raise PreflightError(f"DATABASE_URL ({shown}) cannot be used: {_reason(error)}.") from None
    if version < OLDEST_POSTGRES:
        raise PreflightError(
            f"DATABASE_URL ({shown}) is a Postgres {version}; "
            f"Octavo needs {OLDEST_POSTGRES} or newer."
        )
    if vectors is None:
        raise PreflightError(
            f"DATABASE_URL ({shown}) is a Postgres without pgvector; install that extension there."
        )


def _connection_arguments(url: str) -> tuple[dict[str, Any], str]:
    """Read the address as the settings do, and return it with a form fit to show."""
    malformed = PreflightError(f"DATABASE_URL is malformed; it should look like {URL_SHAPE}")
    if urlsplit(url).scheme not in {"postgres", "postgresql", "psql", "pgsql"}:
        raise malformed
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = environ.Env.db_url_config(url)
    except (ValueError, UserWarning, environ.ImproperlyConfigured):
        raise malformed from None
    if not parsed.get("NAME"):
        raise malformed
    named = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    arguments = {"dbname": parsed["NAME"]} | parsed.get("OPTIONS", {})
    arguments |= {key: parsed[name] for key, name in named.items() if parsed.get(name)}
    user, host = arguments.get("user", ""), arguments.get("host", "")
    return arguments, f"{user}@{host}/{arguments['dbname']}"


def _reason(error: psycopg.Error) -> str:
    """Say in one clause what libpq says in many lines, one for each address it tried."""
    text = str(error).strip()
    _before, fatal, after = text.rpartition("FATAL:")
    if fatal:
        return after.strip().splitlines()[0].rstrip(".")
    last = text.splitlines()[-1].strip()
    for words in ("Connection refused", "No such file or directory", "timeout expired"):
        if words in text:
            return f"nothing answers there ({words.lower()})"
    return last.rpartition("error: ")[2].rstrip(".") or type(error).__name__


def check_broker(url: str) -> None:
    """Ask the Redis for a PONG."""
    if urlsplit(url).scheme not in {"redis", "rediss"}:
        raise PreflightError("REDIS_URL is malformed; it should look like redis://host:6379/0")
    try:
        client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        client.ping()
    except ValueError:
        raise PreflightError(
            "REDIS_URL is malformed; it should look like redis://host:6379/0"
        ) from None
    except redis.RedisError as error:
        raise PreflightError(
            f"REDIS_URL ({urlsplit(url).hostname}) cannot be used: {str(error).rstrip('.')}."
        ) from None
