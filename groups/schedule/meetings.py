"""Single meetings: moving, cancelling, skipping, restoring and adding them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.refusals import Refused
from common.time_zones import is_time_zone
from groups import access
from groups.attendance import answers
from groups.cycle.models import Cycle
from groups.membership.models import LogEntry
from groups.notices import notices
from groups.notices.models import Notice
from groups.schedule import fitting, rows
from groups.schedule.changes import DateChange, DateChangeKind, WallTime
from groups.schedule.models import OFF, Meeting, Phase, Schedule
from groups.scheduling import wall_times, words

if TYPE_CHECKING:
    from datetime import date, time

    from accounts.models import User
    from groups.membership.models import Group


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting at its new time, with a note about that time."""

    meeting: Meeting
    # About a clock change during the meeting; usually "".
    note: str


@transaction.atomic
def move_meeting(
    *, meeting: Meeting, by: User, day: date, time: time, zone: str | None = None
) -> PlannedMeeting:
    """Move a meeting to another time. It keeps its address, thread and answers.

    Raise Refused for a time that is past, does not exist or is taken.
    """
    group, meeting = lock(meeting)
    _require_to_come(meeting)
    old = WallTime(meeting.day, meeting.time, meeting.zone, meeting.duration_minutes)
    new = WallTime(day, time, zone or meeting.zone, meeting.duration_minutes)
    if new == old:
        return PlannedMeeting(meeting, words.clock_note(day, time, new.zone))
    _require_possible(new)
    _require_in_term(meeting, day)
    _require_free(group, day, besides=meeting)
    meeting.day, meeting.time, meeting.zone = new.day, new.time, new.zone
    rows.touch(meeting)
    fitting.refit(meeting, group.cycle, by=by)
    meeting.save(update_fields=rows.FIELDS)
    said = f"from {old} to {new}"
    LogEntry.note(
        group=group, kind="moved", words=f"A meeting was moved {said}.", actor=by, meeting=meeting
    )
    notices.give(
        group=group,
        kind=Notice.Kind.CHANGED,
        subject_id=meeting.pk,
        number=meeting.sequence,
        words=f"{group.name} was moved {said}.",
        url=meeting.get_absolute_url(),
        meeting=meeting,
        actor=by,
    )
    return PlannedMeeting(meeting, words.clock_note(new.day, new.time, new.zone))


@transaction.atomic
def cancel_or_skip(*, meeting: Meeting, by: User, phase: Phase, reason: str = "") -> Meeting:
    """Skip a meeting, or cancel it, which notifies the members.

    Repeating it changes nothing.
    """
    if phase not in OFF:
        raise Refused("Choose whether to skip the date or cancel the meeting.")
    _, meeting = lock(meeting)
    if meeting.phase == phase and meeting.off_reason == reason:
        return meeting
    if meeting.is_off:
        raise Refused("This meeting is already cancelled. Restore it first.")
    _require_to_come(meeting)
    when = str(WallTime(meeting.day, meeting.time, meeting.zone, meeting.duration_minutes))
    words_of = {Phase.SKIPPED: "There is no meeting on", Phase.CANCELLED: "Cancelled:"}
    said = f"{words_of[phase]} {when}. {reason}".strip()
    rows.turn_off(meeting, phase, reason=reason, by=by, said=said)
    if phase == Phase.CANCELLED:
        rows.tell_off(meeting, when, by=by)
    return meeting


@transaction.atomic
def restore(*, meeting: Meeting, by: User) -> Meeting:
    """Restore a meeting, in the phase it would have now. Repeating it changes nothing."""
    group, meeting = lock(meeting)
    if not meeting.is_off:
        return meeting
    was_told = meeting.phase == Phase.CANCELLED
    wall = WallTime(meeting.day, meeting.time, meeting.zone, meeting.duration_minutes)
    _require_future(wall)
    _require_free(group, meeting.day, besides=meeting)
    meeting.off_reason = ""
    rows.touch(meeting)
    _resume(group, meeting, by=by, said=f"The meeting of {wall} was restored.")
    meeting.save(update_fields=[*rows.FIELDS, "off_reason"])
    answers.give_usual_answers(group=group, meeting_ids=[meeting.pk])
    if was_told:
        notices.give(
            group=group,
            kind=Notice.Kind.CHANGED,
            subject_id=meeting.pk,
            number=meeting.sequence,
            words=f"{group.name}: the cancelled meeting takes place, {wall}.",
            url=meeting.get_absolute_url(),
            meeting=meeting,
            actor=by,
        )
    return meeting


@transaction.atomic
def add_meeting(
    *,
    group: Group,
    by: User,
    day: date,
    time: time,
    zone: str,
    duration_minutes: int = 60,
    title: str = "",
    note: str = "",
) -> PlannedMeeting:
    """Add a meeting outside the rule. Raise Refused."""
    group = access.lock_group(group)
    wall = WallTime(day, time, zone, duration_minutes)
    _require_possible(wall)
    _require_free(group, day, besides=None)
    change = DateChange(DateChangeKind.ADDED, day, new=wall)
    # A talk has no paper to vote on.
    choice = Cycle.Choice.ORGANISER if title else group.cycle.choice
    [meeting_id] = rows.make(group, None, [change], choice=choice)
    meeting = Meeting.objects.get(pk=meeting_id)
    meeting.group, meeting.title, meeting.note = group, title, note
    meeting.save(update_fields=["title", "note"])
    answers.give_usual_answers(group=group, meeting_ids=[meeting.pk])
    LogEntry.note(
        group=group, kind="added", words=f"A meeting was added: {wall}.", actor=by, meeting=meeting
    )
    notices.give(
        group=group,
        kind=Notice.Kind.ADDED,
        subject_id=meeting.pk,
        words=f"{group.name} has an extra meeting: {wall}.",
        url=meeting.get_absolute_url(),
        meeting=meeting,
        actor=by,
    )
    return PlannedMeeting(meeting, words.clock_note(day, time, zone))


def lock(meeting: Meeting) -> tuple[Group, Meeting]:
    """Lock the group, so that days are assigned one at a time, and then the meeting."""
    group = access.lock_group(meeting.group_id)
    # Deleted if another organiser changed the rule meanwhile.
    locked = Meeting.objects.select_for_update(no_key=True).filter(pk=meeting.pk).first()
    if locked is None:
        raise Refused("This meeting was removed in the meantime. Nothing was changed.")
    locked.group = group
    return group, locked


def _require_to_come(meeting: Meeting) -> None:
    if meeting.is_off:
        raise Refused("This meeting is cancelled. Restore it first.")
    if meeting.has_begun:
        raise Refused("This meeting has begun, so it cannot be changed.")


def _require_possible(wall: WallTime) -> None:
    if not is_time_zone(wall.zone):
        raise Refused(f"“{wall.zone[:60]}” is not a time zone. Choose one from the list.")
    if wall_times.clock_of(wall.day, wall.time, wall.zone) is wall_times.Clock.NEVER:
        raise Refused(
            f"On {words.dated(wall.day)} clocks {words.in_place(wall.zone)} go forward, and "
            f"{words.clock(wall.time)} does not exist. Choose another time."
        )
    _require_future(wall)


def _require_future(wall: WallTime) -> None:
    if wall.starts_at <= timezone.now():
        raise Refused(f"{wall} is in the past.")


def _require_in_term(meeting: Meeting, day: date) -> None:
    if meeting.schedule_id is None:
        return
    starts_on = Schedule.objects.values_list("starts_on", flat=True).get(pk=meeting.schedule_id)
    if day < starts_on:
        raise Refused(
            f"The term starts on {words.dated(starts_on)}. A meeting cannot be moved before it."
        )


def _require_free(group: Group, day: date, *, besides: Meeting | None) -> None:
    """Refuse a day that has a meeting already, or that is in another meeting's URL."""
    others = Meeting.objects.filter(group=group)
    named = Q(day=day) & ~Q(phase__in=OFF)
    if besides is None:
        named |= Q(occurs_on=day)
    else:
        others = others.exclude(pk=besides.pk)
    other = others.filter(named).first()
    if other is None:
        return
    if other.is_off:
        raise Refused(f"The meeting of {words.dated(day)} is cancelled. Restore it instead.")
    if other.day != day:
        raise Refused(
            f"{words.dated(day)} is the day of a meeting that was moved to "
            f"{words.dated(other.day)}. Move that one back, or choose another day."
        )
    raise Refused(f"The group already meets on {words.dated(day)}.")


def _resume(group: Group, meeting: Meeting, *, by: User, said: str) -> None:
    """Restore the phase of a meeting: from its ballot, or else from the clock."""
    ballot, was = getattr(meeting, "ballot", None), meeting.phase
    fitting.begin(meeting, group.cycle, now=timezone.now())
    phase, meeting.phase = Phase(meeting.phase), was
    if ballot is not None:
        phase = Phase.VOTING if ballot.is_open else Phase.READY
    elif meeting.readings.exists():
        phase = Phase.READY
    fitting.change_phase(meeting, phase, by=by, words=said)
