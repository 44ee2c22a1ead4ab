"""A term of Thursdays, as tests of schedules set and change it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from groups.models import Meeting
from groups.schedule import schedules
from groups.scheduling.rules import make_rule

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST = date(2026, 11, 26)


def rule(**fields):
    fields = {
        "frequency": "weekly",
        "weekday": 3,
        "times": (time(18),),
        "zone": "Europe/Berlin",
        "starts_on": FIRST,
        "ends_on": date(2026, 12, 31),
    } | fields
    return make_rule(**fields)


def set_rule(group, owner, *, from_day=None, digest=None, **fields):
    wanted = rule(**fields)
    return schedules.set_schedule(
        group=group, by=owner, rule=wanted, from_day=from_day or wanted.starts_on, digest=digest
    )


def preview(group, *, from_day=None, **fields):
    wanted = rule(**fields)
    return schedules.preview(group=group, rule=wanted, from_day=from_day or wanted.starts_on)


def meetings(group):
    return list(Meeting.objects.filter(group=group).order_by("occurs_on"))


def days(group):
    return [(each.occurs_on.month, each.occurs_on.day) for each in meetings(group)]
