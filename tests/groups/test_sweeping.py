"""The sweep moves whatever is due, and lets nothing keep anything else waiting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from common import due_work
from config.schedule import CELERY_BEAT_SCHEDULE
from groups import tasks
from groups.cycle import entailed, sweeping
from groups.models import LogEntry, Meeting
from tests.groups.builders import make_group, make_nomination
from tests.groups.cycle_builders import make_due_meeting, tick_to

pytestmark = pytest.mark.django_db


def phase_of(meeting):
    return Meeting.objects.get(pk=meeting.pk).phase


def make_due(count, **fields):
    """Make meetings, of a group each, that are all due at the moment returned."""
    meetings = [make_due_meeting(**fields) for _ in range(count)]
    return meetings, max(meeting.due_at for meeting in meetings)


def test_the_task_is_a_door_to_the_work_and_beat_knocks_at_it():
    (meeting,), at = make_due(1)
    with tick_to(at):
        tasks.advance_meetings()

    assert phase_of(meeting) == "nominating"
    entries = [
        each
        for each in CELERY_BEAT_SCHEDULE.values()
        if each["task"] == tasks.advance_meetings.name
    ]
    assert [each["schedule"] for each in entries] == [timedelta(seconds=30)]


def test_a_sweep_takes_a_late_meeting_through_all_it_has_missed():
    meeting = make_due_meeting()
    make_nomination(meeting.group)
    with tick_to(meeting.ballot_opens_at):
        assert sweeping.sweep() == 2
    with tick_to(meeting.ends_at + timedelta(days=9)):
        assert sweeping.sweep() == 3
        assert sweeping.sweep() == 0

    numbers = LogEntry.objects.order_by("number").values_list("number", "detail__to")
    assert list(numbers) == [
        (1, "nominating"), (2, "voting"), (3, "ready"), (4, "live"), (5, "held"),
    ]  # fmt: skip


def test_a_group_that_nobody_swept_for_long_has_no_ballot_behind_its_back():
    meeting = make_due_meeting()
    with tick_to(meeting.ends_at):
        assert sweeping.sweep() == 3

    assert list(LogEntry.objects.order_by("number").values_list("detail__to", flat=True)) == [
        "ready", "live", "held",
    ]  # fmt: skip


def test_the_sweep_goes_on_through_all_batches(monkeypatch):
    monkeypatch.setattr(due_work, "BATCH", 2)
    _, at = make_due(5)

    with tick_to(at):
        assert sweeping.sweep() == 5


def test_a_meeting_that_fails_keeps_no_other_waiting(monkeypatch, caplog):
    (bad, good), at = make_due(2)
    carry_out = entailed.carry_out

    def fail_for_one(meeting, step):
        if meeting.pk == bad.pk:
            raise ValueError
        carry_out(meeting, step)

    monkeypatch.setattr(entailed, "carry_out", fail_for_one)
    with tick_to(at):
        assert sweeping.sweep() == 1

    assert (phase_of(bad), phase_of(good)) == ("planned", "nominating")
    assert f"groups.advance_meeting failed for {bad.pk}" in caplog.text
    monkeypatch.undo()
    with tick_to(at + timedelta(minutes=2)):
        assert sweeping.sweep() == 1


def test_a_sweep_stops_when_its_time_is_over(monkeypatch):
    monkeypatch.setattr(due_work, "SWEEP_SECONDS", -1)
    (meeting,), at = make_due(1)

    with tick_to(at):
        assert sweeping.sweep() == 0
    assert phase_of(meeting) == "planned"


def test_meetings_of_closed_groups_are_not_asked_for():
    meeting = make_due_meeting(make_group(closed_at=timezone.now()))

    with tick_to(meeting.due_at):
        assert sweeping.sweep() == 0


def test_a_sweep_with_nothing_to_do_asks_once(count_queries):
    for _ in range(3):
        make_due_meeting()

    assert count_queries(sweeping.sweep) == 1


@pytest.mark.django_db(transaction=True)
def test_the_sweep_waits_for_no_meeting_that_somebody_holds():
    (held, free), at = make_due(2)

    def sweep():
        try:
            return sweeping.sweep()
        finally:
            connection.close()

    with tick_to(at), ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Meeting.objects.select_for_update().get(pk=held.pk)
            assert pool.submit(sweep).result(timeout=20) == 1
        assert pool.submit(sweep).result(timeout=20) == 1
    assert (phase_of(held), phase_of(free)) == ("nominating", "nominating")


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_move_each_meeting_once():
    meetings, at = make_due(8)

    def sweep(_):
        try:
            return sweeping.sweep()
        finally:
            connection.close()

    with tick_to(at), ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(sweep, range(4))) == 8
    assert LogEntry.objects.count() == 8
    assert {phase_of(meeting) for meeting in meetings} == {"nominating"}
