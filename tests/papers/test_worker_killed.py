"""A worker that is killed, as by a power cut, while it imports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from papers import import_runs
from papers.models import Authorship, ImportRun, Paper
from papers.tasks import import_day
from tests.papers.conftest import entry
from tests.replay.faults import Fault

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 17)


@contextmanager
def real_worker(feed):
    """Run a Celery worker on the test's database, and end it whatever happens."""
    database = urlsplit(os.environ["DATABASE_URL"])
    database = database._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DATABASE_URL": database.geturl(),
        "HUGGINGFACE_URL": feed.server.url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    queue = f"test-{os.getpid()}"
    options = ["-A", "config", "worker", "-c", "1", "-Q", queue, "-l", "ERROR"]
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", *options],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield worker, queue
    finally:
        kill(worker)


def kill(worker) -> None:
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def wait_until(holds) -> None:
    gives_up_at = time.monotonic() + 40
    while not holds():
        assert time.monotonic() < gives_up_at
        time.sleep(0.05)


def a_worker_waits_for_our_lock() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction the view would show the same moment for ever.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def is_running(run: ImportRun) -> bool:
    return ImportRun.objects.filter(pk=run.pk, state="running").exists()


def sweep_after_the_lease(run: ImportRun) -> ImportRun:
    assert is_running(run)
    assert import_runs.sweep() == 0
    ImportRun.objects.filter(pk=run.pk).update(lease_until=Now() - timedelta(seconds=1))
    assert import_runs.sweep() == 1
    run.refresh_from_db()
    return run


@pytest.mark.usefixtures("committed")
def test_a_worker_killed_while_it_fetches_or_writes_costs_nothing(feed):
    feed.save(DAY, *(entry(f"2611.{number:05}") for number in range(1, 31)))
    run = ImportRun.objects.create(source="huggingface", day=DAY)

    feed.fail(Fault.DRIP)
    with real_worker(feed) as (worker, queue):
        import_day.apply_async([run.pk], queue=queue)
        wait_until(lambda: feed.answers["200"])
        kill(worker)
    assert not Paper.objects.exists()

    run = sweep_after_the_lease(run)
    assert (run.state, run.attempts, run.claim_count) == ("done", 0, 2)
    assert (Paper.objects.count(), Authorship.objects.count()) == (30, 30)


@pytest.mark.usefixtures("committed")
def test_a_worker_killed_between_its_writes_leaves_none_of_them(feed):
    feed.save(DAY, *(entry(f"2611.{number:05}") for number in range(1, 31)))
    run = ImportRun.objects.create(source="huggingface", day=DAY)

    with real_worker(feed) as (worker, queue), transaction.atomic():
        # Whoever writes the papers' tallies waits for us.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE papers_papertally IN ACCESS EXCLUSIVE MODE")
        import_day.apply_async([run.pk], queue=queue)
        wait_until(a_worker_waits_for_our_lock)
        kill(worker)
    assert not Paper.objects.exists()

    run = sweep_after_the_lease(run)
    assert (run.state, run.created_count, Paper.objects.count()) == ("done", 30, 30)
