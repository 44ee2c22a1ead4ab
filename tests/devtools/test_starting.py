"""`make start` before and beside the servers: what it refuses, and how it keeps programs up."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import time

import pytest

from devtools import checking, installing, preflight, running_site, starting, supervising
from devtools.guarding import ROOT, Guard, is_alive
from devtools.supervising import Program, StopRequest, StopRequestedError, Supervisor
from devtools.web_server import web_command


@pytest.fixture
def supervisor(tmp_path):
    said = []
    guard = Guard()
    supervisor = Supervisor(
        environment=os.environ, logs=tmp_path, guard=guard, stop=StopRequest(), say=said.append
    )
    supervisor.said = said
    yield supervisor
    supervisor.end()
    guard.close()


def _tend_until(supervisor, is_true, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not is_true():
        supervisor.tend()
        time.sleep(0.01)
    return is_true()


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


def test_the_file_that_refuses_an_old_python_can_be_read_by_one():
    source = (ROOT / "devtools" / "preparing.py").read_text()

    assert "annotations import" not in source
    assert 'f"' not in source


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
    assert _tend_until(supervisor, lambda: not is_alive(grandchild), seconds=2)


def test_what_a_program_prints_is_kept_in_its_log(supervisor, tmp_path):
    supervisor.start(Program(name="talker", command=_python("print('hello')"), runs_once=True))
    log = tmp_path / "talker.log"

    assert _tend_until(supervisor, lambda: log.exists() and log.read_text() == "hello\n")


def test_a_change_starts_again_only_what_does_not_watch_itself(supervisor, tmp_path, monkeypatch):
    monkeypatch.setattr(supervising, "STOP_SECONDS", 2)
    sleep = _python("import time; time.sleep(60)")
    supervisor.start(Program(name="web", command=sleep))
    supervisor.start(Program(name="worker", command=sleep, restarts_on_change=True))
    watched = tmp_path / "code"
    watched.mkdir()
    supervisor.watch_for_changes([watched])
    time.sleep(0.3)

    (watched / "views.py").write_text("changed = True")

    assert _tend_until(supervisor, lambda: len(supervisor.said) > 0)
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


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """An environment that says it holds what the lock file names."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    (tmp_path / "requirements-dev.txt").write_text("django==5.2")
    monkeypatch.setattr(installing, "ROOT", tmp_path)
    monkeypatch.setattr(installing, "VENV", venv)
    monkeypatch.setattr(installing, "STAMP", venv / "installed")
    monkeypatch.setattr(installing, "LOCK_FILE", tmp_path / "requirements-dev.txt")
    (venv / "installed").write_text(installing._fingerprint())
    return tmp_path


def test_an_installed_environment_is_left_alone(installed, monkeypatch):
    monkeypatch.setattr(installing, "_run", lambda _command: pytest.fail("installed again"))

    assert installing.prepare() == installed / ".venv" / "bin" / "python"


def test_a_changed_lock_file_is_installed(installed, monkeypatch):
    done = []
    monkeypatch.setattr(installing, "_make_venv", done.append)
    monkeypatch.setattr(installing, "_install", done.append)
    (installed / "requirements-dev.txt").write_text("django==5.3")

    installing.prepare()

    assert len(done) == 2


def test_what_is_started_writes_utf8_in_any_locale(installed, monkeypatch):
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(os, "execv", lambda *_command: 0)
    monkeypatch.chdir(installed)

    installing.main(["devtools.starting", "start"])

    assert os.environ["PYTHONUTF8"] == "1"


def test_a_browser_that_does_not_run_is_none(tmp_path, monkeypatch):
    sign = tmp_path / "chromium"
    sign.write_text("#!/bin/sh\nexit 1\n")
    sign.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert checking._chromium() is None


def test_stopping_believes_nothing_that_a_killed_run_left(tmp_path, monkeypatch):
    (tmp_path / "var").mkdir()
    state = tmp_path / "running.json"
    state.write_text('{"pid": 1, "url": "http://127.0.0.1:8000/"}')
    monkeypatch.setattr(starting, "ROOT", tmp_path)
    monkeypatch.setattr(running_site, "STATE", state)
    monkeypatch.setattr(StopRequest, "listen", lambda _self: pytest.fail(str(state.exists())))

    with pytest.raises(pytest.fail.Exception, match="False"):
        starting.start(argparse.Namespace())


def test_a_port_that_was_taken_while_the_servers_started_is_not_shared(supervisor, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        with pytest.raises(preflight.PreflightError, match="in use"):
            running_site._bring_up(supervisor, port, 0.0, None)


def test_signals_have_names_in_what_is_said():
    assert supervising._how_it_ended(-signal.SIGKILL) == "signal SIGKILL"
