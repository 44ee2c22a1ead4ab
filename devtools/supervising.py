"""Several programs under one supervisor: started, watched, restarted, and all ended together."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from watchfiles import PythonFilter, watch

from devtools.guarding import ROOT, end_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

    from devtools.guarding import Guard

STOP_SECONDS = 15
LONGEST_PAUSE = 30.0
# A program that ran this long was well: its next fall starts the pauses anew.
WELL_AFTER = 60.0
TICK = 0.1
SECONDS_OF_ONE_WISH = 0.5


class StopRequestedError(Exception):
    """Somebody pressed Ctrl-C or asked us to end."""


class StopRequest:
    """What the signals said. Work looks at it where it may stop, and is not torn in between."""

    def __init__(self) -> None:
        self.is_made = False
        self.is_urgent = False
        self._made_at = 0.0

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def check(self) -> None:
        if self.is_made:
            raise StopRequestedError

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        # `make` passes on a signal that the terminal has sent us already: one wish, not two.
        if not self.is_made:
            self._made_at = time.monotonic()
        elif time.monotonic() - self._made_at >= SECONDS_OF_ONE_WISH:
            self.is_urgent = True
        self.is_made = True


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program to keep running."""

    name: str
    command: Sequence[str]
    # A program that does not watch its own files is restarted when they change.
    restarts_on_change: bool = False
    # One that ends by itself when its work is done.
    runs_once: bool = False


@dataclass(kw_only=True)
class _Child:
    program: Program
    process: subprocess.Popen[str] | None = None
    started_at: float = 0.0
    starts_again_at: float | None = None
    pause: float = 1.0
    pump: threading.Thread | None = field(default=None, repr=False)


class Supervisor:
    """Keeps programs running; their output goes to a log each and, once told, to the terminal."""

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        logs: Path,
        guard: Guard,
        stop: StopRequest,
        say: Callable[[str], None],
    ) -> None:
        self.is_talkative = False
        self._environment = dict(environment)
        self._logs = logs
        self._guard = guard
        self._stop = stop
        self._say = say
        self._children: list[_Child] = []
        self._has_changed = threading.Event()
        self._has_ended = threading.Event()

    def start(self, program: Program) -> None:
        child = _Child(program=program)
        self._children.append(child)
        self._launch(child)

    def watch_for_changes(self, folders: Sequence[Path]) -> None:
        """Restart programs that do not watch for themselves when Python files change."""

        def listen() -> None:
            for _changes in watch(
                *folders, watch_filter=PythonFilter(), stop_event=self._has_ended, step=100
            ):
                self._has_changed.set()

        threading.Thread(target=listen, name="changes", daemon=True).start()

    def tend(self) -> None:
        """Look after everything once: what fell, what is due to start, what changed."""
        self._stop.check()
        self._guard.ensure_running()
        if self._has_changed.is_set():
            self._has_changed.clear()
            self._restart_changed()
        for child in list(self._children):
            if child.process is not None and child.process.poll() is not None:
                self._note_end(child, child.process.returncode)
            elif child.starts_again_at is not None and time.monotonic() >= child.starts_again_at:
                self._launch(child)

    def run(self) -> None:
        """Tend until somebody asks us to stop, which ends in StopRequestedError."""
        while True:
            self.tend()
            time.sleep(TICK)

    def has_fallen(self, name: str) -> bool:
        return any(
            child.program.name == name and child.starts_again_at is not None
            for child in self._children
        )

    def end(self) -> None:
        """End all programs, together, and say which had to be forced."""
        self._has_ended.set()
        running = [child for child in self._children if child.process is not None]
        names = {child.process.pid: child.program.name for child in running if child.process}
        for pid in self._end(running):
            self._say(f"{names[pid]} did not stop by itself and was killed")
        self._children.clear()

    def _launch(self, child: _Child) -> None:
        name = child.program.name
        log = (self._logs / f"{name}.log").open("a", buffering=1)
        child.process = subprocess.Popen(  # noqa: S603
            child.program.command,
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._guard.watch(child.process.pid, stop_signal=signal.SIGTERM)
        child.started_at = time.monotonic()
        child.starts_again_at = None
        assert child.process.stdout is not None
        lines = child.process.stdout

        def pump() -> None:
            with log, lines:
                for line in lines:
                    log.write(line)
                    if self.is_talkative:
                        self._say(f"{name:>6} | {line.rstrip()}")

        child.pump = threading.Thread(target=pump, name=f"output of {name}", daemon=True)
        child.pump.start()

    def _note_end(self, child: _Child, code: int) -> None:
        assert child.process is not None
        # A server's helpers may outlive it, and would keep its port.
        self._end([child])
        if child.program.runs_once:
            self._children.remove(child)
            return
        now = time.monotonic()
        if now - child.started_at >= WELL_AFTER:
            child.pause = 1.0
        child.starts_again_at = now + child.pause
        self._say(
            f"{child.program.name} ended ({_how_it_ended(code)}); "
            f"starting it again in {child.pause:.0f} s"
        )
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def _restart_changed(self) -> None:
        changed = [
            child
            for child in self._children
            if child.program.restarts_on_change and child.process is not None
        ]
        if changed:
            names = ", ".join(child.program.name for child in changed)
            self._say(f"code has changed: starting {names} again")
            self._end(changed)
        for child in changed:
            self._launch(child)
        for child in self._children:
            # Perhaps the change was the cure.
            child.pause = 1.0
            if child.starts_again_at is not None:
                child.starts_again_at = time.monotonic()

    def _end(self, children: Sequence[_Child]) -> list[int]:
        processes = [child.process for child in children if child.process is not None]
        for process in processes:
            # Collected here, or the wait below would take it for alive.
            threading.Thread(target=process.wait, daemon=True).start()
        killed = end_groups(
            [process.pid for process in processes],
            signal.SIGTERM,
            patience=STOP_SECONDS,
            is_urgent=lambda: self._stop.is_urgent,
        )
        for child in children:
            if child.process is not None:
                child.process.wait()
                self._guard.release(child.process.pid)
                child.process = None
            if child.pump is not None:
                child.pump.join(timeout=1)
        return killed


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def say(text: str) -> None:
    """Write a line to the terminal; one that is gone is no reason to fall."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError:
        pass
