"""The site on a developer machine: servers, web, worker and beat, under one supervisor."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg

from devtools import preflight
from devtools.embedded import Services, running_services
from devtools.processes import ROOT, Process, end, say
from devtools.supervising import Program, StopRequest, Supervisor
from devtools.web_server import APPS, web_command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

VAR = ROOT / "var"
DATA = VAR / "data"
LOGS = VAR / "log"
STATE = VAR / "running.json"
ACCOUNTS = VAR / "demo-accounts.txt"
MIGRATE = ("migrate --noinput",)
FIRST_DATA = ("collectstatic --noinput", "seed --if-empty")
# A busy machine may need more than one minute.
READY_SECONDS = 180


class SetupError(Exception):
    """The site does not start. The message is fit to show."""


def read_state() -> dict[str, Any]:
    """Return pid, url and services of a running site, for commands in other terminals."""
    deadline = time.monotonic() + 5
    while True:
        try:
            return dict(json.loads(STATE.read_text()))
        except (OSError, ValueError):
            # The site writes it right after taking the lock.
            if time.monotonic() > deadline:
                raise SetupError(f"Octavo is running, but {STATE} does not say where.") from None
            time.sleep(0.05)


def address_of(port: int | str) -> str:
    """Return the address to open: a name, since browsers refuse passkeys at an IP address."""
    return f"http://localhost:{port}"


def run(*, stop: StopRequest) -> None:
    """Start the site, print its URL, and keep it running until asked to stop."""
    began = time.monotonic()
    url = f"{address_of(os.environ.get('PORT') or 8000)}/"
    _write_privately(STATE, json.dumps({"pid": os.getpid(), "url": url}))
    with ExitStack() as stack:
        stack.callback(STATE.unlink, missing_ok=True)
        port = preflight.port_of(os.environ)
        say(f"Starting Octavo on port {port}")
        services = _start_servers(stack)
        _write_privately(STATE, json.dumps({"pid": os.getpid(), "url": url} | asdict(services)))
        environment = _environment(services, port)
        say(f"  {'Postgres and Valkey answer':<42}{time.monotonic() - began:6.1f} s")
        _prepare(environment, MIGRATE + FIRST_DATA, stop)
        supervisor = Supervisor(environment=environment, logs=LOGS, stop=stop)
        stack.callback(supervisor.end)
        reloads = os.environ.get("OCTAVO_RELOAD", "1") != "0"
        _bring_up(supervisor, port, reloads=reloads)
        say(f"Octavo is ready: {url}\n{ACCOUNTS.read_text().rstrip()}")
        seconds = time.monotonic() - began
        say(f"Started in {seconds:.1f} s. Ctrl-C or `make stop` ends it.")
        supervisor.is_talkative = True
        supervisor.run(*(ROOT / app for app in APPS if reloads))


def _start_servers(stack: ExitStack) -> Services:
    """Start the servers that are not given, and check those that are."""
    LOGS.mkdir(exist_ok=True)
    database_url, redis_url = (os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL"))
    if database_url:
        preflight.check_database(database_url)
    if redis_url:
        preflight.check_broker(redis_url)
    return stack.enter_context(
        running_services(DATA, durable=True, database_url=database_url, redis_url=redis_url)
    )


def _environment(services: Services, port: int) -> dict[str, str]:
    """Return the environment of every process of the site, in development."""
    return os.environ | {
        "OCTAVO_ENV": "development",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "SECRET_KEY": os.environ.get("SECRET_KEY") or _secret_key(),
        "PORT": str(port),
        "SITE_URL": os.environ.get("SITE_URL") or address_of(port),
        "PYTHONUNBUFFERED": "1",
    }


def _prepare(environment: Mapping[str, str], commands: Sequence[str], stop: StopRequest) -> None:
    """Run manage.py commands, unless nothing has changed since the last run.

    The last run is noted next to our own data; nothing is known of a given database.
    """
    note, wanted = DATA / f"{commands[-1].split()[0]}.done", _fingerprint()
    is_ours = not os.environ.get("DATABASE_URL")
    if is_ours and note.exists() and note.read_text() == wanted and not _has_pending(environment):
        return
    log = LOGS / "setup.log"
    command = [sys.executable, "-m", "devtools.site_setup", *commands]
    with log.open("wb") as output:
        process = Process(command, cwd=ROOT, env=environment, stderr=output)
    try:
        while process.poll() is None:
            stop.check()
            time.sleep(0.02)
    finally:
        end([process])
    if process.returncode != 0:
        last = (log.read_text().strip().splitlines() or [""])[-1]
        raise SetupError(f"The site could not be prepared: {last} (more in {log})")
    note.write_text(wanted)


def _has_pending(environment: Mapping[str, str]) -> bool:
    """Return whether migrations are pending: somebody may have reversed one."""
    on_disk = {(path.parent.parent.name, path.stem) for path in _migration_files()}
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        rows = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    return not on_disk <= {(app, name) for app, name in rows}


def _migration_files() -> list[Path]:
    return [path for app in APPS for path in ROOT.glob(f"{app}/migrations/[0-9]*.py")]


def _fingerprint() -> str:
    """Return a digest of the files from which a start prepares the site."""
    static = [path for path in ROOT.glob("static/**/*") if path.is_file()]
    demo = ROOT.glob("accounts/demo*.py")
    digest = hashlib.sha256()
    for path in sorted([ROOT / "requirements-dev.txt", *_migration_files(), *static, *demo]):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _bring_up(supervisor: Supervisor, port: int, *, reloads: bool) -> None:
    """Start the web server, wait for its page, and start worker and beat."""
    server = os.environ.get("OCTAVO_WEB_SERVER", "granian")
    began = time.monotonic()
    # Checked again: granian would share the port with another checkout's server.
    preflight.port_of(os.environ)
    supervisor.start(Program(name="web", command=web_command(server, port=port, reloads=reloads)))
    _await_page(supervisor, port)
    say(f"  {'the page answers':<42}{time.monotonic() - began:6.1f} s")
    # As root, as in a container, it would warn at each start and after each change.
    python = [sys.executable, "-W", "ignore:You're running the worker with superuser"]
    celery = [*python, "-m", "celery", "--quiet", "-A", "config"]
    worker = [*celery, "worker", "-Q", "celery", "--concurrency", "2", "--loglevel", "INFO"]
    # A single worker has no peers to gossip with, and would wait a second for an answer.
    worker += ["--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--schedule", str(VAR / "beat-schedule"), "--loglevel", "WARNING"]
    supervisor.start(Program(name="worker", command=worker, restarts_on_change=reloads))
    supervisor.start(Program(name="beat", command=beat, restarts_on_change=reloads))
    import_today = [sys.executable, "manage.py", "import_papers", "--today"]
    import_today += ["--quiet-when-unreachable"]
    supervisor.start(Program(name="import", command=import_today, runs_once=True))


def _await_page(supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    answer = "no answer"
    while time.monotonic() < deadline and not supervisor.programs[0].starts_again_at:
        supervisor.tend()
        answer = _answer_of(port)
        if answer == "200":
            return
        # A running server that answers with an error will keep doing so.
        if answer.isdigit():
            break
        time.sleep(0.05)
    raise SetupError(
        f"The site does not come up (its page: {answer}); {LOGS / 'web.log'} says why."
    )


def _answer_of(port: int) -> str:
    """Return the status of the first page, or the error."""
    # Ignore proxies of the environment for our own server.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}/", timeout=20) as response:
            return str(response.status)
    except urllib.error.HTTPError as error:
        return str(error.code)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__


def run_beside(command: Sequence[str], *, is_running: bool) -> int:
    """Run a command with the site's environment, on its servers or on temporary ones."""
    with ExitStack() as stack:
        if is_running:
            state = read_state()
            services = Services(state["database_url"], state["redis_url"])
            environment = _environment(services, urlsplit(state["url"]).port or 8000)
        else:
            services = _start_servers(stack)
            environment = _environment(services, int(os.environ.get("PORT") or 8000))
            _prepare(environment, MIGRATE, StopRequest())
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603


def _secret_key() -> str:
    """Return the key of this checkout, which is kept so that sessions survive a restart."""
    path = VAR / "secret_key"
    if not path.exists():
        _write_privately(path, secrets.token_urlsafe(48))
    return path.read_text()


def _write_privately(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".new")
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.rename(path)
