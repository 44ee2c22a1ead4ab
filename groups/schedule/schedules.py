"""A group's rule: previewing and applying a new one.

Setting a rule creates rows for all meetings of its term. A changed rule is a new row, and earlier
meetings keep the old one; a rule that only ends on another day keeps its row, so that calendars
keep their event.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from common.refusals import Refused
from groups import access
from groups.attendance import answers
from groups.membership.models import LogEntry
from groups.notices import notices
from groups.notices.models import Notice
from groups.schedule import rows
from groups.schedule.changes import ScheduleChanges, work_out
from groups.schedule.models import Meeting, Schedule
from groups.scheduling import rules, words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from groups.membership.models import Group
    from groups.scheduling.rules import Rule

RULE_FIELDS = (
    "frequency", "interval", "weekday", "nth", "zone", "starts_on", "ends_on", "duration_minutes",
)  # fmt: skip


class ChangedMeanwhileError(Refused):
    """The rule's changes are no longer those that were shown; `changes` has the current ones."""

    def __init__(self, changes: ScheduleChanges) -> None:
        super().__init__(
            "The meetings have changed in the meantime. Nothing was saved: review the changes "
            "again."
        )
        self.changes = changes


def current(group: Group) -> Schedule | None:
    """Return the current rule, or the next one: one query."""
    now = timezone.now()
    # The last time zone ends a day twelve hours after UTC.
    schedules = Schedule.objects.filter(group=group, ends_on__gte=now.date() - timedelta(days=1))
    for each in schedules.order_by("starts_on"):
        if each.ends_on >= timezone.localdate(now, timezone=ZoneInfo(each.zone)):
            return each
    return None


def preview(*, group: Group, rule: Rule, from_day: date) -> ScheduleChanges:
    """Return the changes that a rule would make from a day on, without making them.

    Raise rules.RuleError or Refused. Three queries.
    """
    return _work_out(group, rule, from_day, locks=False)


@transaction.atomic
def set_schedule(
    *, group: Group, by: User | None, rule: Rule, from_day: date, digest: str | None = None
) -> Schedule:
    """Set a group's rule from a day on, and create the rows of all its meetings.

    With a digest, make exactly the changes shown under it, or raise ChangedMeanwhileError. If two
    organisers save at once, the second call starts from the meetings of the first, and keeps those
    that match.
    """
    group = access.lock_group(group)
    changes = _work_out(group, rule, from_day, locks=True)
    if digest is not None and digest != changes.digest:
        raise ChangedMeanwhileError(changes)
    if changes.extended is not None and changes.changes_nothing:
        return changes.extended
    schedule = _write_rule(group, changes)
    made = rows.apply(group, schedule, changes, by=by)
    # Rules without meetings are deleted.
    superseded = [each.pk for each in changes.replaced if each.starts_on >= from_day]
    Schedule.objects.filter(pk__in=superseded).exclude(pk=schedule.pk).delete()
    answers.give_usual_answers(group=group, meeting_ids=made)
    _tell(group, schedule, changes, by=by)
    return schedule


@transaction.atomic
def skip_days(*, group: Group, by: User, days: Iterable[date]) -> list[Meeting]:
    """Skip the meetings of several days, for example holidays: all or none.

    Raise Refused for a day without a meeting to skip.
    """
    access.lock_group(group)
    wanted = sorted(set(days))
    found = Meeting.objects.filter(group=group, occurs_on__in=wanted).order_by("pk")
    meetings = {each.occurs_on: each for each in found.select_for_update(no_key=True, of=("self",))}
    refused = [reason for day in wanted if (reason := _no_skip(group, day, meetings.get(day)))]
    if refused:
        raise Refused(" ".join(refused))
    skipped = [meetings[day] for day in wanted if not meetings[day].is_off]
    for each in skipped:
        rows.skip(each, by=by)
    return skipped


def _work_out(group: Group, rule: Rule, from_day: date, *, locks: bool) -> ScheduleChanges:
    rule = replace(rule, starts_on=max(rule.starts_on, from_day))
    rules.check(rule)
    now = timezone.now()
    today = timezone.localdate(now, timezone=ZoneInfo(rule.zone))
    if from_day < today:
        raise Refused(
            f"{words.dated(from_day)} is in the past. A schedule can start today or later; "
            "past meetings stay as they are."
        )
    in_force = list(
        Schedule.objects.filter(group=group, ends_on__gte=from_day).order_by("starts_on")
    )
    affected = Meeting.objects.filter(group=group, occurs_on__gte=from_day).order_by("pk")
    if locks:
        affected = affected.select_for_update(no_key=True)
    return ScheduleChanges(
        rule=rule,
        from_day=from_day,
        items=work_out(rule, affected, now=now, schedules=in_force),
        extended=_extended(in_force, rule, from_day),
        replaced=tuple(in_force),
    )


def _extended(in_force: list[Schedule], rule: Rule, from_day: date) -> Schedule | None:
    """Return the rule that differs from the new one, from this day on, only in its end."""
    if len(in_force) != 1:
        return None
    [schedule] = in_force
    longer = replace(rules.rule_of(schedule), ends_on=rule.ends_on)
    same = (longer.zone, longer.duration_minutes) == (rule.zone, rule.duration_minutes)
    # A monthly and a weekly rule may share a few days, and continue differently.
    same_kind = (longer.frequency, longer.interval) == (rule.frequency, rule.interval)
    if not same or not same_kind or not _is_allowed(longer):
        return None
    theirs = [(each.day, each.time) for each in rules.occurrences(longer) if each.day >= from_day]
    ours = [(each.day, each.time) for each in rules.occurrences(rule)]
    return schedule if theirs == ours else None


def _is_allowed(rule: Rule) -> bool:
    try:
        rules.check(rule)
    except rules.RuleError:
        return False
    return True


def _write_rule(group: Group, changes: ScheduleChanges) -> Schedule:
    """Save the rule, and end earlier ones on the day before."""
    if changes.extended is not None:
        schedule = changes.extended
        schedule.ends_on = changes.rule.ends_on
        schedule.sequence += 1
        schedule.save(update_fields=["ends_on", "sequence", "changed_at"])
        return schedule
    schedule = Schedule(group=group)
    for each in changes.replaced:
        if each.starts_on < changes.from_day:
            each.ends_on = changes.from_day - timedelta(days=1)
            each.sequence += 1
            each.save(update_fields=["ends_on", "sequence", "changed_at"])
        elif each.starts_on == changes.rule.starts_on:
            # Two rules cannot start on one day: overwrite this row.
            schedule = each
            schedule.sequence += 1
    for name in RULE_FIELDS:
        setattr(schedule, name, getattr(changes.rule, name))
    schedule.times = list(changes.rule.times)
    schedule.save()
    return schedule


def _tell(group: Group, schedule: Schedule, changes: ScheduleChanges, *, by: User | None) -> None:
    said = f"{rules.describe(changes.rule)}, from {words.dated(changes.rule.starts_on)}"
    until = f"until {words.dated(changes.rule.ends_on)}"
    LogEntry.note(
        group=group,
        kind="schedule",
        words=f"{said} {until}: {changes.summary}.",
        actor=by,
        detail={
            kind: [str(each.occurs_on) for each in getattr(changes, kind)]
            for kind in ("moved", "added", "deleted", "cancelled")
        },
    )
    if not changes.moved and not changes.removed:
        return
    notices.give(
        group=group,
        kind=Notice.Kind.SCHEDULE,
        subject_id=schedule.pk,
        number=schedule.sequence,
        words=f"{group.name} has a new schedule. {said}: {changes.summary}.",
        url=group.get_absolute_url(),
        actor=by,
    )


def _no_skip(group: Group, day: date, meeting: Meeting | None) -> str:
    """Return the reason why a day cannot be skipped; "" if it can."""
    if meeting is not None:
        can = meeting.is_off or (meeting.is_upcoming and meeting.starts_at > timezone.now())
        return "" if can else f"The meeting of {words.dated(day)} has begun."
    first = Schedule.objects.filter(group=group).order_by("starts_on").first()
    if first is not None and day < first.starts_on:
        starts = words.dated(first.starts_on)
        return f"{words.dated(day)} is before the term, which starts on {starts}."
    return f"No meeting falls on {words.dated(day)}."
