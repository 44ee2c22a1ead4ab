"""The site under measurement: its own database, production settings, a real web server."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devtools.embedded import running_services
from devtools.processes import ROOT, Process, end
from devtools.web_server import web_command
from tests.bench.loading import LoadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FOLDER = ROOT / "var" / "bench"
PORT = 8399
URL = f"http://127.0.0.1:{PORT}"
# Nothing is fetched while we measure: an address that refuses at once.
_NO_FEEDS = dict.fromkeys(
    ("HUGGINGFACE_URL", "ARXIV_API_URL", "ARXIV_RSS_URL", "ARXIV_OAI_URL"), "http://127.0.0.1:9"
)


@contextmanager
def bench_environment() -> Iterator[dict[str, str]]:
    """Run the servers that keep the data set from run to run, and yield the environment."""
    with running_services(FOLDER, durable=True) as services:
        yield {
            **os.environ,
            **_NO_FEEDS,
            "OCTAVO_ENV": "development",
            "DEBUG": "false",
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
            "SECRET_KEY": "for the bench only, and the same in each run of it",
            "PORT": str(PORT),
            "SITE_URL": URL,
            "STATIC_ROOT": str(FOLDER / "static"),
            "TRUSTED_PROXY_COUNT": "1",
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
        }


def prepare(environment: Mapping[str, str], *, papers: int, votes: int) -> None:
    """Make tables, static files and the data set, where they are not there yet."""
    manage(environment, "migrate", "--noinput", "--verbosity", "0")
    manage(environment, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    manage(environment, "seed", "--scale", str(papers), "--votes", str(votes))


def manage(environment: Mapping[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=dict(environment), check=True
    )


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[int]:
    """Run a program until the block ends, and yield its process id."""
    with (FOLDER / "programs.log").open("ab") as log:
        process = Process(command, patience=10, cwd=ROOT, env=dict(environment), stdout=log)
    try:
        yield process.pid
    finally:
        end([process])


@contextmanager
def running_site(server: str, environment: Mapping[str, str], threads: int) -> Iterator[int]:
    """Run the web server that `make start` runs, and wait for it."""
    command = web_command(server, port=PORT, reloads=False)
    if threads:
        flag = {"granian": "--blocking-threads", "gunicorn": "--threads"}[server]
        command[command.index(flag) + 1] = str(threads)
    with running(command, environment) as pid:
        _await_answer()
        yield pid


def _await_answer() -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if get("/bench/bare").status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.05)
    raise LoadError(f"The site does not come up; {FOLDER / 'programs.log'} says why.")


class Answer:
    """A response, read whole, with the seconds it took."""

    def __init__(self, path: str, headers: Mapping[str, str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        try:
            connection.connect()
            began = time.perf_counter()
            connection.request("GET", path, headers=dict(headers))
            response = connection.getresponse()
            self.body = response.read()
            self.seconds = time.perf_counter() - began
            self.status = response.status
            self.headers = response.headers
        finally:
            connection.close()


def get(path: str, **headers: str) -> Answer:
    """Ask the site for a path; header names come with underscores."""
    return Answer(path, {name.replace("_", "-"): value for name, value in headers.items()})
