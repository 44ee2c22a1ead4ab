"""The schedule page: the rule in words, its changes, and the upcoming meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from groups.schedule import schedules
from groups.schedule.models import Meeting, Schedule
from groups.scheduling import rules, words

if TYPE_CHECKING:
    from groups.membership.models import Group

MEETINGS_SHOWN = 20


def rule_to_edit(group: Group) -> Schedule | None:
    """Return the current rule, or else the last one: up to two queries."""
    last = Schedule.objects.filter(group=group).order_by("-starts_on")
    return schedules.current(group) or last.first()


def described(schedule: Schedule) -> str:
    """Return a rule as a sentence, with its term."""
    rule = rules.describe(rules.rule_of(schedule))
    term = f"from {words.dated(schedule.starts_on)} until {words.dated(schedule.ends_on)}"
    return f"{rule}, for {schedule.duration_minutes} minutes, {term}."


def coming(group: Group, number: int) -> list[Meeting]:
    """Return one page of upcoming meetings, cancelled ones too, and one more: two queries."""
    start = (number - 1) * MEETINGS_SHOWN
    meetings = Meeting.objects.filter(group=group, ends_at__gt=timezone.now())
    meetings = meetings.prefetch_related("readings__paper").order_by("starts_at", "id")
    found = list(meetings[start : start + MEETINGS_SHOWN + 1])
    for each in found:
        # Their URLs need the group, which is loaded already.
        each.group = group
    return found
