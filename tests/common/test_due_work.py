"""Work that is due is done in its time, and what fails keeps nothing else waiting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from common import due_work, tidying
from common.due_work import Work
from common.models import FailedWork
from tests.builders import make_user

pytestmark = pytest.mark.django_db

START = timezone.now()


def work(do, *keys, name="common.test"):
    return Work(name, lambda: keys, do)


def refuse(key):
    raise ValueError(f"not {key}")


def sweep_after(*works, **pause):
    with time_machine.travel(START + timedelta(**pause), tick=False):
        return due_work.sweep(*works)


def test_a_sweep_does_all_that_is_due_and_adds_up_what_was_done():
    done = []

    assert due_work.sweep(work(lambda key: done.append(key) or key, 1, 2), work(int, 4)) == 7
    assert done == [1, 2]


def test_what_fails_is_logged_and_keeps_nothing_else_waiting(caplog):
    def do(key):
        return refuse(key) if key == 1 else key

    assert due_work.sweep(work(do, 1, 2), work(int, 4)) == 6
    assert "common.test failed for 1" in caplog.text


def test_what_failed_is_tried_again_after_pauses_that_grow():
    tried = []

    def do(key):
        tried.append(round((timezone.now() - START) / timedelta(minutes=1)))
        raise ValueError

    for minutes in (*range(90), *range(90, 1200, 30)):
        sweep_after(work(do, 1), minutes=minutes)

    assert tried == [0, 2, 12, 72, 450, 810, 1170]
    assert FailedWork.objects.get().attempts == 7


def test_a_failure_is_forgotten_once_the_work_succeeds():
    sweep_after(work(refuse, 1))

    assert sweep_after(work(int, 1), minutes=1) == 0
    assert sweep_after(work(int, 1), minutes=2) == 1
    assert not FailedWork.objects.exists()


def test_a_failure_of_one_work_pauses_no_other_work_on_the_same_row():
    sweep_after(work(refuse, 1))

    assert sweep_after(work(int, 1, name="common.other")) == 1


def test_a_failure_keeps_no_words_of_a_member():
    sweep_after(work(refuse, 1))

    assert FailedWork.objects.get().error == "ValueError"


def test_a_failure_of_what_is_due_no_more_is_put_away():
    sweep_after(work(refuse, 1))
    FailedWork.objects.update(failed_at=timezone.now() - timedelta(days=3))
    tidying.tidy()

    assert not FailedWork.objects.exists()


def test_nothing_is_asked_for_when_the_time_is_over(monkeypatch):
    monkeypatch.setattr(due_work, "SWEEP_SECONDS", 0)

    assert list(due_work.in_time(iter(lambda: pytest.fail("asked"), None))) == []


def test_several_works_share_the_time_of_a_sweep(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(due_work, "SWEEP_SECONDS", 4)
    monkeypatch.setattr(due_work.time, "monotonic", lambda: next(clock))

    assert due_work.sweep(*[work(int, 1)] * 9) == 3


def test_keys_come_in_batches_and_each_once(monkeypatch, count_queries):
    monkeypatch.setattr(due_work, "BATCH", 2)
    members = [make_user().pk for _ in range(5)]
    found = []

    assert count_queries(lambda: found.extend(due_work.keys(User.objects.all()))) == 4
    assert found == members


@pytest.mark.django_db(transaction=True)
def test_of_two_one_claims_a_row():
    member = make_user()

    def claim():
        try:
            with transaction.atomic():
                return due_work.claim(User.objects.all(), member.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        assert due_work.claim(User.objects.all(), member.pk) == member
        assert other.submit(claim).result(timeout=20) is None


def test_a_row_that_is_not_due_cannot_be_claimed():
    with transaction.atomic():
        assert due_work.claim(User.objects.none(), make_user().pk) is None
