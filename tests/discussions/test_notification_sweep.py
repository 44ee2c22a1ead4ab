"""What a lost wake-up forgot is told by the sweep."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from common import due_work
from discussions import tasks
from discussions.models import Comment, Notification
from discussions.notifications import notifications
from tests.discussions.builders import make_comment

pytestmark = [pytest.mark.django_db, pytest.mark.dated]

LONG_AGO = timezone.now() - timedelta(minutes=5)


def make_news(**fields):
    """Make a comment of which nobody was told."""
    return make_comment(notified_at=None, **fields)


def test_the_task_is_a_door_to_the_work(member):
    comment = make_news(parent=make_comment(author=member))

    tasks.notify_of_comment(comment.pk)

    assert Notification.objects.count() == 1


def test_the_sweep_finds_what_a_lost_wake_up_forgot(member):
    make_news(parent=make_comment(author=member), created_at=LONG_AGO)

    tasks.sweep_notifications()

    assert Notification.objects.get().recipient == member
    assert notifications.sweep() == 0


def test_the_sweep_leaves_a_fresh_comment_to_its_wake_up(member):
    make_news(parent=make_comment(author=member))

    assert notifications.sweep() == 0


@pytest.mark.django_db(transaction=True)
def test_the_sweep_waits_for_no_comment_that_is_being_told(member):
    comment = make_news(parent=make_comment(author=member), created_at=LONG_AGO)

    def sweep():
        try:
            return notifications.sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Comment.objects.select_for_update().get(pk=comment.pk)
            assert pool.submit(sweep).result(timeout=20) == 0
        assert pool.submit(sweep).result(timeout=20) == 1


def test_the_sweep_goes_on_through_all_batches(member, monkeypatch):
    monkeypatch.setattr(due_work, "BATCH", 2)
    above = make_comment(author=member)
    for _ in range(5):
        make_news(parent=above, created_at=LONG_AGO)

    assert notifications.sweep() == 5


def test_a_comment_that_fails_keeps_no_other_waiting(member, caplog, monkeypatch):
    above = make_comment(author=member)
    bad, good = (make_news(parent=above, created_at=LONG_AGO) for _ in range(2))

    def fail_for_one(comment):
        if comment == bad:
            raise RuntimeError("not today")
        return []

    broken = notifications.Source("broken", "", fail_for_one)
    monkeypatch.setattr(notifications, "_SOURCES", (*notifications._SOURCES, broken))
    assert notifications.sweep() == 1

    assert Notification.objects.get().comment == good
    assert "not today" in caplog.text


def test_the_sweep_stops_when_its_time_is_over(member, monkeypatch):
    monkeypatch.setattr(due_work, "SWEEP_SECONDS", 0.0)
    make_news(parent=make_comment(author=member), created_at=LONG_AGO)

    assert notifications.sweep() == 0
