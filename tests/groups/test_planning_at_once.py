"""Two organisers, one schedule."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import time as wall_time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from common.refusals import Refused
from groups.models import LogEntry, Meeting, Schedule
from groups.schedule import meetings, schedules
from groups.schedule.schedules import ChangedMeanwhileError
from groups.scheduling.rules import make_rule
from tests.builders import make_user
from tests.groups.builders import make_group, make_meeting, make_membership

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act, given):
    def run(each):
        try:
            return act(each)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(run, given))


def organisers_of(group):
    make_membership(group, make_user(), role="organiser")
    return [each.member for each in group.memberships.select_related("member")]


def slowly(monkeypatch, module, name):
    """Let the others look as well, before one of them acts."""
    look = getattr(module, name)

    def look_and_wait(*args, **options):
        found = look(*args, **options)
        time.sleep(0.2)
        return found

    monkeypatch.setattr(module, name, look_and_wait)


def test_two_who_set_the_schedule_at_once_set_it_once(monkeypatch):
    slowly(monkeypatch, schedules, "_work_out")
    group = make_group()
    today = timezone.localdate()
    rule = make_rule(
        frequency="weekly", weekday=today.weekday(), times=(wall_time(18),), zone="Europe/Berlin",
        starts_on=today + timedelta(days=2), ends_on=today + timedelta(weeks=8),
    )  # fmt: skip
    digest = schedules.preview(group=group, rule=rule, from_day=rule.starts_on).digest

    def press(organiser):
        try:
            schedules.set_schedule(
                group=group, by=organiser, rule=rule, from_day=rule.starts_on, digest=digest
            )
        except ChangedMeanwhileError:
            return "shown again"
        return "done"

    assert sorted(at_once(press, organisers_of(group))) == ["done", "shown again"]
    assert (Schedule.objects.count(), Meeting.objects.count()) == (1, 8)
    assert LogEntry.objects.filter(kind="schedule").count() == 1


def test_two_meetings_are_not_moved_to_one_day(monkeypatch):
    slowly(monkeypatch, meetings, "_require_free")
    group = make_group()
    first = timezone.localdate() + timedelta(days=20)
    both = [make_meeting(group, day=first + timedelta(days=each)) for each in range(2)]
    organiser = make_user()

    def press(meeting):
        day = first + timedelta(days=9)
        try:
            meetings.move_meeting(meeting=meeting, by=organiser, day=day, time=wall_time(18))
        except Refused:
            return "refused"
        return "moved"

    assert sorted(at_once(press, both)) == ["moved", "refused"]
