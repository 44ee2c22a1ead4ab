"""Meetings whose moments are set, and a clock that stands where a test puts it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import time_machine
from django.utils import timezone

from groups.models import Cycle
from tests.groups.builders import make_group, make_meeting

if TYPE_CHECKING:
    from datetime import datetime

    from groups.models import Group, Meeting

FAR = 40  # days: further than any lead


def make_due_meeting(group: Group | None = None, *, days: int = FAR, **fields: Any) -> Meeting:
    """Make a meeting in some days, all of whose moments are those of its group's cycle."""
    group = group or make_group()
    day = (timezone.now() + timedelta(days=days)).date()
    meeting = make_meeting(group, day=day, **fields)
    meeting.set_moments(Cycle.objects.get(group=group))
    meeting.save()
    return meeting


def tick_to(at: datetime) -> time_machine.travel:
    """Put the clock where a test wants it, and let it stand."""
    return time_machine.travel(at, tick=False)
