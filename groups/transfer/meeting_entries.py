"""Exporting a group's meetings, with one query for each kind of data."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model

from groups.attendance.models import Attendance
from groups.ballots.ballot_file import may_show_count
from groups.ballots.models import Ballot, Candidate, Slip
from groups.meeting.agenda.models import AgendaItem
from groups.meeting.files.models import MeetingFile
from groups.meeting.minutes.models import Minutes
from groups.meeting.progress.models import Section
from groups.meeting.questions.models import Question
from groups.membership.models import LogEntry
from groups.rota.models import Seat
from groups.schedule.models import Meeting, MeetingPaper
from groups.transfer.schema import (
    AgendaEntry,
    BallotEntry,
    CandidateEntry,
    FileEntry,
    MeetingEntry,
    PaperEntry,
    QuestionEntry,
    SeatEntry,
    SlipEntry,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from groups.membership.models import Group
    from groups.transfer.snapshot import People

Row = TypeVar("Row", bound=Model)

# The log entry of an imported meeting: names of people without an account here.
IMPORTED = "imported"

PLAIN_FIELDS = (
    "occurs_on", "former_days", "day", "time", "zone", "duration_minutes", "phase", "choice",
    "off_reason", "title", "note", "join_url", "place", "capacity",
)  # fmt: skip
BALLOT_FIELDS = (
    "method", "electorate", "electorate_meetings", "hides_results", "quorum", "max_approvals",
    "opened_at", "outcome",
)  # fmt: skip


@dataclass
class _Rows:
    """All data of the group's meetings, by meeting: thirteen queries."""

    papers: dict[int, list[MeetingPaper]]
    seats: dict[int, list[Seat]]
    sections: dict[int, list[Section]]
    agenda: dict[int, list[AgendaItem]]
    questions: dict[int, list[Question]]
    minutes: dict[int, list[Minutes]]
    attendance: dict[int, list[Attendance]]
    files: dict[int, list[MeetingFile]]
    ballots: dict[int, list[Ballot]]
    candidates: dict[int, list[Candidate]]
    slips: dict[int, list[Slip]]
    imported: dict[int, list[LogEntry]]


@dataclass(frozen=True)
class Names:
    """The file's names for what meetings refer to."""

    people: People
    # The first day of each schedule, by id.
    starts: Mapping[int, date]
    # The position of each nomination in the file's list, by id.
    nominations: Mapping[int, int]


def entries_of(group: Group, names: Names) -> list[MeetingEntry]:
    """Return the group's meetings in order of day."""
    rows = _fetch(group)
    meetings = Meeting.objects.filter(group=group).order_by("occurs_on")
    return [_entry(each, rows, names) for each in meetings]


def _fetch(group: Group) -> _Rows:
    slips = Slip.objects.filter(ballot__meeting__group=group).order_by("key")
    of_ballot = Candidate.objects.filter(ballot__meeting__group=group).order_by("number")
    closed = Ballot.objects.filter(meeting__group=group, closed_at__isnull=False)
    asked = _in(Question, group).select_related("asked_by").order_by("-vote_count", "id")
    noted = LogEntry.objects.filter(group=group, kind=IMPORTED, meeting__isnull=False)
    return _Rows(
        papers=_by(_in(MeetingPaper, group).select_related("paper").order_by("position", "id")),
        seats=_by(_in(Seat, group).select_related("kind", "member").order_by("kind", "id")),
        sections=_by(_in(Section, group).order_by("position")),
        agenda=_by(_in(AgendaItem, group).order_by("position", "id")),
        questions=_by(asked),
        minutes=_by(_in(Minutes, group)),
        attendance=_by(_in(Attendance, group).select_related("member").order_by("at", "id")),
        files=_by(_in(MeetingFile, group).order_by("id")),
        ballots=_by(closed),
        candidates=_by(of_ballot, "ballot_id"),
        slips=_by(slips, "ballot_id"),
        imported=_by(noted.order_by("id")),
    )


def _in(model: type[Row], group: Group) -> QuerySet[Row]:
    return model._default_manager.filter(meeting__group=group)  # noqa: SLF001 - Django's own name


def _by(rows: QuerySet[Row], key: str = "meeting_id") -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _entry(meeting: Meeting, rows: _Rows, names: Names) -> MeetingEntry:
    pk = meeting.pk
    sections = rows.sections[pk]
    noted = rows.imported[pk][0].detail if rows.imported[pk] else {}
    minutes = rows.minutes[pk]
    ballots = rows.ballots[pk]
    return MeetingEntry(
        schedule=names.starts[meeting.schedule_id] if meeting.schedule_id else None,
        papers=[_paper(each) for each in rows.papers[pk]],
        seats=_seats(rows.seats[pk], noted, names.people),
        sections=[each.title for each in sections],
        agenda=[AgendaEntry(text=each.text, minutes=each.minutes) for each in rows.agenda[pk]],
        questions=[_question(each, sections, names.people) for each in rows.questions[pk]],
        minutes=minutes[0].text if minutes else "",
        attendance=_attendance(rows.attendance[pk], noted, names.people),
        files=[_file(each) for each in rows.files[pk]],
        ballot=_ballot(ballots[0], rows, names.nominations) if ballots else None,
        **{name: getattr(meeting, name) for name in PLAIN_FIELDS},
    )


def _paper(reading: MeetingPaper) -> PaperEntry:
    paper = reading.paper
    return PaperEntry(source=paper.source, id=paper.external_id, title=paper.title_text[:2000])


def _seats(seats: list[Seat], noted: dict[str, Any], people: People) -> list[SeatEntry]:
    taken = [SeatEntry(kind=each.kind.name, member=people.add(each.member)) for each in seats]
    known = {each.kind for each in taken}
    for kind, name in noted.get("seats", []):
        if kind not in known:
            taken.append(SeatEntry(kind=kind, member=people.add_text(name)))
    return sorted(taken, key=lambda each: (each.kind, each.member))


def _attendance(came: list[Attendance], noted: dict[str, Any], people: People) -> list[str]:
    names = {people.add(each.member) for each in came}
    return sorted(names | {people.add_text(name) for name in noted.get("attendance", [])})


def _question(question: Question, sections: list[Section], people: People) -> QuestionEntry:
    numbers = {section.pk: number for number, section in enumerate(sections, start=1)}
    return QuestionEntry(
        text=question.text,
        section=numbers.get(question.section_id or 0),
        is_prompt=question.is_prompt,
        is_chosen=question.chosen_at is not None,
        is_answered=question.answered_at is not None,
        votes=question.vote_count,
        asked_by=people.known(question.asked_by),
    )


def _file(file: MeetingFile) -> FileEntry:
    return FileEntry(
        kind=file.kind,
        title=file.title,
        url=file.url,
        file_name=file.file_name,
        size=file.size,
        consent_at=file.consent_at,
        kept_until=file.kept_until,
    )


def _ballot(ballot: Ballot, rows: _Rows, nominations: Mapping[int, int]) -> BallotEntry:
    candidates = rows.candidates[ballot.pk]
    is_shown = may_show_count(ballot)
    slips = [SlipEntry(key=str(each.key), choices=each.choices) for each in rows.slips[ballot.pk]]
    winner = next((each.number for each in candidates if each.pk == ballot.winner_id), None)
    assert ballot.closed_at is not None, "only closed ballots were fetched"
    return BallotEntry(
        closed_at=ballot.closed_at,
        winner=winner,
        candidates=[
            CandidateEntry(
                number=each.number,
                nomination=nominations[each.nomination_id],
                is_withdrawn=each.withdrawn_at is not None,
            )
            for each in candidates
        ],
        slips=slips if is_shown else None,
        count=ballot.count if is_shown else None,
        **{name: getattr(ballot, name) for name in BALLOT_FIELDS},
    )
