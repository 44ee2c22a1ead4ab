"""Subprocesses that end with their parent, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent

# The guard waits until the pipe closes, which happens when our process ends, even by kill -9.
# Then it stops the program, kills the rest of its group and removes folders. It is not specific
# to Linux, unlike a parent-death signal.
GUARD = """
pid=$1 signal=$2 seconds=$3
shift 3
read -r _
kill -s "$signal" "$pid"
while [ "$seconds" -gt 0 ] && kill -0 "$pid"; do seconds=$((seconds - 1)); sleep 1; done
kill -s KILL -- "-$pid"
rm -rf -- "$@"
"""


class Process(subprocess.Popen[bytes]):
    """A program in its own process group, with a guard in case we are killed."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        patience: int = 15,
        removes: Sequence[Path] = (),
        **options: Any,
    ) -> None:
        """Start the program. If we are killed, the guard also removes the folders."""
        options = {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT} | options
        super().__init__(command, start_new_session=True, **options)
        self.stop_signal = stop_signal
        self.patience = patience
        orders = [str(self.pid), stop_signal.name.removeprefix("SIG"), str(patience)]
        self._guard = subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", GUARD, "octavo-guard", *orders, *map(str, removes)],
            stdin=subprocess.PIPE,
            # Readers of our output must not wait for the guard to end.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # The lock of `make start`, which is released when the guard is done.
            close_fds=False,
            start_new_session=True,
        )

    def release(self) -> None:
        """Reap a program that has ended, and its guard."""
        self.wait()
        self._guard.kill()
        self._guard.communicate()


def end(
    processes: Sequence[Process], *, is_urgent: Callable[[], bool] = lambda: False
) -> list[Process]:
    """Stop programs together, kill the rest of their groups, and return the killed ones.

    Only the leader of a group gets the signal: a worker's helpers would drop their current work
    while the leader waits for it.
    """
    for process in processes:
        process.send_signal(process.stop_signal)
    began = time.monotonic()
    left = list(processes)
    while left and not is_urgent():
        waited = time.monotonic() - began
        left = [one for one in left if one.poll() is None and waited < one.patience]
        time.sleep(0.02)
    killed = [process for process in processes if process.poll() is None]
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.release()
    return killed


def say(text: str) -> None:
    """Write a line to the terminal, which may be closed."""
    with suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
