"""The changes that a rule makes to upcoming meetings: computed, previewed, then applied."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from common.words import counted
from discussions.models import Comment
from groups.attendance.models import Rsvp
from groups.ballots.models import Ballot
from groups.meeting.agenda.models import AgendaItem
from groups.meeting.files.models import MeetingFile
from groups.meeting.minutes.models import Minutes
from groups.meeting.progress.models import Progress, Section
from groups.meeting.questions.models import Question
from groups.rota.models import Seat
from groups.schedule.models import OFF, Meeting, MeetingPaper, Phase, Schedule
from groups.scheduling import wall_times, words
from groups.scheduling.rules import MONTHLY, Occurrence, Rule, occurrences, rule_of
from groups.series.models import SeriesPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime, time


class DateChangeKind(StrEnum):
    KEPT = "kept"
    MOVED = "moved"
    ADDED = "added"
    # Deleted without a trace if nothing depends on the meeting, otherwise cancelled.
    DELETED = "deleted"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class WallTime:
    """The wall-clock time of a meeting."""

    day: date
    time: time
    zone: str
    minutes: int

    def __str__(self) -> str:
        return words.wall(self.day, self.time, self.zone, year=0)

    @property
    def starts_at(self) -> datetime:
        return wall_times.to_instant(self.day, self.time, self.zone)


@dataclass(frozen=True)
class DateChange:
    """A change of one meeting, or a new meeting."""

    kind: DateChangeKind
    # The day by the rule: the new one, or the old one of a removed meeting.
    occurs_on: date
    old: WallTime | None = None
    new: WallTime | None = None
    # Moved by an organiser: the rule does not move it.
    is_by_hand: bool = False
    meeting: Meeting | None = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> str:
        """Return everything that an organiser confirms with this change, as a string."""
        meeting = self.meeting
        who = f"{meeting.pk} {meeting.phase in OFF} {meeting.schedule_id}" if meeting else ""
        return f"{self.kind} {who} {self.occurs_on} {self.old!r} {self.new!r}"

    @property
    def is_off(self) -> bool:
        return self.meeting is not None and self.meeting.is_off

    @property
    def clock_note(self) -> str:
        wall = self.new
        return words.clock_note(wall.day, wall.time, wall.zone) if wall else ""


@dataclass(frozen=True)
class ScheduleChanges:
    """Everything that a rule changes from a day on."""

    rule: Rule
    from_day: date
    items: tuple[DateChange, ...]
    # The rule of which only the end changes: it keeps its row, and its UID in calendars.
    extended: Schedule | None = None
    # Rules for the day or later, which the new one replaces.
    replaced: tuple[Schedule, ...] = ()

    @property
    def kept(self) -> list[DateChange]:
        return self._of(DateChangeKind.KEPT)

    @property
    def moved(self) -> list[DateChange]:
        return self._of(DateChangeKind.MOVED)

    @property
    def added(self) -> list[DateChange]:
        return self._of(DateChangeKind.ADDED)

    @property
    def deleted(self) -> list[DateChange]:
        return self._of(DateChangeKind.DELETED)

    @property
    def cancelled(self) -> list[DateChange]:
        return self._of(DateChangeKind.CANCELLED)

    @property
    def staying(self) -> list[DateChange]:
        """Return the unchanged meetings that are neither off nor moved by an organiser."""
        return [each for each in self.kept if not each.is_off and not each.is_by_hand]

    @property
    def by_hand(self) -> list[DateChange]:
        """Return the meetings that stay where an organiser moved them."""
        return [each for each in self.items if each.is_by_hand and not each.is_off]

    @property
    def removed(self) -> list[DateChange]:
        """Return the deleted and the cancelled meetings."""
        return self._of(DateChangeKind.DELETED, DateChangeKind.CANCELLED)

    @property
    def clock_notes(self) -> list[str]:
        """Return notes on how clock changes affect the resulting meetings."""
        return [each.clock_note for each in self.items if each.clock_note and not each.is_off]

    @property
    def changes_nothing(self) -> bool:
        """Return whether the schedule is already as requested."""
        same_end = self.extended is not None and self.extended.ends_on == self.rule.ends_on
        return same_end and all(each.kind is DateChangeKind.KEPT for each in self.items)

    @property
    def digest(self) -> str:
        """Return a hash of the changes, which the form sends back to confirm exactly these."""
        lines = [repr(self.rule), str(self.from_day), *(each.key for each in self.items)]
        lines += [str(each.pk) for each in self.replaced]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def summary(self) -> str:
        """Return the number of each kind of change: "3 meetings move, 1 is cancelled"."""
        said = [
            counted(len(changes), *verbs)
            for changes, verbs in (
                (self.moved, ("meeting moves", "meetings move")),
                (self.added, ("meeting is added", "meetings are added")),
                (self.deleted, ("meeting is removed", "meetings are removed")),
                (self.cancelled, ("meeting is cancelled", "meetings are cancelled")),
            )
            if changes
        ]
        return ", ".join(said) if said else "no meeting changes"

    @property
    def title(self) -> str:
        return f"{self.summary[0].upper()}{self.summary[1:]}"

    def _of(self, *kinds: DateChangeKind) -> list[DateChange]:
        return [each for each in self.items if each.kind in kinds]


def work_out(
    rule: Rule, meetings: Iterable[Meeting], *, now: datetime, schedules: Sequence[Schedule]
) -> tuple[DateChange, ...]:
    """Compare the days of a rule with the meetings from its first day on: one query.

    A meeting on the same day stays; one in the same week or month changes only its time. Meetings
    that have begun never change, nor do meetings outside every rule.
    """
    meetings = list(meetings)
    usual = _usual_times(schedules)
    pairs, left = _match(occurrences(rule), meetings, by_month=rule.frequency == MONTHLY)
    changes = []
    for occurrence, meeting in pairs:
        wall = WallTime(occurrence.day, occurrence.time, rule.zone, rule.duration_minutes)
        if meeting is None:
            if wall.starts_at > now:
                changes.append(DateChange(DateChangeKind.ADDED, occurrence.day, new=wall))
        elif _may_change(meeting, now):
            changes.append(_change(meeting, wall, usual.get(meeting.schedule_id or 0, {})))
    changes += _taken_away([each for each in left if _may_change(each, now)])
    return tuple(sorted(changes, key=lambda each: (each.occurs_on, each.kind)))


def _usual_times(schedules: Sequence[Schedule]) -> dict[int, dict[date, WallTime]]:
    """Return the time of each day of each rule."""
    return {
        each.pk: {
            one.day: WallTime(one.day, one.time, each.zone, each.duration_minutes)
            for one in occurrences(rule_of(each))
        }
        for each in schedules
    }


def _may_change(meeting: Meeting, now: datetime) -> bool:
    has_begun = meeting.phase in (Phase.LIVE, Phase.HELD) or meeting.starts_at <= now
    return meeting.schedule_id is not None and not has_begun


def _match(
    days: Sequence[Occurrence], meetings: Sequence[Meeting], *, by_month: bool
) -> tuple[list[tuple[Occurrence, Meeting | None]], list[Meeting]]:
    """Match each day of the rule to the meeting on it, else the nearest in its week or month."""
    left = {each.occurs_on: each for each in meetings}
    found = {each.day: left.pop(each.day) for each in days if each.day in left}
    for each in days:
        if each.day in found:
            continue
        near = [
            day
            for day, meeting in left.items()
            if meeting.schedule_id is not None
            and _period(day, by_month=by_month) == _period(each.day, by_month=by_month)
        ]
        if near:
            _, nearest = min((abs((day - each.day).days), day) for day in near)
            found[each.day] = left.pop(nearest)
    return [(each, found.get(each.day)) for each in days], list(left.values())


def _period(day: date, *, by_month: bool) -> tuple[int, int]:
    return (day.year, day.month) if by_month else day.isocalendar()[:2]


def _change(meeting: Meeting, wall: WallTime, usual: dict[date, WallTime]) -> DateChange:
    old = WallTime(meeting.day, meeting.time, meeting.zone, meeting.duration_minutes)
    by_rule = usual.get(meeting.occurs_on, old)
    is_by_hand = (old.day, old.time, old.zone) != (by_rule.day, by_rule.time, by_rule.zone)
    minutes = wall.minutes if old.minutes == by_rule.minutes else old.minutes
    new = (
        WallTime(old.day, old.time, old.zone, minutes)
        if is_by_hand
        else WallTime(wall.day, wall.time, wall.zone, minutes)
    )
    # Meetings that are off move without notice: nobody attends them.
    kind = DateChangeKind.KEPT if new == old or meeting.is_off else DateChangeKind.MOVED
    return DateChange(kind, wall.day, old=old, new=new, is_by_hand=is_by_hand, meeting=meeting)


def _taken_away(meetings: Sequence[Meeting]) -> list[DateChange]:
    bound = _with_dependents(each.pk for each in meetings)
    changes = []
    for meeting in meetings:
        if meeting.pk in bound and meeting.is_off:
            continue
        kind = DateChangeKind.CANCELLED if meeting.pk in bound else DateChangeKind.DELETED
        old = WallTime(meeting.day, meeting.time, meeting.zone, meeting.duration_minutes)
        changes.append(DateChange(kind, meeting.occurs_on, old=old, meeting=meeting))
    return changes


def _with_dependents(meeting_ids: Iterable[int]) -> set[int]:
    """Return the meetings on which something depends: one query.

    Usual answers do not count: they were not given to this meeting.
    """
    own = {"meeting": OuterRef("pk")}
    things = (
        MeetingPaper.objects, Seat.objects, Question.objects, Ballot.objects, AgendaItem.objects,
        Section.objects, MeetingFile.objects, Minutes.objects, Progress.objects,
        SeriesPart.objects,
    )  # fmt: skip
    depends = Q(Exists(Rsvp.objects.filter(is_usual=False, **own)))
    for rows in things:
        depends |= Q(Exists(rows.filter(**own)))
    depends |= Q(Exists(Comment.objects.filter(thread=OuterRef("thread"))))
    depends |= ~Q(title="") | ~Q(note="") | Q(phase__in=[Phase.VOTING, Phase.LIVE, Phase.HELD])
    # Settings of its own.
    depends |= ~Q(join_url="") | ~Q(place="") | Q(capacity__isnull=False)
    meetings = Meeting.objects.filter(pk__in=list(meeting_ids)).filter(depends)
    return set(meetings.order_by(F("pk")).values_list("pk", flat=True))
