"""`make start` and related commands: from a checkout to a running site in one command."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from contextlib import suppress
from typing import IO

import psutil

from devtools import embedded, running_site
from devtools.preflight import PreflightError
from devtools.processes import ROOT, say
from devtools.supervising import StopRequest, StopRequestedError

STOP_SECONDS = 90


def main(act: str, *arguments: str) -> int:
    """Run one command; print errors as one sentence."""
    try:
        with (ROOT / "var" / "lock").open("a") as lock:
            return {"start": start, "stop": stop, "reset": reset, "manage": manage}[act](
                lock, *arguments
            )
    except (PreflightError, running_site.SetupError, embedded.EmbeddedError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except PermissionError as error:
        sys.stderr.write(
            f"{error.filename} belongs to another user; "
            "start Octavo as that user, or in a checkout of your own.\n"
        )
        return 1
    except (StopRequestedError, KeyboardInterrupt):
        return 130


def start(lock: IO[str]) -> int:
    """Run the site until it is stopped."""
    if not _take(lock):
        state = running_site.read_state()
        if psutil.pid_exists(state["pid"]):
            say(f"Octavo is already running at {state['url']} (`make stop` ends it).")
            return 0
        # The guards of a killed run hold the lock until they are done.
        _await(lock)
    os.set_inheritable(lock.fileno(), True)  # noqa: FBT003
    # First of all: `make stop` would trust the state that a killed run left.
    running_site.STATE.unlink(missing_ok=True)
    stop_request = StopRequest()
    stop_request.listen()
    try:
        running_site.run(stop=stop_request)
    except StopRequestedError:
        say("Octavo has stopped; its data is kept.")
    return 0


def stop(lock: IO[str]) -> int:
    """Ask the supervisor to end, and wait until all its programs have ended."""
    if _take(lock):
        say("Octavo is not running.")
        return 0
    with suppress(ProcessLookupError):
        os.kill(running_site.read_state()["pid"], signal.SIGTERM)
    _await(lock)
    say("Octavo has stopped; its data is kept.")
    return 0


def reset(lock: IO[str], option: str = "") -> int:
    """Delete the embedded data; a given database is not touched."""
    if not _take(lock):
        sys.stderr.write("Octavo is running; `make stop` first.\n")
        return 1
    if option != "--force":
        say("This throws away all papers, members and votes of this checkout.")
        if not sys.stdin.isatty() or input("Type yes to go on: ").strip() != "yes":
            sys.stderr.write("Nothing was changed (`make reset FORCE=1` does not ask).\n")
            return 1
    embedded.remove_data(running_site.DATA)
    say("The data is gone; `make start` begins anew.")
    return 0


def manage(lock: IO[str], *arguments: str) -> int:
    """Run a manage.py command on the site's data, whether or not the site is running."""
    is_running = not _take(lock)
    fcntl.flock(lock, fcntl.LOCK_UN)
    command = [sys.executable, "manage.py", *arguments]
    return running_site.run_beside(command, is_running=is_running)


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _await(lock: IO[str]) -> None:
    """Take the lock once all programs of a run have ended."""
    deadline = time.monotonic() + STOP_SECONDS
    while not _take(lock):
        if time.monotonic() > deadline:
            raise running_site.SetupError(f"Octavo did not stop within {STOP_SECONDS} s.")
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
