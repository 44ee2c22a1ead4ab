"""A whole group as a file: what may stand in it, and within which limits.

Each class is an object of the JSON file, each field a name in it; docs/group-file.md says the
same to people. People are named by username, papers by their id, and days by their date, so
that the file means the same on another site.
"""

from __future__ import annotations

from collections.abc import Iterable  # noqa: TC003 - annotations are read at run time
from dataclasses import dataclass
from datetime import date, datetime, time  # noqa: TC003 - as well
from typing import Annotated, Any

from groups.ballots.models import Ballot, Nomination
from groups.cycle.models import Cycle
from groups.meeting.files.models import MeetingFile
from groups.membership.models import Group, Role
from groups.schedule.models import Phase, Schedule

FORMAT = "octavo-group"
VERSION = 1


@dataclass(frozen=True)
class GroupFileLimits:
    """What a value may be beside its type; of a list, what each of its entries may be."""

    least: int = 0
    most: int = 200
    many: int = 0
    values: frozenset[str] = frozenset()
    is_link: bool = False


def text(most: int, *, least: int = 0) -> GroupFileLimits:
    return GroupFileLimits(least=least, most=most)


def number(least: int, most: int) -> GroupFileLimits:
    return GroupFileLimits(least=least, most=most)


def one_of(values: Iterable[str], *, or_empty: bool = False) -> GroupFileLimits:
    return GroupFileLimits(values=frozenset(values) | ({""} if or_empty else set()))


def many(count: int, *, least: int = 0, most: int = 200) -> GroupFileLimits:
    return GroupFileLimits(many=count, least=least, most=most)


def link() -> GroupFileLimits:
    return GroupFileLimits(most=500, is_link=True)


@dataclass(frozen=True, kw_only=True)
class PaperEntry:
    """A paper. A site that does not have it keeps the title."""

    source: Annotated[str, one_of(["arxiv"])]
    id: Annotated[str, text(64, least=1)]
    title: Annotated[str, text(2000)]


@dataclass(frozen=True, kw_only=True)
class PersonEntry:
    """Somebody whom the file names. One without a role is no member any more."""

    username: Annotated[str, text(64, least=1)]
    name: Annotated[str, text(200)]
    role: Annotated[str, one_of(Role.values, or_empty=True)]


@dataclass(frozen=True, kw_only=True)
class GroupEntry:
    name: Annotated[str, text(80, least=1)]
    slug: Annotated[str, text(40, least=1)]
    summary: Annotated[str, text(200)]
    visibility: Annotated[str, one_of(Group.Visibility.values)]
    joining: Annotated[str, one_of(Group.Joining.values)]
    join_question: Annotated[str, text(300)]
    description: Annotated[str, text(10_000)]
    rules: Annotated[str, text(10_000)]
    topics: Annotated[list[str], many(50)]
    join_url: Annotated[str, link()]
    place: Annotated[str, text(200)]
    capacity: Annotated[int | None, number(1, 100_000)]
    minutes_template: Annotated[str, text(20_000)]
    survey_question: Annotated[str, text(200)]


@dataclass(frozen=True, kw_only=True)
class CycleEntry:
    choice: Annotated[str, one_of(Cycle.Choice.values)]
    nominations_open_hours: Annotated[int, number(0, 32_000)]
    ballot_opens_hours: Annotated[int, number(0, 32_000)]
    ballot_closes_hours: Annotated[int, number(0, 32_000)]
    method: Annotated[str, one_of(Cycle.Method.values)]
    electorate: Annotated[str, one_of(Cycle.Electorate.values)]
    electorate_meetings: Annotated[int, number(1, 1000)]
    hides_results: bool
    quorum: Annotated[int, number(1, 32_000)]
    max_approvals: Annotated[int, number(0, 1000)]
    max_candidates: Annotated[int, number(2, 1000)]
    rounds_kept: Annotated[int, number(1, 1000)]
    reminder_minutes: Annotated[list[int], many(4, most=100_000)]
    written_days: Annotated[int, number(0, 365)]


@dataclass(frozen=True, kw_only=True)
class SeatKindEntry:
    name: Annotated[str, text(60, least=1)]
    task: Annotated[str, text(300)]
    is_presenter: bool
    is_retired: bool


@dataclass(frozen=True, kw_only=True)
class ScheduleEntry:
    frequency: Annotated[str, one_of(Schedule.Frequency.values)]
    interval: Annotated[int, number(1, 12)]
    # Monday is 0.
    weekday: Annotated[int, number(0, 6)]
    nth: Annotated[int | None, number(-1, 4)]
    times: Annotated[list[time], many(4)]
    zone: Annotated[str, text(64, least=1)]
    starts_on: date
    ends_on: date
    duration_minutes: Annotated[int, number(5, 720)]


@dataclass(frozen=True, kw_only=True)
class SeatEntry:
    kind: Annotated[str, text(60, least=1)]
    member: Annotated[str, text(64, least=1)]


@dataclass(frozen=True, kw_only=True)
class AgendaEntry:
    text: Annotated[str, text(300, least=1)]
    minutes: Annotated[int, number(0, 600)]


@dataclass(frozen=True, kw_only=True)
class QuestionEntry:
    text: Annotated[str, text(1000, least=1)]
    # The number of its section, from 1.
    section: Annotated[int | None, number(1, 1000)]
    is_prompt: bool
    is_chosen: bool
    is_answered: bool
    votes: Annotated[int, number(0, 1_000_000)]
    asked_by: Annotated[str | None, text(64, least=1)]


@dataclass(frozen=True, kw_only=True)
class FileEntry:
    """A link, or of a file that was uploaded its name and where it is."""

    kind: Annotated[str, one_of(MeetingFile.Kind.values)]
    title: Annotated[str, text(200, least=1)]
    url: Annotated[str, link()]
    file_name: Annotated[str, text(200)]
    size: Annotated[int, number(0, 10**12)]
    consent_at: datetime | None
    kept_until: date | None


@dataclass(frozen=True, kw_only=True)
class CandidateEntry:
    number: Annotated[int, number(1, 1000)]
    # The place of its nomination in the file's list, from 0.
    nomination: Annotated[int, number(0, 100_000)]
    is_withdrawn: bool


@dataclass(frozen=True, kw_only=True)
class SlipEntry:
    key: Annotated[str, text(36, least=36)]
    choices: Annotated[list[int], many(1000, least=1, most=1000)]


@dataclass(frozen=True, kw_only=True)
class BallotEntry:
    """A closed ballot. Where too few voted to hide how, slips and count are null."""

    method: Annotated[str, one_of(Cycle.Method.values)]
    electorate: Annotated[str, one_of(Cycle.Electorate.values)]
    electorate_meetings: Annotated[int, number(1, 1000)]
    hides_results: bool
    quorum: Annotated[int, number(1, 32_000)]
    max_approvals: Annotated[int, number(0, 1000)]
    opened_at: datetime
    closed_at: datetime
    outcome: Annotated[str, one_of(Ballot.Outcome.values)]
    winner: Annotated[int | None, number(1, 1000)]
    candidates: Annotated[list[CandidateEntry], many(100)]
    slips: Annotated[list[SlipEntry] | None, many(20_000)]
    count: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class MeetingEntry:
    occurs_on: date
    former_days: Annotated[list[date], many(50)]
    day: date
    time: time
    zone: Annotated[str, text(64, least=1)]
    duration_minutes: Annotated[int, number(5, 720)]
    # The first day of its schedule; null for a meeting outside every rule.
    schedule: date | None
    phase: Annotated[str, one_of(Phase.values)]
    choice: Annotated[str, one_of(Cycle.Choice.values)]
    off_reason: Annotated[str, text(200)]
    title: Annotated[str, text(300)]
    note: Annotated[str, text(2000)]
    join_url: Annotated[str, link()]
    place: Annotated[str, text(200)]
    capacity: Annotated[int | None, number(1, 100_000)]
    papers: Annotated[list[PaperEntry], many(50)]
    seats: Annotated[list[SeatEntry], many(50)]
    sections: Annotated[list[str], many(200, least=1, most=200)]
    agenda: Annotated[list[AgendaEntry], many(100)]
    questions: Annotated[list[QuestionEntry], many(200)]
    minutes: Annotated[str, text(20_000)]
    attendance: Annotated[list[str], many(5000, least=1, most=64)]
    files: Annotated[list[FileEntry], many(200)]
    ballot: BallotEntry | None


@dataclass(frozen=True, kw_only=True)
class NominationEntry:
    paper: PaperEntry
    pitch: Annotated[str, text(500)]
    would_present: bool
    state: Annotated[str, one_of(Nomination.State.values)]
    rounds: Annotated[int, number(0, 1000)]
    seconds: Annotated[int, number(0, 1_000_000)]
    nominated_by: Annotated[str | None, text(64, least=1)]
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PartEntry:
    title: Annotated[str, text(200, least=1)]
    extent: Annotated[str, text(80)]
    # The day of the meeting that reads it.
    meeting: date | None


@dataclass(frozen=True, kw_only=True)
class SeriesEntry:
    title: Annotated[str, text(300, least=1)]
    paper: PaperEntry | None
    url: Annotated[str, link()]
    note: Annotated[str, text(2000)]
    parts: Annotated[list[PartEntry], many(200)]


@dataclass(frozen=True, kw_only=True)
class CountsEntry:
    """How many of each the file holds, so that one that was cut is not taken for whole."""

    people: Annotated[int, number(0, 100_000)]
    schedules: Annotated[int, number(0, 1000)]
    meetings: Annotated[int, number(0, 10_000)]
    nominations: Annotated[int, number(0, 100_000)]
    series: Annotated[int, number(0, 10_000)]


@dataclass(frozen=True, kw_only=True)
class GroupFile:
    format: Annotated[str, one_of([FORMAT])]
    version: Annotated[int, number(VERSION, VERSION)]
    site: Annotated[str, text(200)]
    exported_at: datetime
    counts: CountsEntry
    group: GroupEntry
    cycle: CycleEntry
    people: Annotated[list[PersonEntry], many(20_000)]
    seat_kinds: Annotated[list[SeatKindEntry], many(100)]
    schedules: Annotated[list[ScheduleEntry], many(100)]
    meetings: Annotated[list[MeetingEntry], many(1000)]
    nominations: Annotated[list[NominationEntry], many(10_000)]
    series: Annotated[list[SeriesEntry], many(200)]
