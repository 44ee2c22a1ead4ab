"""The site on a developer machine: servers, web, worker and beat, under one supervisor."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from devtools import preflight
from devtools.embedded import running_services
from devtools.guarding import ROOT, Guard
from devtools.site_setup import APPS, SetupError, SiteSetup
from devtools.supervising import Program, StopRequest, Supervisor, say
from devtools.web_server import web_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from devtools.embedded import Services

VAR = ROOT / "var"
DATA = VAR / "data"
LOGS = VAR / "log"
STATE = VAR / "running.json"
READY_SECONDS = 90
FAULT_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class State:
    """What another terminal needs to know of a running site."""

    pid: int
    url: str
    database_url: str = ""
    redis_url: str = ""


def read_state() -> State:
    """Return the state of the site that holds the lock; it writes it right after taking it."""
    deadline = time.monotonic() + 5
    while True:
        try:
            return State(**json.loads(STATE.read_text()))
        except (OSError, ValueError, TypeError):
            if time.monotonic() > deadline:
                raise SetupError(f"Octavo is running, but {STATE} does not say where.") from None
            time.sleep(0.05)


def run(*, stop: StopRequest, guard: Guard, began_at: float) -> None:
    """Bring the site up, say where it is, and keep it up until we are asked to stop."""
    LOGS.mkdir(exist_ok=True)
    url = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/"
    _write_state(State(pid=os.getpid(), url=url))
    with ExitStack() as stack:
        stack.callback(STATE.unlink, missing_ok=True)
        port = preflight.port_of(os.environ)
        services = stack.enter_context(_prepared_services(guard, stop, port))
        _write_state(
            State(
                pid=os.getpid(),
                url=url,
                database_url=services.database_url,
                redis_url=services.redis_url,
            )
        )
        environment = _environment(services, port)
        supervisor = Supervisor(
            environment=environment, logs=_fresh_logs(), guard=guard, stop=stop, say=say
        )
        stack.callback(supervisor.end)
        _bring_up(supervisor, port, began_at, _setup(environment, stop))
        supervisor.run()


@contextmanager
def _prepared_services(guard: Guard, stop: StopRequest, port: int) -> Iterator[Services]:
    """Start the servers that are not given, and make the database fit for the site."""
    database_url, redis_url = _given_urls()
    say(f"Starting Octavo on port {port}")
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        began = time.monotonic()
        # Settings name the database, and collecting static files does not open it.
        early = _environment_of("postgres://octavo@127.0.0.1/octavo", "redis://127.0.0.1", port)
        collecting = _setup(early, stop).begin_static_files(pool)
        services = stack.enter_context(
            running_services(
                DATA, durable=True, database_url=database_url, redis_url=redis_url, guard=guard
            )
        )
        say(f"  {_servers_named(database_url, redis_url):<42}{time.monotonic() - began:6.1f} s")
        setup = _setup(_environment(services, port), stop)
        setup.migrate()
        setup.seed()
        if collecting is not None:
            collecting.result()
        yield services


def _given_urls() -> tuple[str, str]:
    """Return the addresses in the environment, after trying them."""
    database_url = os.environ.get("DATABASE_URL", "")
    redis_url = os.environ.get("REDIS_URL", "")
    if database_url:
        preflight.check_database(database_url)
    if redis_url:
        preflight.check_broker(redis_url)
    return database_url, redis_url


def _servers_named(database_url: str, redis_url: str) -> str:
    postgres = "your Postgres" if database_url else "Postgres"
    valkey = "your Redis" if redis_url else "Valkey"
    return f"{postgres} and {valkey} answer"


def _setup(environment: dict[str, str], stop: StopRequest) -> SiteSetup:
    notes = None if os.environ.get("DATABASE_URL") else DATA
    return SiteSetup(environment=environment, logs=LOGS, notes=notes, stop=stop)


def _bring_up(supervisor: Supervisor, port: int, began_at: float, setup: SiteSetup) -> None:
    """Start the programs, wait for the page, and print what a person wants to know."""
    reloads = os.environ.get("OCTAVO_RELOAD", "1") != "0"
    server = os.environ.get("OCTAVO_WEB_SERVER", "granian")
    began = time.monotonic()
    # Again: granian would share the port with another checkout's that took it meanwhile.
    preflight.port_of(os.environ)
    supervisor.start(Program(name="web", command=web_command(server, port=port, reloads=reloads)))
    with ThreadPoolExecutor() as pool:
        accounts = pool.submit(setup.demo_accounts)
        _await_page(supervisor, port)
        say(f"  {'the page answers':<42}{time.monotonic() - began:6.1f} s")
        _start_background_work(supervisor, reloads=reloads)
        say(f"Octavo is ready: http://127.0.0.1:{port}/")
        say(accounts.result())
    say(f"Started in {time.time() - began_at:.1f} s. Ctrl-C or `make stop` ends it.")
    supervisor.is_talkative = True
    import_today = [sys.executable, "manage.py", "import_papers", "--today"]
    supervisor.start(
        Program(
            name="import",
            command=[*import_today, "--quiet-when-unreachable"],
            runs_once=True,
        )
    )


def _start_background_work(supervisor: Supervisor, *, reloads: bool) -> None:
    # Root, as in a container, would be warned at each start and after each change.
    python = [sys.executable, "-W", "ignore:You're running the worker with superuser"]
    celery = [*python, "-m", "celery", "--quiet", "-A", "config"]
    worker = [*celery, "worker", "-Q", "celery", "--concurrency", "2", "--loglevel", "INFO"]
    # One worker has nobody to gossip with, and would wait a second for an answer.
    worker += ["--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--schedule", str(VAR / "beat-schedule"), "--loglevel", "WARNING"]
    supervisor.start(Program(name="worker", command=worker, restarts_on_change=reloads))
    supervisor.start(Program(name="beat", command=beat, restarts_on_change=reloads))
    if reloads:
        supervisor.watch_for_changes([ROOT / app for app in APPS])


def _await_page(supervisor: Supervisor, port: int) -> None:
    """Wait for the page; a server that is up and answers with a fault will go on doing so."""
    deadline = time.monotonic() + READY_SECONDS
    answer = "no answer"
    is_up = False
    while time.monotonic() < deadline:
        supervisor.tend()
        if supervisor.has_fallen("web"):
            break
        answer = _answer_of(port)
        if answer == "200":
            return
        if answer.isdigit() and not is_up:
            is_up = True
            deadline = time.monotonic() + FAULT_SECONDS
        time.sleep(0.05)
    raise SetupError(
        f"The site does not come up (its page: {answer}); {LOGS / 'web.log'} says why."
    )


def _answer_of(port: int, path: str = "/", hops: int = 3) -> str:
    """Return the status of the page after its redirects, which must stay on this server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
    if response.status in {301, 302, 303, 307, 308} and hops:
        return _answer_of(port, urlsplit(response.headers["Location"]).path, hops - 1)
    return str(response.status)


def run_beside(command: Sequence[str], *, is_running: bool) -> int:
    """Run a command with the site's environment, on its servers or on our own meanwhile."""
    if is_running:
        state = read_state()
        environment = _environment_of(
            state.database_url, state.redis_url, urlsplit(state.url).port or 8000
        )
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603
    LOGS.mkdir(exist_ok=True)
    database_url, redis_url = _given_urls()
    with running_services(
        DATA, durable=True, database_url=database_url, redis_url=redis_url
    ) as services:
        environment = _environment(services, int(os.environ.get("PORT") or 8000))
        _setup(environment, StopRequest()).migrate()
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603


def _environment(services: Services, port: int) -> dict[str, str]:
    return _environment_of(services.database_url, services.redis_url, port)


def _environment_of(database_url: str, redis_url: str, port: int) -> dict[str, str]:
    """Return the environment of every process of the site, in development."""
    given = {**os.environ}
    ours = {
        "OCTAVO_ENV": "development",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": given.get("SECRET_KEY") or _secret_key(),
        "PORT": str(port),
        "SITE_URL": given.get("SITE_URL") or f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
    }
    return given | ours


def _secret_key() -> str:
    """Return the key of this checkout: sessions outlive a restart."""
    path = VAR / "secret_key"
    if not path.exists():
        unfinished = path.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(48))
        unfinished.rename(path)
    return path.read_text()


def _write_state(state: State) -> None:
    unfinished = STATE.with_suffix(".new")
    # It holds the broker's password.
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(asdict(state)))
    unfinished.rename(STATE)


def _fresh_logs() -> Path:
    """Keep the last run's logs for one run more."""
    for name in ("web", "worker", "beat", "import"):
        log = LOGS / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
    return LOGS
