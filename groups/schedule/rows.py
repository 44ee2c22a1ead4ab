"""Bulk writes for schedule changes: create, move, cancel and delete meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from discussions.models import Thread
from groups.notices import notices
from groups.notices.models import Notice
from groups.schedule import fitting
from groups.schedule.models import Meeting, Phase
from groups.scheduling import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from groups.membership.models import Group
    from groups.schedule.changes import DateChange, ScheduleChanges
    from groups.schedule.models import Schedule

FIELDS = [
    *fitting.FIELDS, "schedule", "occurs_on", "former_days", "day", "time", "zone",
    "duration_minutes", "sequence", "changed_at",
]  # fmt: skip

BY_RULE = "The schedule of the group was changed."


def apply(
    group: Group, schedule: Schedule, changes: ScheduleChanges, *, by: User | None
) -> list[int]:
    """Apply computed changes, and return the ids of the new meetings.

    A fixed number of statements, plus some for each cancelled meeting, of which there are few.
    """
    _delete(changes.deleted)
    for change in changes.cancelled:
        _cancel(group, change, by=by)
    _move(group, schedule, [*changes.kept, *changes.moved], by=by)
    _let_go(changes, schedule)
    return make(group, schedule, changes.added)


def make(
    group: Group, schedule: Schedule | None, added: Sequence[DateChange], *, choice: str = ""
) -> list[int]:
    """Create meetings with threads, and return their ids. `choice` defaults to the group's."""
    now = timezone.now()
    threads = Thread.objects.bulk_create([Thread() for _ in added])
    meetings = []
    for change, thread in zip(added, threads, strict=True):
        wall = change.new
        if wall is None:
            continue
        meeting = Meeting(
            group=group,
            schedule=schedule,
            thread=thread,
            occurs_on=change.occurs_on,
            day=wall.day,
            time=wall.time,
            zone=wall.zone,
            duration_minutes=wall.minutes,
            choice=choice or group.cycle.choice,
            changed_at=now,
        )
        fitting.begin(meeting, group.cycle, now=now)
        meetings.append(meeting)
    return [each.pk for each in Meeting.objects.bulk_create(meetings)]


def skip(meeting: Meeting, *, by: User) -> None:
    """Skip a meeting, without notices."""
    day = words.dated(meeting.occurs_on)
    turn_off(meeting, Phase.SKIPPED, reason="", by=by, said=f"No meeting on {day}.")


def turn_off(meeting: Meeting, phase: Phase, *, reason: str, by: User | None, said: str) -> None:
    """Cancel or skip a meeting, keeping its row for calendars."""
    meeting.off_reason = reason
    touch(meeting)
    fitting.change_phase(meeting, phase, by=by, words=said)
    meeting.save(update_fields=[*FIELDS, "off_reason"])


def touch(meeting: Meeting) -> None:
    """Update the meeting's sequence, which tells calendars of a change."""
    meeting.sequence += 1
    meeting.changed_at = timezone.now()


def _delete(changes: Sequence[DateChange]) -> None:
    meetings = [each.meeting for each in changes if each.meeting is not None]
    Meeting.objects.filter(pk__in=[each.pk for each in meetings]).delete()
    # After the meetings, whose foreign keys protect them.
    Thread.objects.filter(pk__in=[each.thread_id for each in meetings]).delete()


def _cancel(group: Group, change: DateChange, *, by: User | None) -> None:
    meeting = change.meeting
    if meeting is None:
        return
    meeting.group = group
    said = f"The meeting of {change.old} was cancelled: {BY_RULE}"
    turn_off(meeting, Phase.CANCELLED, reason=BY_RULE, by=by, said=said)
    tell_off(meeting, str(change.old), by=by)


def tell_off(meeting: Meeting, when: str, *, by: User | None) -> None:
    """Notify the members that a meeting is cancelled, and why."""
    notices.give(
        group=meeting.group,
        kind=Notice.Kind.CANCELLED,
        subject_id=meeting.pk,
        number=meeting.sequence,
        words=f"Cancelled: {meeting.group.name}, {when}. {meeting.off_reason}".strip(),
        url=meeting.get_absolute_url(),
        meeting=meeting,
        actor=by,
    )


def _move(
    group: Group, schedule: Schedule, changes: Sequence[DateChange], *, by: User | None
) -> None:
    meetings = []
    for change in changes:
        meeting, wall = change.meeting, change.new
        if meeting is None or wall is None or _is_as_wanted(change, schedule):
            continue
        if meeting.occurs_on != change.occurs_on:
            meeting.former_days = [*meeting.former_days, meeting.occurs_on]
        meeting.schedule, meeting.occurs_on = schedule, change.occurs_on
        meeting.day, meeting.time, meeting.zone = wall.day, wall.time, wall.zone
        meeting.duration_minutes = wall.minutes
        touch(meeting)
        fitting.refit(meeting, group.cycle, by=by)
        meetings.append(meeting)
    # No day conflicts: a meeting that is already on a day keeps it (changes.work_out).
    Meeting.objects.bulk_update(meetings, FIELDS)


def _is_as_wanted(change: DateChange, schedule: Schedule) -> bool:
    meeting = change.meeting
    if meeting is None or meeting.schedule_id != schedule.pk:
        return False
    return change.old == change.new and meeting.occurs_on == change.occurs_on


def _let_go(changes: ScheduleChanges, schedule: Schedule) -> None:
    """Detach meetings that the new rule does not cover from the replaced rules."""
    left = Meeting.objects.filter(
        schedule__in=[each.pk for each in changes.replaced],
        occurs_on__gte=changes.from_day,
    )
    if changes.extended is None:
        left.exclude(schedule=schedule).update(schedule=None)
    gone = [each.meeting.pk for each in changes.cancelled if each.meeting is not None]
    Meeting.objects.filter(pk__in=gone).update(schedule=None)
