"""A guard that outlives its master: when the master dies, however it dies, the children end too.

The guard is a small process in a session of its own, holding the read end of a pipe. Its
master tells it of each child; the pipe closes when the master is gone, kill -9 included, and
what is still on the list is then ended in order and folders meant to vanish are removed.
Nothing in it is special to Linux, as a parent-death signal would be.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).resolve().parent.parent

# Those that use the database end before it does.
PATIENCE_SECONDS = {"program": 8.0, "server": 20.0}


class Guard:
    """The master's side: say whom to end, and whom no longer."""

    def __init__(self) -> None:
        self._orders: dict[str, dict[str, Any]] = {}
        self._process = self._start()

    def watch(self, pid: int, *, stop_signal: signal.Signals, kind: str = "program") -> None:
        """End this child's process group with the master; the child must lead its group."""
        self._tell(f"watch {pid}", {"pid": pid, "signal": int(stop_signal), "kind": kind})

    def release(self, pid: int) -> None:
        self._tell(f"watch {pid}", None)

    def remove_afterwards(self, folder: Path) -> None:
        """Remove the folder when the master dies before it could itself."""
        self._tell(f"remove {folder}", {"remove": str(folder)})

    def keep(self, folder: Path) -> None:
        self._tell(f"remove {folder}", None)

    def ensure_running(self) -> None:
        """Put another guard in the place of one that was killed."""
        if self._process.poll() is not None:
            self._process = self._start()
            for name, order in self._orders.items():
                self._write(name, order)

    def close(self) -> None:
        """Let the guard go. What is still on its list ends now."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "devtools.guarding"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            # Whoever reads our output must not wait for the guard to end as well.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def _tell(self, name: str, order: dict[str, Any] | None) -> None:
        if order is None:
            self._orders.pop(name, None)
        else:
            self._orders[name] = order
        self.ensure_running()
        self._write(name, order)

    def _write(self, name: str, order: dict[str, Any] | None) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps([name, order]) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            # It died this instant; the next ensure_running starts one that is told all.
            self._process.wait()


def end_groups(
    leaders: Iterable[int],
    stop_signal: int,
    *,
    patience: float,
    is_urgent: Callable[[], bool] = lambda: False,
) -> list[int]:
    """Signal the leaders of process groups, wait, and kill what is left of each group.

    Only the leader is asked: a worker's helpers, asked as well, would drop what they have in
    hand while the leader waits for it. Return the leaders that had to be killed.
    """
    pids = list(leaders)
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, stop_signal)
    left = [pid for pid in pids if is_alive(pid)]
    deadline = time.monotonic() + patience
    while left and time.monotonic() < deadline and not is_urgent():
        time.sleep(0.02)
        left = [pid for pid in left if is_alive(pid)]
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    return left


def is_alive(pid: int) -> bool:
    """Say whether a process runs; a zombie that nobody collects does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # The name, in parentheses, may hold spaces; the state follows it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True


def stand_guard(orders_from: IO[str]) -> None:
    """Listen until the master is gone, then carry out what it left."""
    orders: dict[str, dict[str, Any]] = {}
    for line in orders_from:
        name, order = json.loads(line)
        if order is None:
            orders.pop(name, None)
        else:
            orders[name] = order
    for kind, patience in PATIENCE_SECONDS.items():
        _end_kind([order for order in orders.values() if order.get("kind") == kind], patience)
    for order in orders.values():
        if "remove" in order:
            shutil.rmtree(order["remove"], ignore_errors=True)


def _end_kind(orders: list[dict[str, Any]], patience: float) -> None:
    for order in orders:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(order["pid"], order["signal"])
    # Signal 0 asks nothing of them: all were told above, and stop at the same time.
    end_groups([order["pid"] for order in orders], 0, patience=patience)


if __name__ == "__main__":
    # The terminal's Ctrl-C is for the master, who says what follows from it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stand_guard(sys.stdin)
