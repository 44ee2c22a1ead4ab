"""A year of twelve reading groups around the world, with workers killed at any moment.

    python -m tests.faults.group_year [--first 2027-01-04] [--weeks 52] [--kills 500] [--seed 1]

Runs a Postgres of its own. The clock is moved from one moment to the next at which something
may be due; each time two workers sweep at once, every message delivered twice, and now and
then one of them is killed (SIGKILL) while it is at it. It exits with 1 unless every change of
phase, every reminder and every occurrence of the published calendars is exactly what follows
from the plans (tests.groups.simulated_year), and prints a line of figures.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import signal
import struct
import sys
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

import time_machine

from devtools.embedded import running_services
from tests.faults.programs import campaign_folder

if TYPE_CHECKING:
    from collections.abc import Callable


class Worker:
    """A process that sweeps at each moment it is told of, until it is killed."""

    def __init__(self, deliver: Callable[[], None]) -> None:
        self.deliver = deliver
        (theirs, self.told), (self.answers, own) = os.pipe(), os.pipe()
        self.pid = os.fork()
        if not self.pid:
            self._live(theirs, own)
        os.close(theirs)
        os.close(own)

    def sweep(self) -> None:
        os.write(self.told, struct.pack("d", datetime.now(UTC).timestamp()))

    def wait(self) -> bool:
        """Wait until it has swept. False when it died before."""
        return os.read(self.answers, 1) == b"."

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def bury(self) -> None:
        """End it, or see that it ended, and let go of its pipes."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.told)
        os.close(self.answers)

    def _live(self, told: int, answers: int) -> NoReturn:
        from django.db import connection

        parent = os.getppid()
        try:
            # The parent's connection is the parent's, and so are its ends of the pipes.
            connection.connection = None
            os.close(self.told)
            os.close(self.answers)
            while moment := _read_while(parent, told):
                at = datetime.fromtimestamp(struct.unpack("d", moment)[0], UTC)
                with time_machine.travel(at, tick=False):
                    self.deliver()
                os.write(answers, b".")
        finally:
            os._exit(1)


def _read_while(parent: int, told: int) -> bytes:
    """Return what is told next; nothing, once who tells it is gone."""
    while os.getppid() == parent:
        if select.select([told], [], [], 1)[0]:
            return os.read(told, 8)
    return b""


class Workers:
    """Two workers at once, of which one is killed now and then, or both are."""

    def __init__(self, *, deliver: Callable[[], None], kills: int, moments: int, seed: int) -> None:
        self.deliver = deliver
        self.random = random.Random(seed)
        # Some moments have to be worked through, however few there are.
        self.kill_share = min(0.5, kills / moments)
        self.kills = 0
        self.failed = 0
        # What a moment's work takes, as it goes.
        self.usual_seconds = 0.05
        self.workers: list[Worker] = []

    def __call__(self) -> None:
        """Have two workers sweep; after a kill, again once the dead one's work is undone."""
        self.workers += [Worker(self.deliver) for _ in range(2 - len(self.workers))]
        victims = self._choose_victims()
        began_at = time.monotonic()
        for worker in self.workers:
            worker.sweep()
        if victims:
            # So that it hits any part of the work.
            time.sleep(self.random.uniform(0, self.usual_seconds))
            for worker in victims:
                worker.kill()
        done = [worker.wait() for worker in self.workers]
        if not victims:
            self.failed += done.count(False)
            took = time.monotonic() - began_at
            self.usual_seconds = 0.9 * self.usual_seconds + 0.1 * took
            return
        self._replace(victims)
        self()

    def close(self) -> None:
        for worker in self.workers:
            worker.bury()

    def _choose_victims(self) -> list[Worker]:
        if self.random.random() >= self.kill_share:
            return []
        return self.workers if self.random.random() < 0.3 else self.workers[:1]

    def _replace(self, victims: list[Worker]) -> None:
        self.kills += len(victims)
        # All of them, so that Postgres is seen to have no work of a dead one's left.
        for worker in self.workers:
            worker.bury()
        self.workers = []
        _wait_until_alone()


def _wait_until_alone() -> None:
    """Wait until Postgres has noticed who is dead, and undone what they had begun."""
    from django.db import connection

    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.01)
    raise AssertionError("A dead worker still holds its connection.")


def _simulate(asked: argparse.Namespace) -> bool:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.groups.simulated_year import Year, deliver

    last = asked.first + timedelta(weeks=asked.weeks) - timedelta(days=1)
    year = Year(first=asked.first, last=last, seed=asked.seed)
    # A meeting brings about eight moments, and twelve groups have some 8.5 meetings a week.
    moments = asked.weeks * 68
    workers = Workers(deliver=deliver, kills=asked.kills, moments=moments, seed=asked.seed)
    began_at = time.monotonic()
    try:
        figures = year.run(workers)
    finally:
        workers.close()
    seconds = time.monotonic() - began_at
    faults = [*figures.faults, *["A worker failed."] * workers.failed]
    print(
        f"seed {asked.seed}: {figures.groups} groups, {figures.meetings} meetings "
        f"({figures.moved} moves, {figures.off} called off), {figures.sweeps} moments, "
        f"{workers.kills} workers killed, {figures.transitions} changes of phase, "
        f"{figures.reminders} reminders, {figures.occurrences} occurrences in calendars, "
        f"{len(faults)} faults, {seconds:.0f} s",
        flush=True,
    )
    for fault in faults[:20]:
        print(f"  {fault}", flush=True)
    return not faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2027, 1, 4))
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with campaign_folder() as folder, running_services(folder, durable=False) as services:
        os.environ |= {
            "OCTAVO_ENV": "development",
            "DEBUG": "false",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
            "LOG_LEVEL": "ERROR",
        }
        is_well = _simulate(asked)
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
