"""A real web server, and bodies of a gigabyte: neither memory nor disk grows by them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection

from devtools.processes import ROOT
from devtools.web_server import web_command

# Each test starts the server on the tests' own database.
pytestmark = pytest.mark.django_db(transaction=True)

GIGABYTE = 1_000_000_000
PIECE = b"x" * 1_000_000
MORE_THAN_A_REQUEST_MAY_COST = 50_000_000


class Site:
    """A running web server, and what it holds of memory and disk."""

    def __init__(self, port, pid, folder):
        self.port, self.pid, self.folder = port, pid, folder

    def memory(self):
        """Bytes of the server and its workers that are in memory."""
        pids = [path.name for path in Path("/proc").iterdir() if path.name.isdigit()]
        ours = [pid for pid in pids if _group_of(pid) == self.pid]
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in ours]
        return sum(pages) * os.sysconf("SC_PAGESIZE")

    def disk(self):
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def send(self, headers, pieces):
        """Send a body for as long as it is taken, and return the first line of the answer."""
        most_memory = most_disk = 0
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall(_head(self.port, headers))
            with suppress(BrokenPipeError, ConnectionResetError):
                for number, piece in enumerate(pieces):
                    line.sendall(piece)
                    if number % 100 == 0:
                        most_memory = max(most_memory, self.memory())
                        most_disk = max(most_disk, self.disk())
            answer = b""
            with suppress(ConnectionResetError):
                answer = line.recv(200)
        return answer.split(b"\r\n")[0].decode(), most_memory, most_disk


def _group_of(pid):
    try:
        return os.getpgid(int(pid))
    except ProcessLookupError:
        return None


def _head(port, headers):
    lines = ["POST /sign-in HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += ["Content-Type: multipart/form-data; boundary=x", *headers, "", ""]
    return "\r\n".join(lines).encode()


def _part():
    return b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'


@pytest.fixture
def site(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    host = connection.settings_dict
    url = os.environ["DATABASE_URL"].replace("/postgres", f"/{host['NAME']}", 1)
    environment = {
        **os.environ, "OCTAVO_ENV": "development", "DEBUG": "false", "PORT": str(port),
        "DATABASE_URL": url, "TMPDIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    with (tmp_path.parent / "server.log").open("wb") as log:
        server = subprocess.Popen(
            web_command("granian", port=port, reloads=False),
            cwd=ROOT, env=environment, start_new_session=True, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _await(port)
            yield Site(port, server.pid, tmp_path)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def _await(port):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.settimeout(30)
            line.sendall(f"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            if line.recv(20):
                return
        time.sleep(0.1)
    raise TimeoutError(sys.executable)


def _pieces(count):
    yield _part()
    for _ in range(count):
        yield PIECE


def _chunks(count):
    for piece in _pieces(count):
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


def test_a_declared_gigabyte_is_refused_and_grows_nothing(site):
    before = site.memory()

    answer, memory, disk = site.send([f"Content-Length: {GIGABYTE}"], _pieces(1000))

    assert "413" in answer
    assert memory - before < MORE_THAN_A_REQUEST_MAY_COST
    assert disk == 0


def test_a_gigabyte_of_no_declared_length_grows_nothing(site):
    before = site.memory()

    answer, memory, disk = site.send(["Transfer-Encoding: chunked"], _chunks(1000))

    assert "403" in answer
    assert memory - before < MORE_THAN_A_REQUEST_MAY_COST
    assert disk == 0


def test_an_understated_length_gives_no_more_than_it_states(site):
    before = site.memory()

    answer, memory, disk = site.send(["Content-Length: 1000"], _pieces(1000))

    assert "403" in answer
    assert memory - before < MORE_THAN_A_REQUEST_MAY_COST
    assert disk == 0
