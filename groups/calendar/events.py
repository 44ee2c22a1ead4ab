"""The input of calendars: rules and meetings as plain values, loaded in four queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from groups.attendance.models import Rsvp
from groups.defaults import Attending
from groups.schedule.models import OFF, Meeting, MeetingPaper, Phase, Schedule
from groups.scheduling import wall_times
from groups.scheduling.rules import Rule, rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from groups.membership.models import Group


@dataclass(frozen=True)
class PlannedReading:
    title: str
    url: str


@dataclass(frozen=True)
class CalendarGroup:
    pk: int
    slug: str
    name: str
    summary: str
    join_url: str
    place: str


@dataclass(frozen=True)
class CalendarMeeting:
    pk: int
    schedule_id: int | None
    occurs_on: date
    day: date
    time: time
    zone: str
    duration: timedelta
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_at: datetime
    phase: str
    title: str
    note: str
    # Its own, or else the group's.
    join_url: str
    place: str
    has_own_whereabouts: bool
    readings: tuple[PlannedReading, ...] = ()
    # By the member whose calendar it is.
    is_declined: bool = False

    @property
    def is_off(self) -> bool:
        return self.phase in OFF

    @property
    def is_shown(self) -> bool:
        """Return whether it is in the calendar: cancelled meetings are, skipped ones are not."""
        return self.phase != Phase.SKIPPED and not self.is_declined

    @property
    def is_plain(self) -> bool:
        """Return whether the rule alone describes the meeting to a calendar."""
        return (
            not self.is_off
            and not (self.title or self.note or self.readings or self.has_own_whereabouts)
            and self.keeps_to_the_wall
        )

    @property
    def keeps_to_the_wall(self) -> bool:
        """Return whether every calendar client reads its wall times the same way.

        Not if the clocks change at its start or before its end: RFC 5545 defines the meaning, but
        clients differ.
        """
        begin = self.starts_at.astimezone(ZoneInfo(self.zone))
        end = self.ends_at.astimezone(ZoneInfo(self.zone))
        clock = wall_times.clock_of(self.day, self.time, self.zone)
        return clock is wall_times.Clock.ONCE and begin.utcoffset() == end.utcoffset()

    @property
    def wall_start(self) -> datetime:
        return datetime.combine(self.day, self.time, tzinfo=ZoneInfo(self.zone))


@dataclass(frozen=True)
class CalendarSchedule:
    """A saved rule of the group."""

    pk: int
    rule: Rule
    sequence: int
    changed_at: datetime


@dataclass(frozen=True)
class GroupCalendar:
    """Everything in one group's calendar."""

    group: CalendarGroup
    schedules: tuple[CalendarSchedule, ...] = ()
    meetings: tuple[CalendarMeeting, ...] = ()


def agendas_of(groups: Iterable[Group], *, member: User | None = None) -> list[GroupCalendar]:
    """Load the calendars of groups in three queries; a fourth for a member's answers."""
    calendar_groups = {group.pk: _calendar_group(group) for group in groups}
    schedules: dict[int, list[CalendarSchedule]] = {pk: [] for pk in calendar_groups}
    for schedule in Schedule.objects.filter(group__in=calendar_groups).order_by("starts_on"):
        schedules[schedule.group_id].append(_calendar_schedule(schedule))
    calendar_meetings: dict[int, list[CalendarMeeting]] = {pk: [] for pk in calendar_groups}
    found = Meeting.objects.filter(group__in=calendar_groups)
    meetings = list(found.order_by("group", "starts_at", "id"))
    readings = _readings(meetings)
    declined = _declined(member, calendar_groups) if member else frozenset()
    for meeting in meetings:
        shown = _calendar_meeting(
            meeting,
            calendar_groups[meeting.group_id],
            readings=tuple(readings.get(meeting.pk, ())),
            is_declined=meeting.pk in declined,
        )
        calendar_meetings[meeting.group_id].append(shown)
    return [
        GroupCalendar(
            group=group, schedules=tuple(schedules[pk]), meetings=tuple(calendar_meetings[pk])
        )
        for pk, group in calendar_groups.items()
    ]


def agenda_of_one(meeting: Meeting) -> GroupCalendar:
    """Load the calendar of one meeting: one query if the meeting and its group are loaded."""
    group = _calendar_group(meeting.group)
    readings = tuple(_readings([meeting]).get(meeting.pk, ()))
    return GroupCalendar(
        group=group, meetings=(_calendar_meeting(meeting, group, readings=readings),)
    )


def _calendar_group(group: Group) -> CalendarGroup:
    return CalendarGroup(
        pk=group.pk,
        slug=group.slug,
        name=group.name,
        summary=group.summary,
        join_url=group.join_url,
        place=group.place,
    )


def _calendar_schedule(schedule: Schedule) -> CalendarSchedule:
    return CalendarSchedule(
        pk=schedule.pk,
        rule=rule_of(schedule),
        sequence=schedule.sequence,
        changed_at=schedule.changed_at.astimezone(UTC),
    )


def _calendar_meeting(
    meeting: Meeting,
    group: CalendarGroup,
    *,
    readings: tuple[PlannedReading, ...],
    is_declined: bool = False,
) -> CalendarMeeting:
    return CalendarMeeting(
        pk=meeting.pk,
        schedule_id=meeting.schedule_id,
        occurs_on=meeting.occurs_on,
        day=meeting.day,
        time=meeting.time,
        zone=meeting.zone,
        duration=meeting.duration,
        # In UTC, so that the same moment is always written the same way.
        starts_at=meeting.starts_at.astimezone(UTC),
        ends_at=meeting.ends_at.astimezone(UTC),
        sequence=meeting.sequence,
        changed_at=meeting.changed_at.astimezone(UTC),
        phase=meeting.phase,
        title=meeting.title,
        note=meeting.note,
        join_url=meeting.join_url or group.join_url,
        place=meeting.place or group.place,
        has_own_whereabouts=bool(meeting.join_url or meeting.place),
        readings=readings,
        is_declined=is_declined,
    )


def _readings(meetings: list[Meeting]) -> dict[int, list[PlannedReading]]:
    found: dict[int, list[PlannedReading]] = {}
    rows = MeetingPaper.objects.filter(meeting__in=[each.pk for each in meetings])
    rows = rows.select_related("paper").order_by("meeting", "position", "id")
    for row in rows.only("meeting", "paper__source", "paper__external_id", "paper__title_text"):
        reading = PlannedReading(title=row.paper.title_text, url=row.paper.source_url)
        found.setdefault(row.meeting_id, []).append(reading)
    return found


def _declined(member: User, group_ids: Iterable[int]) -> frozenset[int]:
    rows = Rsvp.objects.filter(
        member=member, answer=Attending.NO, meeting__group__in=list(group_ids)
    )
    return frozenset(rows.values_list("meeting_id", flat=True))
