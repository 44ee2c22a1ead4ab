"""Importing the meetings of a file, with one statement for each kind of data."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.safestring import SafeString

from common.refusals import Refused
from common.text import tidy_line
from discussions.comments import rendering
from discussions.models import Thread
from groups.meeting.agenda.models import AgendaItem
from groups.meeting.files.models import MeetingFile
from groups.meeting.minutes import minutes as keeping_minutes
from groups.meeting.minutes.models import Minutes, MinutesRevision
from groups.meeting.progress.models import Section
from groups.meeting.questions.models import Question
from groups.membership.models import LogEntry
from groups.schedule import fitting
from groups.schedule.models import Meeting, MeetingPaper, Phase
from groups.transfer import imported_ballots
from groups.transfer.group_json import GroupFileError
from groups.transfer.meeting_entries import IMPORTED, PLAIN_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from accounts.models import User
    from groups.ballots.models import Nomination
    from groups.membership.models import Group
    from groups.schedule.models import Schedule
    from groups.transfer.schema import GroupFile, MeetingEntry
    from papers.models import Paper
    from papers.sources import Ref

_OVER = (Phase.HELD, Phase.CANCELLED, Phase.SKIPPED)
# They are rendered while the importer waits.
_MOST_QUESTIONS = 4000
_WORDS = 300
_LINES = ("title", "place", "off_reason")

Pairs = list[tuple["Meeting", "MeetingEntry"]]


def make(
    group: Group,
    file: GroupFile,
    *,
    papers: Mapping[Ref, Paper],
    schedules: Mapping[date, Schedule],
    nominations: Mapping[int, Nomination],
    importer: User,
) -> dict[date, Meeting]:
    """Create the meetings with all their data, and return them by day."""
    now = timezone.now()
    threads = Thread.objects.bulk_create([Thread() for _ in file.meetings])
    pairs: Pairs = []
    for entry, thread in zip(file.meetings, threads, strict=True):
        fields = {name: getattr(entry, name) for name in PLAIN_FIELDS if name != "phase"}
        fields |= {name: tidy_line(fields[name]) for name in _LINES}
        meeting = Meeting(group=group, thread=thread, changed_at=now, **fields)
        meeting.schedule = schedules[entry.schedule] if entry.schedule else None
        _name_missing_papers(meeting, entry, papers)
        _place_in_cycle(meeting, entry, now=now)
        pairs.append((meeting, entry))
    Meeting.objects.bulk_create([meeting for meeting, _ in pairs])
    MeetingPaper.objects.bulk_create(
        MeetingPaper(meeting=meeting, paper=papers[paper.ref], position=position)
        for meeting, entry in pairs
        for position, paper in enumerate(entry.papers)
        if paper.ref in papers
    )
    _make_plan(pairs)
    _make_minutes(pairs, importer)
    _make_links(pairs, importer)
    imported_ballots.make(pairs, nominations)
    _note_what_is_nobodys(group, pairs, {each.username: each.name for each in file.people})
    return {meeting.occurs_on: meeting for meeting, _ in pairs}


def _name_missing_papers(
    meeting: Meeting, entry: MeetingEntry, papers: Mapping[Ref, Paper]
) -> None:
    """Keep the titles of missing papers: as the meeting's title, or else in its note."""
    missing = [f"{each.title} ({each.id})" for each in entry.papers if each.ref not in papers]
    if not missing:
        return
    said = "; ".join(missing)
    if not meeting.title and len(missing) == len(entry.papers):
        meeting.title = tidy_line(said)[:300]
    else:
        meeting.note = f"{meeting.note}\n\n{said}".strip()[:2000]


def _place_in_cycle(meeting: Meeting, entry: MeetingEntry, *, now: datetime) -> None:
    """Set the meeting's phase: past meetings keep theirs, others begin like new ones.

    An open ballot is dropped: its voters have no accounts here.
    """
    meeting.phase = entry.phase
    meeting.set_moments(meeting.group.cycle)
    if meeting.phase in _OVER:
        return
    if meeting.ends_at <= now:
        meeting.phase = Phase.HELD
    elif meeting.phase in (Phase.READY, Phase.LIVE):
        meeting.phase = Phase.READY
    else:
        fitting.begin(meeting, meeting.group.cycle, now=now)
    meeting.due_at = meeting.next_due_at()


def _make_plan(pairs: Pairs) -> None:
    """Create sections, agenda and questions."""
    sections = {
        (meeting.pk, number): Section(meeting=meeting, position=number, title=title)
        for meeting, entry in pairs
        for number, title in enumerate(entry.sections, start=1)
    }
    Section.objects.bulk_create(sections.values())
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, text=each.text, minutes=each.minutes)
        for meeting, entry in pairs
        for position, each in enumerate(entry.agenda, start=1)
    )
    asked = [(meeting, each) for meeting, entry in pairs for each in entry.questions]
    if len(asked) > _MOST_QUESTIONS:
        raise GroupFileError("meetings", f"They have more than {_MOST_QUESTIONS:,} questions.")
    rendered = rendering.render_many([each.text for _, each in asked])
    Question.objects.bulk_create(
        Question(
            meeting=meeting,
            text=each.text,
            html=shown.html,
            rendered_with=rendering.RENDERED_WITH,
            section=sections.get((meeting.pk, each.section or 0)),
            is_prompt=each.is_prompt,
            chosen_at=meeting.starts_at if each.is_chosen else None,
            answered_at=meeting.ends_at if each.is_answered else None,
            key=uuid.uuid4(),
        )
        for (meeting, each), shown in zip(asked, rendered, strict=True)
    )


def _make_minutes(pairs: Pairs, importer: User) -> None:
    """Save minutes as typed; the sweep of stale renderings renders them."""
    written = {}
    for index, (meeting, entry) in enumerate(pairs):
        try:
            text = keeping_minutes.cleaned(entry.minutes)
        except Refused as error:
            raise GroupFileError(f"meetings[{index}].minutes", str(error)) from error
        if text:
            written[meeting] = text
    minutes = [
        Minutes(
            meeting=meeting,
            text=text,
            html=SafeString(linebreaks(text, autoescape=True)),
            version=1,
            updated_by=importer,
        )
        for meeting, text in written.items()
    ]
    Minutes.objects.bulk_create(minutes)
    MinutesRevision.objects.bulk_create(
        MinutesRevision(minutes=each, number=1, text=each.text, editor=importer) for each in minutes
    )


def _make_links(pairs: Pairs, importer: User) -> None:
    MeetingFile.objects.bulk_create(
        MeetingFile(
            meeting=meeting,
            kind=each.kind,
            title=each.title,
            url=each.url,
            added_by=importer,
            consent_at=each.consent_at,
            kept_until=each.kept_until,
        )
        for meeting, entry in pairs
        for each in entry.files
        if each.url
    )


def _note_what_is_nobodys(group: Group, pairs: Pairs, names: Mapping[str, str]) -> None:
    """Log who did what, as text, and for the next export."""
    entries = []
    for meeting, entry in pairs:
        detail = _nobodys(entry)
        if detail:
            words = _in_words(entry, names)[:_WORDS]
            entries.append(
                LogEntry(
                    group=group,
                    meeting=meeting,
                    kind=IMPORTED,
                    words=words,
                    at=timezone.now(),
                    detail=detail,
                )
            )
    LogEntry.objects.bulk_create(entries)


def _nobodys(entry: MeetingEntry) -> dict[str, Any]:
    found: dict[str, Any] = {
        "seats": [[each.kind, each.member] for each in entry.seats],
        "attendance": entry.attendance,
        "files": [[each.title, each.file_name] for each in entry.files if not each.url],
    }
    return {name: value for name, value in found.items() if value}


def _in_words(entry: MeetingEntry, names: Mapping[str, str]) -> str:
    parts = [f"{each.kind}: {names[each.member] or each.member}" for each in entry.seats]
    if entry.attendance:
        parts.append("came: " + ", ".join(names[each] or each for each in entry.attendance))
    return f"Imported: {entry.occurs_on}" + "".join(f"; {each}" for each in parts)
