"""The slow pace, over connections and processes of its own."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from common.fetch_errors import FetchBusyError, FetchStatusError
from common.models import Pace
from common.pacing import pace, postpone

pytestmark = pytest.mark.django_db(transaction=True)


def test_turns_are_a_pause_apart_over_all_threads():
    spans = []

    def take_a_turn(_):
        with pace("slow", seconds=0.2):
            started_at = time.monotonic()
            time.sleep(0.05)
            spans.append((started_at, time.monotonic()))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take_a_turn, range(4)))

    spans.sort()
    gaps = [after[0] - before[1] for before, after in itertools.pairwise(spans)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.2


def test_a_failed_turn_counts_too():
    with pytest.raises(ZeroDivisionError), pace("slow", seconds=0.3):
        raise ZeroDivisionError
    started_at = time.monotonic()

    with pace("slow", seconds=0.3):
        assert time.monotonic() - started_at >= 0.25


def test_a_retry_after_keeps_everybody_away():
    with pytest.raises(FetchStatusError), pace("slow", seconds=0.1):
        raise FetchStatusError(503, retry_after=600)

    with pytest.raises(FetchBusyError) as caught, pace("slow", seconds=0.1, max_wait=1):
        pytest.fail("it was nobody's turn")

    assert 590 < (caught.value.retry_after or 0) <= 600
    assert caught.value.is_retryable


def test_a_turn_refused_uses_up_none():
    postpone("slow", 600)
    before = Pace.objects.get(name="slow").next_at

    with pytest.raises(FetchBusyError), pace("slow", seconds=5, max_wait=0.1):
        pass

    assert Pace.objects.get(name="slow").next_at == before


def test_postponing_never_brings_the_next_turn_forward():
    postpone("slow", 600)
    before = Pace.objects.get(name="slow").next_at

    postpone("slow", 1)

    assert Pace.objects.get(name="slow").next_at == before


def test_services_do_not_wait_for_each_other():
    with pace("one", seconds=60), pace("two", seconds=60, max_wait=5):
        pass


def test_the_pace_does_not_wait_for_the_callers_transaction():
    with transaction.atomic(), pace("slow", seconds=0.05):
        pass

    with pace("slow", seconds=0.05, max_wait=5):
        assert not connection.in_atomic_block


def test_a_process_that_is_killed_gives_its_turn_back():
    holder = _hold_in_another_process()
    assert holder.stdout
    assert holder.stdout.readline() == b"holding\n"
    with pytest.raises(FetchBusyError), pace("slow", seconds=0.1, max_wait=0.3):
        pass

    holder.kill()
    holder.wait()

    with pace("slow", seconds=0.1, max_wait=5):
        pass


def _hold_in_another_process() -> subprocess.Popen[bytes]:
    """Take the lock from a process that knows nothing but the database's address."""
    program = (
        "import psycopg, sys, time\n"
        "link = psycopg.connect(sys.argv[1], autocommit=True)\n"
        "link.execute(\"SELECT pg_advisory_lock(3194, hashtext('slow'))\")\n"
        "print('holding', flush=True)\n"
        "time.sleep(60)\n"
    )
    connection.ensure_connection()
    place = connection.connection.info
    return subprocess.Popen(
        [sys.executable, "-c", program, place.dsn],
        stdout=subprocess.PIPE,
        env=os.environ | {"PGPASSWORD": place.password},
    )
