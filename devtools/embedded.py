"""Postgres and Valkey from wheels, in a folder of the checkout, without installation.

`make start` keeps its data in them; a test run has its own fast, temporary ones. The servers
end with the process that started them, even when it is killed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from devtools.embedded_postgres import running_postgres
from devtools.embedded_valkey import running_valkey
from devtools.server_homes import (
    EmbeddedError,
    forget_outside_home,
    is_open_to_all,
    server_home,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EmbeddedError", "Services", "remove_data", "running_services"]

# A container's /dev/shm is often 64 MB, which a test database fills.
ROOM_IN_MEMORY = 1 << 30


@dataclass(frozen=True)
class Services:
    """The URLs of the servers; given ones are passed through."""

    database_url: str
    redis_url: str


@contextmanager
def running_services(
    folder: Path, *, durable: bool, database_url: str = "", redis_url: str = ""
) -> Iterator[Services]:
    """Run the servers that are not given, until the block ends.

    Durable servers keep their data under the folder, for one owner at a time, with all of
    Postgres's durability. The others run in memory if there is room, share nothing with other
    runs, and leave nothing behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if durable:
            stack.enter_context(_locked(folder))
            home = server_home(folder)
        else:
            home = Path(tempfile.mkdtemp(prefix="octavo-", dir=_roomy_folder()))
            stack.callback(shutil.rmtree, home, ignore_errors=True)
            # For root, Postgres runs as another user, who must be able to enter.
            home.chmod(0o711)
        if not database_url:
            log = folder / "postgres.log"
            database_url = stack.enter_context(running_postgres(home, log=log, durable=durable))
        if not redis_url:
            log = folder / "valkey.log"
            redis_url = stack.enter_context(running_valkey(home, log=log, durable=durable))
        yield Services(database_url=database_url, redis_url=redis_url)


def remove_data(folder: Path) -> None:
    """Remove the data of durable servers for the folder."""
    if not folder.exists():
        return
    with _locked(folder):
        forget_outside_home(folder)
    shutil.rmtree(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedError(f"The servers of {folder} are already running.") from None
        yield


def _roomy_folder() -> Path:
    memory = Path("/dev/shm")  # noqa: S108
    with suppress(OSError):
        if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_IN_MEMORY:
            return memory
    temporary = Path(tempfile.gettempdir())
    if os.geteuid() == 0 and not is_open_to_all(temporary):
        return Path("/var/tmp")  # noqa: S108
    return temporary
