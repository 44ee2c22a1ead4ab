"""What must be in place before the site answers: tables, static files, first data.

Each step is a command of manage.py in a process of its own. A step whose ground has not
changed is skipped, which is what makes a later start quick.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from devtools.guarding import ROOT
from devtools.supervising import StopRequest, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future, ThreadPoolExecutor
    from pathlib import Path

LOCK_FILE = ROOT / "requirements-dev.txt"
APPS = ("config", "groups", "discussions", "papers", "accounts", "common")


class SetupError(Exception):
    """A step failed. The message is fit to show."""


def timed(text: str, work: Callable[[], object]) -> None:
    """Do the work and say how long it took."""
    began = time.monotonic()
    work()
    say(f"  {text:<42}{time.monotonic() - began:6.1f} s")


@dataclass(frozen=True, kw_only=True)
class SiteSetup:
    """The steps, for one environment."""

    environment: Mapping[str, str]
    logs: Path
    # What was done to data of ours is noted beside it; of a database that was given
    # nothing is known, and each step asks it.
    notes: Path | None
    stop: StopRequest

    def begin_static_files(self, pool: ThreadPoolExecutor) -> Future[None] | None:
        """Collect static files, which needs no server, while the servers start."""
        note = ROOT / "var" / "static.done"
        wanted = _fingerprint(LOCK_FILE, *_files("static", "*"))
        if note.exists() and note.read_text() == wanted and (ROOT / "var" / "static").is_dir():
            return None

        def collect() -> None:
            began = time.monotonic()
            self.manage("collectstatic", "--noinput")
            note.write_text(wanted)
            say(f"  {'static files collected':<42}{time.monotonic() - began:6.1f} s")

        return pool.submit(collect)

    def migrate(self) -> None:
        wanted = _fingerprint(LOCK_FILE, *_migration_files())
        if self._is_noted("migrated", wanted) and not self._pending_migrations():
            return
        timed("database migrated", lambda: self.manage("migrate", "--noinput"))
        self._note("migrated", wanted)

    def seed(self) -> None:
        if self._is_noted("seeded", "yes") or not self._knows("seed"):
            return
        timed("seeded, if it was empty", lambda: self.manage("seed", "--if-empty"))
        self._note("seeded", "yes")

    def demo_accounts(self) -> str:
        """Return the accounts to try the site with; without them there is still a site."""
        note = ROOT / "var" / "demo-accounts.txt"
        wanted = _fingerprint(*_files("accounts", "demo*.py"))
        if note.exists() and note.read_text().startswith(wanted):
            return note.read_text().removeprefix(f"{wanted}\n")
        try:
            text = self.manage("demo_accounts").rstrip()
        except SetupError as error:
            return f"No demo accounts: {error}"
        note.write_text(f"{wanted}\n{text}")
        return text

    def manage(self, *arguments: str) -> str:
        """Run one command of manage.py to its end, and return what it printed."""
        log = self.logs / f"{arguments[0]}.log"
        with log.open("w+") as output:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                while process.poll() is None:
                    self.stop.check()
                    time.sleep(0.02)
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
            output.seek(0)
            text = output.read()
        if process.returncode != 0:
            last = next((line for line in reversed(text.splitlines()) if line.strip()), "")
            raise SetupError(f"`manage.py {' '.join(arguments)}` failed: {last} (more in {log})")
        return text

    def _knows(self, command: str) -> bool:
        return any((ROOT / app / "management/commands" / f"{command}.py").exists() for app in APPS)

    def _pending_migrations(self) -> set[tuple[str, str]]:
        """Return our migrations that the database has not seen: somebody may have undone one."""
        on_disk = {(path.parent.parent.name, path.stem) for path in _migration_files()}
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            rows = connection.execute("SELECT app, name FROM django_migrations").fetchall()
        return on_disk - {(app, name) for app, name in rows}

    def _is_noted(self, name: str, wanted: str) -> bool:
        if self.notes is None:
            return False
        note = self.notes / name
        return note.exists() and note.read_text() == wanted

    def _note(self, name: str, text: str) -> None:
        if self.notes is not None:
            (self.notes / name).write_text(text)


def _migration_files() -> list[Path]:
    return [path for app in APPS for path in _files(f"{app}/migrations", "[0-9]*.py")]


def _files(folder: str, pattern: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / folder).rglob(pattern)) if path.is_file())


def _fingerprint(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
