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
import signal
import sys
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

from common.embedded import running_services
from tests.faults.programs import campaign_folder

if TYPE_CHECKING:
    from collections.abc import Callable


class Workers:
    """Workers as processes: one life for each moment, which may end before its work."""

    def __init__(self, *, deliver: Callable[[], None], kills: int, moments: int, seed: int) -> None:
        self.deliver = deliver
        self.random = random.Random(seed)
        self.kill_share = kills / moments
        self.kills = 0
        self.failed = 0
        # What a moment's work takes, as it goes.
        self.usual_seconds = 0.05

    def __call__(self) -> None:
        """Have two workers sweep; after a kill, sweep again once the dead one's work is undone."""
        kills = self.random.random() < self.kill_share
        began_at = time.monotonic()
        workers = [self._fork() for _ in range(2)]
        if kills:
            # So that it hits any part of the work.
            time.sleep(self.random.uniform(0, self.usual_seconds))
            victims = workers if self.random.random() < 0.3 else workers[:1]
            for victim in victims:
                os.kill(victim, signal.SIGKILL)
        codes = [os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) for worker in workers]
        self.kills += codes.count(-signal.SIGKILL)
        self.failed += sum(code > 0 for code in codes)
        if not kills:
            took = time.monotonic() - began_at
            self.usual_seconds = 0.9 * self.usual_seconds + 0.1 * took
        if -signal.SIGKILL in codes:
            _wait_until_alone()
            self._wait_for(self._fork())

    def _wait_for(self, worker: int) -> None:
        self.failed += os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) > 0

    def _fork(self) -> int:
        worker = os.fork()
        if worker:
            return worker
        from django.db import connection

        code = 1
        try:
            # The parent's connection is the parent's.
            connection.connection = None
            self.deliver()
            code = 0
        finally:
            os._exit(code)


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
    figures = year.run(workers)
    seconds = time.monotonic() - began_at
    faults = [*figures.faults, *["a worker failed"] * workers.failed]
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
