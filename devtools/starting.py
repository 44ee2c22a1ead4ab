"""`make start` and what belongs to it: one command from a checkout to a page that answers."""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import sys
import time
from contextlib import ExitStack, suppress
from typing import IO, TYPE_CHECKING

from devtools import embedded, running_site
from devtools.guarding import ROOT, Guard, is_alive
from devtools.preflight import PreflightError
from devtools.site_setup import SetupError
from devtools.supervising import StopRequest, StopRequestedError, say

if TYPE_CHECKING:
    from collections.abc import Sequence

STOP_SECONDS = 90


def main(arguments: Sequence[str]) -> int:
    """Carry out one command; what goes wrong is one sentence."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (PreflightError, SetupError, embedded.EmbeddedError) as error:
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
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="devtools.starting")
    commands = parser.add_subparsers(required=True)
    for name, function in (("start", start), ("stop", stop), ("reset", reset)):
        command = commands.add_parser(name)
        command.set_defaults(run=function)
        if name == "reset":
            command.add_argument("--force", action="store_true")
    command = commands.add_parser("manage", add_help=False)
    command.set_defaults(run=manage)
    command.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def start(_options: argparse.Namespace) -> int:
    """Run the site until somebody stops it."""
    began_at = float(os.environ.pop("OCTAVO_BEGAN_AT", 0) or time.time())
    with ExitStack() as stack:
        lock = stack.enter_context((ROOT / "var" / "lock").open("a"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            state = running_site.read_state()
            say(f"Octavo is already running at {state.url} (`make stop` ends it).")
            return 0
        # Before anything else: `make stop` would believe what a killed run left there.
        running_site.STATE.unlink(missing_ok=True)
        stop_request = StopRequest()
        stop_request.listen()
        guard = Guard()
        stack.callback(guard.close)
        try:
            running_site.run(stop=stop_request, guard=guard, began_at=began_at)
        except StopRequestedError:
            say("Octavo has stopped; its data is kept.")
    return 0


def stop(_options: argparse.Namespace) -> int:
    """Ask the supervisor to end, and wait until all that it ran is gone."""
    with (ROOT / "var" / "lock").open("a") as lock:
        if _is_free(lock):
            say("Octavo is not running.")
            return 0
        state = running_site.read_state()
        with suppress(ProcessLookupError):
            os.kill(state.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if _is_free(lock) and not is_alive(state.pid):
                say("Octavo has stopped; its data is kept.")
                return 0
            time.sleep(0.05)
    sys.stderr.write(f"Octavo (process {state.pid}) did not stop within {STOP_SECONDS} s.\n")
    return 1


def reset(options: argparse.Namespace) -> int:
    """Throw the embedded data away; a database of one's own is not touched."""
    with (ROOT / "var" / "lock").open("a") as lock:
        if not _is_free(lock):
            sys.stderr.write("Octavo is running; `make stop` first.\n")
            return 1
        if not options.force:
            say("This throws away all papers, members and votes of this checkout.")
            if not sys.stdin.isatty() or input("Type yes to go on: ").strip() != "yes":
                sys.stderr.write("Nothing was changed (`make reset FORCE=1` does not ask).\n")
                return 1
        embedded.remove_data(running_site.DATA)
    say("The data is gone; `make start` begins anew.")
    return 0


def manage(options: argparse.Namespace) -> int:
    """Run a command of manage.py on the data of the site, which may be running or not."""
    with (ROOT / "var" / "lock").open("a") as lock:
        is_running = not _is_free(lock)
    command = [sys.executable, "manage.py", *options.arguments]
    return running_site.run_beside(command, is_running=is_running)


def _is_free(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(lock, fcntl.LOCK_UN)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
