"""A supervisor that starts, watches, restarts and ends several programs.

honcho ends every program when one ends and restarts none, so the loop is ours.
"""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchfiles import PythonFilter, watch

from devtools.processes import ROOT, Process, end, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

LONGEST_PAUSE = 30.0
# After a program has run this long, the pauses before restarts begin anew.
WELL_AFTER = 60.0
TICK = 100  # milliseconds
SECONDS_OF_ONE_WISH = 0.5


class StopRequestedError(Exception):
    """Ctrl-C or a signal asked us to stop."""


class StopRequest:
    """A flag set by signals. Work checks it where it can stop, and is not interrupted elsewhere."""

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
        # `make` forwards a signal that the terminal has already sent us: it counts once.
        if not self.is_made:
            self._made_at = time.monotonic()
        elif time.monotonic() - self._made_at >= SECONDS_OF_ONE_WISH:
            self.is_urgent = True
        self.is_made = True


@dataclass(kw_only=True)
class Program:
    """A program to keep running."""

    name: str
    command: Sequence[str]
    # A program that does not watch its own files is restarted when they change.
    restarts_on_change: bool = False
    # A program that ends by itself when its work is done.
    runs_once: bool = False
    process: Process | None = None
    started_at: float = 0.0
    starts_again_at: float | None = None
    pause: float = 1.0


class Supervisor:
    """A set of programs kept running; output goes to one log each and, if enabled, the terminal."""

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        logs: Path,
        stop: StopRequest,
        say: Callable[[str], None] = say,
    ) -> None:
        self.is_talkative = False
        self.programs: list[Program] = []
        self._environment = dict(environment)
        self._logs = logs
        self._stop = stop
        self._say = say

    def start(self, program: Program) -> None:
        log = self._logs / f"{program.name}.log"
        if log.exists():
            # The log of the last run is kept for one more run.
            log.replace(log.with_suffix(".log.1"))
        self.programs.append(program)
        self._launch(program)

    def tend(self) -> None:
        """Check all programs once, and start those that are due."""
        self._stop.check()
        for program in list(self.programs):
            if program.process is not None and program.process.poll() is not None:
                self._note_end(program, program.process.returncode)
            elif program.starts_again_at and time.monotonic() >= program.starts_again_at:
                self._launch(program)

    def run(self, *folders: Path) -> None:
        """Tend until a stop is requested, then raise StopRequestedError.

        When Python files in the folders change, programs that do not watch files themselves are
        restarted.
        """
        for changes in watch(
            *folders, watch_filter=PythonFilter(), rust_timeout=TICK, yield_on_timeout=True
        ):
            if changes:
                self._restart_changed()
            self.tend()

    def end(self) -> None:
        """End all programs together, and report which had to be killed."""
        for program in self._end(self.programs):
            self._say(f"{program.name} did not stop by itself and was killed")
        self.programs.clear()

    def _launch(self, program: Program) -> None:
        program.process = process = Process(
            program.command,
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.PIPE,
        )
        program.started_at = time.monotonic()
        program.starts_again_at = None

        def pump() -> None:
            assert process.stdout is not None
            with (self._logs / f"{program.name}.log").open("ab", buffering=0) as log:
                for line in process.stdout:
                    log.write(line)
                    if self.is_talkative:
                        self._say(f"{program.name:>6} | {line.decode(errors='replace').rstrip()}")

        threading.Thread(target=pump, daemon=True).start()

    def _note_end(self, program: Program, code: int) -> None:
        # A server's helpers may outlive it and keep its port.
        self._end([program])
        if program.runs_once:
            self.programs.remove(program)
            return
        now = time.monotonic()
        if now - program.started_at >= WELL_AFTER:
            program.pause = 1.0
        program.starts_again_at = now + program.pause
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        self._say(f"{program.name} ended ({how}); starting it again in {program.pause:.0f} s")
        program.pause = min(program.pause * 2, LONGEST_PAUSE)

    def _restart_changed(self) -> None:
        changed = [one for one in self.programs if one.restarts_on_change and one.process]
        if changed:
            names = ", ".join(program.name for program in changed)
            self._say(f"code has changed: starting {names} again")
            self._end(changed)
        for program in self.programs:
            # The change may have fixed the failure.
            program.pause = 1.0
            if program in changed or program.starts_again_at is not None:
                self._launch(program)

    def _end(self, programs: Sequence[Program]) -> list[Program]:
        running = {program.process: program for program in programs if program.process}
        killed = end(list(running), is_urgent=lambda: self._stop.is_urgent)
        for program in programs:
            program.process = None
        return [running[process] for process in killed]
