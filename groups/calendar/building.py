"""A group's meetings as iCalendar: https://www.rfc-editor.org/rfc/rfc5545 and 7986.

A rule becomes one repeating event for each of its times, since meetings take them in turn. A
changed meeting is an exception (EXDATE), or an event with the same UID and a RECURRENCE-ID. Every
meeting has a row, and the rows decide: days of the rule without a row are excluded.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event, vDuration, vRecur, vText, vUri

from common.text import tidy_lines
from groups.calendar import zones
from groups.calendar.repeating import repeats_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from groups.calendar.events import CalendarGroup, CalendarMeeting, GroupCalendar
    from groups.calendar.repeating import Repeat

PRODID = "-//Octavo//Reading groups//EN"
REFRESHED_AFTER = timedelta(hours=1)


def calendar_of(
    agendas: Sequence[GroupCalendar], *, name: str, path: str, is_secret: bool = False
) -> Calendar:
    """Build a calendar. Only one at a secret address contains join links."""
    calendar = Calendar()
    calendar.add("PRODID", PRODID)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    # icalendar does not treat either as text, and would write line ends unescaped.
    calendar.add("NAME", vText(tidy_lines(name)), encode=False)
    calendar.add("X-WR-CALNAME", vText(tidy_lines(name)), encode=False)
    calendar.add("URL", vUri(absolute(path)))
    # Clients of RFC 7986 read the first, Outlook the other.
    interval = vDuration(REFRESHED_AFTER, params={"VALUE": "DURATION"})
    calendar.add("REFRESH-INTERVAL", interval, encode=False)
    calendar.add("X-PUBLISHED-TTL", vText("PT1H"), encode=False)
    events = [event for agenda in agendas for event in _events(agenda, is_secret=is_secret)]
    _add_all(calendar, agendas, events)
    return calendar


def calendar_of_one(agenda: GroupCalendar) -> Calendar:
    """Build a file with a single event for one meeting, whatever its rule."""
    calendar = Calendar()
    calendar.add("PRODID", PRODID)
    calendar.add("VERSION", "2.0")
    meeting = agenda.meetings[0]
    _add_all(calendar, [agenda], [_single(agenda.group, meeting, is_secret=False)])
    return calendar


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def title_of(group: CalendarGroup, meeting: CalendarMeeting) -> str:
    """Return the title of a meeting's event: its group and its paper."""
    subject = meeting.title or (meeting.readings[0].title if meeting.readings else "")
    others = len(meeting.readings) - 1
    if subject and not meeting.title and others > 0:
        subject += f" and {others} more"
    return f"{group.name}: {subject}" if subject else group.name


def page_of(group: CalendarGroup, meeting: CalendarMeeting) -> str:
    path = reverse("groups:meeting_page", args=[group.slug, meeting.occurs_on])
    return absolute(path)


def details_of(group: CalendarGroup, meeting: CalendarMeeting, *, is_secret: bool = False) -> str:
    """Return the description of a meeting's event, in plain text."""
    parts = [f"{reading.title}\n{reading.url}" for reading in meeting.readings]
    parts += [meeting.note] if meeting.note else []
    if is_secret and meeting.join_url:
        parts.append(f"Join: {meeting.join_url}")
    return "\n\n".join([*parts, page_of(group, meeting)])


def _events(agenda: GroupCalendar, *, is_secret: bool) -> Iterator[Event]:
    """Yield the events of rules, each with its exceptions, then the meetings outside all rules."""
    group, told = agenda.group, set[int]()
    for schedule in agenda.schedules:
        under = {
            each.occurs_on: each for each in agenda.meetings if each.schedule_id == schedule.pk
        }
        for repeat in repeats_of(schedule):
            meetings = [under[day] for day in repeat.days if day in under]
            if not any(each.is_shown for each in meetings):
                continue
            told.update(each.pk for each in meetings)
            yield _series(group, repeat, meetings)
            for meeting in meetings:
                if meeting.is_shown and not (meeting.is_plain and repeat.says(meeting)):
                    yield _exception(group, repeat, meeting, is_secret=is_secret)
    for meeting in agenda.meetings:
        if meeting.pk not in told and meeting.is_shown:
            yield _single(group, meeting, is_secret=is_secret)


def _series(group: CalendarGroup, repeat: Repeat, meetings: list[CalendarMeeting]) -> Event:
    """Build the repeating event, without the days that have no such meeting."""
    schedule = repeat.schedule
    event = Event()
    event.add("UID", _uid(f"schedule-{schedule.pk}-{repeat.slot}"))
    event.add("SUMMARY", tidy_lines(group.name))
    event.add("DTSTART", repeat.start_on(repeat.days[0]))
    event.add("DTEND", repeat.start_on(repeat.days[0]) + repeat.duration)
    event.add("RRULE", vRecur(repeat.recurrence()))
    shown = {each.occurs_on for each in meetings if each.is_shown}
    taken_out = [repeat.start_on(day) for day in repeat.days if day not in shown]
    if taken_out:
        event.add("EXDATE", taken_out)
    if group.summary:
        event.add("DESCRIPTION", tidy_lines(group.summary))
    event.add("URL", vUri(absolute(reverse("groups:group_page", args=[group.slug]))))
    changed_at = max([schedule.changed_at, *(each.changed_at for each in meetings)])
    _stamp(event, sequence=schedule.sequence, changed_at=changed_at)
    return event


def _exception(
    group: CalendarGroup, repeat: Repeat, meeting: CalendarMeeting, *, is_secret: bool
) -> Event:
    """Build the event that replaces one occurrence of the rule."""
    event = Event()
    event.add("UID", _uid(f"schedule-{repeat.schedule.pk}-{repeat.slot}"))
    event.add("RECURRENCE-ID", repeat.start_on(meeting.occurs_on))
    _tell(event, group, meeting, is_secret=is_secret)
    # Grows with every change to the rule or the meeting, since both numbers only grow.
    sequence = repeat.schedule.sequence + meeting.sequence
    _stamp(event, sequence=sequence, changed_at=max(repeat.schedule.changed_at, meeting.changed_at))
    return event


def _single(group: CalendarGroup, meeting: CalendarMeeting, *, is_secret: bool) -> Event:
    event = Event()
    event.add("UID", _uid(f"meeting-{meeting.pk}"))
    _tell(event, group, meeting, is_secret=is_secret)
    _stamp(event, sequence=meeting.sequence, changed_at=meeting.changed_at)
    return event


def _tell(event: Event, group: CalendarGroup, meeting: CalendarMeeting, *, is_secret: bool) -> None:
    title = title_of(group, meeting)
    event.add("SUMMARY", tidy_lines(f"Cancelled: {title}" if meeting.is_off else title))
    if meeting.keeps_to_the_wall:
        event.add("DTSTART", meeting.wall_start)
        event.add("DTEND", meeting.wall_start + meeting.duration)
    else:
        event.add("DTSTART", meeting.starts_at)
        event.add("DTEND", meeting.ends_at)
    event.add("STATUS", "CANCELLED" if meeting.is_off else "CONFIRMED")
    event.add("DESCRIPTION", tidy_lines(details_of(group, meeting, is_secret=is_secret)))
    event.add("URL", vUri(page_of(group, meeting)))
    if not is_secret:
        return
    if meeting.place:
        event.add("LOCATION", tidy_lines(meeting.place))
    if meeting.join_url and not meeting.is_off:
        params = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Join"}
        event.add("CONFERENCE", vUri(meeting.join_url, params=params), encode=False)


def _stamp(event: Event, *, sequence: int, changed_at: datetime) -> None:
    event.add("SEQUENCE", sequence)
    # Without METHOD, DTSTAMP is the time of the last change (3.8.7.2). So the same meetings always
    # produce the same bytes.
    event.add("DTSTAMP", changed_at)
    event.add("LAST-MODIFIED", changed_at)


def _uid(name: str) -> str:
    return f"{name}@{settings.SITE_HOST}"


def _add_all(calendar: Calendar, agendas: Sequence[GroupCalendar], events: Iterable[Event]) -> None:
    """Add events, after the rules of their time zones."""
    for event in events:
        calendar.add_component(event)
    years = {day.year for agenda in agendas for day in _days(agenda)}
    used = sorted(calendar.get_used_tzids())
    calendar.subcomponents[:0] = [
        zones.describe(zone, first_year=min(years), last_year=max(years)) for zone in used
    ]


def _days(agenda: GroupCalendar) -> Iterator[date]:
    for schedule in agenda.schedules:
        yield schedule.rule.starts_on
        yield schedule.rule.ends_on
    for meeting in agenda.meetings:
        yield meeting.day
        yield meeting.occurs_on
