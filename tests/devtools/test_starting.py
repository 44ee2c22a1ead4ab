"""`make start` before and beside the servers: what it refuses, and how it keeps programs up."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import psutil
import pytest
from django.conf import settings

from devtools import preflight, running_site, starting
from devtools.supervising import Program, StopRequest, StopRequestedError, Supervisor
from devtools.web_server import web_command


@pytest.fixture
def supervisor(tmp_path):
    said = []
    supervisor = Supervisor(
        environment=os.environ, logs=tmp_path, stop=StopRequest(), say=said.append
    )
    supervisor.said = said
    yield supervisor
    supervisor.end()


def _tend_until(supervisor, is_true, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not is_true():
        supervisor.tend()
        time.sleep(0.01)
    return is_true()


def _has_ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _python(*lines: str) -> list[str]:
    return [sys.executable, "-c", "\n".join(lines)]


def test_a_port_in_use_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(preflight.PreflightError, match=f"Port {port} is in use"):
            preflight.port_of({"PORT": str(port)})


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "８０００"])
def test_a_port_that_is_none_is_refused(text):
    with pytest.raises(preflight.PreflightError, match="PORT must be a number"):
        preflight.port_of({"PORT": text})


@pytest.mark.parametrize(
    "url",
    ["nonsense", "postgres://", "postgres://u:p@h:port/x", "mysql://u@h/x", "postgres://u@h/"],
)
def test_a_malformed_database_url_is_one_sentence(url):
    with pytest.raises(preflight.PreflightError, match="DATABASE_URL is malformed"):
        preflight.check_database(url)


def test_an_unreachable_database_is_one_sentence_without_the_password():
    with pytest.raises(preflight.PreflightError, match="nothing answers there") as refusal:
        preflight.check_database("postgres://me:opensesame@127.0.0.1:1/x")

    assert "opensesame" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_unknown_database_is_named():
    url = os.environ["DATABASE_URL"].replace("/octavo?", "/nowhere?")

    with pytest.raises(preflight.PreflightError, match='"nowhere" does not exist'):
        preflight.check_database(url)


def test_a_good_database_and_broker_pass():
    preflight.check_database(os.environ["DATABASE_URL"])
    preflight.check_broker(os.environ["REDIS_URL"])


@pytest.mark.parametrize("url", ["nonsense", "redis://127.0.0.1:port/0", "redis://127.0.0.1:1/0"])
def test_a_broken_redis_url_is_one_sentence(url):
    with pytest.raises(preflight.PreflightError, match="REDIS_URL"):
        preflight.check_broker(url)


def test_a_crashed_program_is_started_again_and_said(supervisor, tmp_path):
    mark = tmp_path / "starts"
    crash = _python(f"open({str(mark)!r}, 'a').write('x')", "raise SystemExit(3)")

    supervisor.start(Program(name="crash", command=crash))

    assert _tend_until(supervisor, lambda: mark.exists() and len(mark.read_text()) == 2)
    assert supervisor.said[0] == "crash ended (exit code 3); starting it again in 1 s"


def test_the_pauses_between_falls_grow(supervisor):
    supervisor.start(Program(name="crash", command=_python("raise SystemExit(1)")))

    assert _tend_until(supervisor, lambda: len(supervisor.said) == 2)
    assert supervisor.said[1].endswith("in 2 s")


def test_a_program_that_runs_once_is_not_started_again(supervisor, tmp_path):
    mark = tmp_path / "starts"
    once = _python(f"open({str(mark)!r}, 'a').write('x')")

    supervisor.start(Program(name="once", command=once, runs_once=True))

    assert not _tend_until(supervisor, lambda: len(supervisor.said) > 0, seconds=1.5)
    assert mark.read_text() == "x"


def test_the_end_takes_grandchildren_along(supervisor, tmp_path):
    note = tmp_path / "pid"
    parent = _python(
        "import subprocess, time",
        "child = subprocess.Popen(['sleep', '60'])",
        f"open({str(note)!r}, 'w').write(f'{{child.pid}}\\n')",
        "time.sleep(60)",
    )
    supervisor.start(Program(name="parent", command=parent))
    assert _tend_until(supervisor, lambda: note.exists() and note.read_text().endswith("\n"))

    supervisor.end()

    grandchild = int(note.read_text())
    assert _tend_until(supervisor, lambda: _has_ended(grandchild), seconds=2)


def test_what_a_program_prints_is_kept_in_its_log(supervisor, tmp_path):
    supervisor.start(Program(name="talker", command=_python("print('hello')"), runs_once=True))
    log = tmp_path / "talker.log"

    assert _tend_until(supervisor, lambda: log.exists() and log.read_text() == "hello\n")


def test_a_change_starts_again_only_what_does_not_watch_itself(supervisor, tmp_path):
    sleep = _python("import time; time.sleep(60)")
    supervisor.start(Program(name="web", command=sleep))
    supervisor.start(Program(name="worker", command=sleep, restarts_on_change=True))
    watched = tmp_path / "code"
    watched.mkdir()

    def end_the_run(text: str) -> None:
        supervisor.said.append(text)
        supervisor._stop.is_made = True

    supervisor._say = end_the_run
    threading.Timer(1, (watched / "views.py").write_text, ["changed = True"]).start()

    with pytest.raises(StopRequestedError):
        supervisor.run(watched)
    assert supervisor.said == ["code has changed: starting worker again"]


def _signals_said(monkeypatch, *, seconds_between: float) -> StopRequest:
    moments = iter([100.0, 100.0 + seconds_between])
    monkeypatch.setattr("devtools.supervising.time.monotonic", lambda: next(moments))
    stop = StopRequest()
    stop._note(signal.SIGTERM, None)
    stop._note(signal.SIGTERM, None)
    return stop


def test_the_same_signal_by_two_ways_is_one_wish(monkeypatch):
    assert not _signals_said(monkeypatch, seconds_between=0.1).is_urgent


def test_a_second_wish_is_urgent(monkeypatch):
    assert _signals_said(monkeypatch, seconds_between=2).is_urgent


def test_tending_stops_when_it_is_asked_to(supervisor):
    supervisor._stop.is_made = True

    with pytest.raises(StopRequestedError):
        supervisor.tend()
    supervisor._stop.is_made = False


@pytest.mark.parametrize("server", ["granian", "gunicorn"])
@pytest.mark.parametrize("reloads", [True, False])
def test_both_web_servers_listen_on_loopback_only(server, reloads):
    command = web_command(server, port=8123, reloads=reloads)

    assert any("127.0.0.1" in part for part in command)
    assert ("--reload" in command) is reloads


def test_stopping_believes_nothing_that_a_killed_run_left(tmp_path, monkeypatch):
    state = tmp_path / "running.json"
    state.write_text('{"pid": 1, "url": "http://localhost:8000/"}')
    monkeypatch.setattr(running_site, "STATE", state)
    monkeypatch.setattr(StopRequest, "listen", lambda _self: pytest.fail(str(state.exists())))

    with (
        (tmp_path / "lock").open("a") as lock,
        pytest.raises(pytest.fail.Exception, match="False"),
    ):
        starting.start(lock)


def test_a_start_waits_for_what_a_killed_run_left(tmp_path, monkeypatch):
    # The guard holds the lock, and its master has gone.
    holder = subprocess.Popen(
        _python(
            "import fcntl, sys, time",
            f"lock = open({str(tmp_path / 'lock')!r}, 'a')",
            "fcntl.flock(lock, fcntl.LOCK_EX)",
            "print('held', flush=True)",
            "time.sleep(1)",
        ),
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"held\n"
    dead = subprocess.Popen(_python("pass"))
    dead.wait()
    state = tmp_path / "running.json"
    state.write_text(f'{{"pid": {dead.pid}, "url": "http://localhost:8000/"}}')
    monkeypatch.setattr(running_site, "STATE", state)
    monkeypatch.setattr(running_site, "run", lambda **_given: holder.wait(timeout=0.5))

    with (tmp_path / "lock").open("a") as lock:
        assert starting.start(lock) == 0


def test_a_port_that_was_taken_while_the_servers_started_is_not_shared(supervisor, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        with pytest.raises(preflight.PreflightError, match="in use"):
            running_site._bring_up(supervisor, port, reloads=False)


def test_signals_have_names_in_what_is_said(supervisor):
    supervisor.start(Program(name="victim", command=_python("import time; time.sleep(60)")))
    supervisor.programs[0].process.kill()

    assert _tend_until(supervisor, lambda: len(supervisor.said) > 0)
    assert supervisor.said[0].startswith("victim ended (signal SIGKILL)")


def test_the_address_that_is_printed_takes_passkeys():
    assert running_site.address_of(8123) == "http://localhost:8123"
    assert "localhost" in settings.ALLOWED_HOSTS
