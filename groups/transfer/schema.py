"""A whole group as a file: what may stand in it, and within which limits.

Each class is an object of the JSON file, each field a name in it; docs/group-file.md says the
same to people. People are named by username, papers by their id, and days by their date, so
that the file means the same on another site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable  # noqa: TC003 - annotations are read at run time
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictBool
from pydantic_core import PydanticCustomError

from discussions.markdown import comment_text
from groups.ballots.models import Ballot, Nomination
from groups.cycle.models import Cycle
from groups.meeting.files.models import MeetingFile
from groups.membership.models import Group, Role
from groups.schedule.models import Phase, Schedule
from papers.sources import PAPER_SOURCES, Ref

FORMAT = "octavo-group"
VERSION = 1

_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_YEARS = range(1970, 2201)
_is_link = URLValidator(schemes=["http", "https"])


def text(most: int, *, least: int = 0) -> AfterValidator:
    def check(value: str) -> str:
        if _NO_CHARACTER.search(value):
            raise _wrong("It has an invalid character (NUL, or half of one).")
        if len(value) > most:
            raise _wrong(f"{len(value):,} characters are more than the {most:,} we take.")
        if len(value.strip()) < least:
            raise _wrong("It is too short." if value.strip() else "It is empty.")
        return value

    return AfterValidator(check)


def number(least: int, most: int) -> Any:
    # True is an int to Python, and a lie in a file.
    return Field(ge=least, le=most, strict=True)


def many(count: int) -> Any:
    return Field(max_length=count)


def one_of(values: Iterable[str], *, or_empty: bool = False) -> AfterValidator:
    known = sorted(values)

    def check(value: str) -> str:
        if value not in known and not (or_empty and not value):
            raise _wrong(f"“{shown(value)}” is none of {', '.join(known)}.")
        return value

    return AfterValidator(check)


def _check_link(value: str) -> str:
    try:
        if value:
            _is_link(value)
        # "https://arxiv.org@elsewhere.example" leads elsewhere.
        is_plain = "@" not in urlsplit(value).netloc
    except (ValidationError, ValueError):
        is_plain = False
    if not is_plain:
        raise _wrong(f"“{shown(value)}” is not a web address.")
    return value


def _moment(kind: type, expected: str) -> BeforeValidator:
    def read(value: Any) -> date | time | datetime:
        wrong = _wrong(f"{expected} was expected.")
        try:
            found: date | time | datetime = kind.fromisoformat(value)  # type: ignore[attr-defined]
        except (TypeError, ValueError):
            raise wrong from None
        if isinstance(found, time) and (found.tzinfo or found.second or found.microsecond):
            raise wrong
        if isinstance(found, datetime):
            found = _in_utc(found)
        if isinstance(found, date) and found.year not in _YEARS:
            raise _wrong(f"The year {found.year} is out of reach.")
        return found

    return BeforeValidator(read)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise _wrong("The moment has no time zone, such as Z.")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _wrong("The moment is out of reach.") from None


def shown(text: str) -> str:
    """Return what a message may quote of a file."""
    return text[:40].encode(errors="replace").decode().replace("\0", "")


def _wrong(words: str) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{words}", {"words": words})


Link = Annotated[str, text(500), AfterValidator(_check_link)]
Name = Annotated[str, text(64, least=1)]
Day = Annotated[date, _moment(date, "A day, as 2026-11-26,")]
TimeOfDay = Annotated[time, _moment(time, "A time, as 18:00,")]
Moment = Annotated[datetime, _moment(datetime, "A moment, as 2026-11-26T17:00:00Z,")]


class GroupFileObject:
    """An object of the file. Only what comes from outside is held against the limits."""

    __pydantic_config__ = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class PaperEntry(GroupFileObject):
    """A paper. A site that does not have it keeps the title."""

    source: Annotated[str, one_of(PAPER_SOURCES)]
    id: Annotated[str, text(255, least=1)]
    title: Annotated[str, text(2000)]

    @property
    def ref(self) -> Ref:
        return Ref(self.source, self.id)


@dataclass(frozen=True, kw_only=True)
class PersonEntry(GroupFileObject):
    """Somebody whom the file names. One without a role is no member any more."""

    username: Name
    name: Annotated[str, text(200)]
    role: Annotated[str, one_of(Role.values, or_empty=True)]


@dataclass(frozen=True, kw_only=True)
class GroupEntry(GroupFileObject):
    name: Annotated[str, text(80, least=1)]
    slug: Annotated[str, text(40, least=1)]
    summary: Annotated[str, text(200)]
    visibility: Annotated[str, one_of(Group.Visibility.values)]
    joining: Annotated[str, one_of(Group.Joining.values)]
    join_question: Annotated[str, text(300)]
    description: Annotated[str, text(comment_text.MAX_LENGTH)]
    rules: Annotated[str, text(comment_text.MAX_LENGTH)]
    topics: Annotated[list[Annotated[str, text(200)]], many(50)]
    join_url: Link
    place: Annotated[str, text(200)]
    capacity: Annotated[int, number(1, 100_000)] | None
    minutes_template: Annotated[str, text(20_000)]
    survey_question: Annotated[str, text(200)]


@dataclass(frozen=True, kw_only=True)
class CycleEntry(GroupFileObject):
    choice: Annotated[str, one_of(Cycle.Choice.values)]
    nominations_open_hours: Annotated[int, number(0, 32_000)]
    ballot_opens_hours: Annotated[int, number(0, 32_000)]
    ballot_closes_hours: Annotated[int, number(0, 32_000)]
    method: Annotated[str, one_of(Cycle.Method.values)]
    electorate: Annotated[str, one_of(Cycle.Electorate.values)]
    electorate_meetings: Annotated[int, number(1, 1000)]
    hides_results: StrictBool
    quorum: Annotated[int, number(1, 32_000)]
    max_approvals: Annotated[int, number(0, 1000)]
    max_candidates: Annotated[int, number(2, 1000)]
    rounds_kept: Annotated[int, number(1, 1000)]
    reminder_minutes: Annotated[list[Annotated[int, number(0, 100_000)]], many(4)]
    written_days: Annotated[int, number(0, 365)]


@dataclass(frozen=True, kw_only=True)
class SeatKindEntry(GroupFileObject):
    name: Annotated[str, text(60, least=1)]
    task: Annotated[str, text(300)]
    is_presenter: StrictBool
    is_retired: StrictBool


@dataclass(frozen=True, kw_only=True)
class ScheduleEntry(GroupFileObject):
    frequency: Annotated[str, one_of(Schedule.Frequency.values)]
    interval: Annotated[int, number(1, 12)]
    # Monday is 0.
    weekday: Annotated[int, number(0, 6)]
    nth: Annotated[int, number(-1, 4)] | None
    times: Annotated[list[TimeOfDay], many(4)]
    zone: Name
    starts_on: Day
    ends_on: Day
    duration_minutes: Annotated[int, number(5, 720)]


@dataclass(frozen=True, kw_only=True)
class SeatEntry(GroupFileObject):
    kind: Annotated[str, text(60, least=1)]
    member: Name


@dataclass(frozen=True, kw_only=True)
class AgendaEntry(GroupFileObject):
    text: Annotated[str, text(300, least=1)]
    minutes: Annotated[int, number(0, 600)]


@dataclass(frozen=True, kw_only=True)
class QuestionEntry(GroupFileObject):
    text: Annotated[str, text(1000, least=1)]
    # The number of its section, from 1.
    section: Annotated[int, number(1, 1000)] | None
    is_prompt: StrictBool
    is_chosen: StrictBool
    is_answered: StrictBool
    votes: Annotated[int, number(0, 1_000_000)]
    asked_by: Name | None


@dataclass(frozen=True, kw_only=True)
class FileEntry(GroupFileObject):
    """A link, or of a file that was uploaded its name and where it is."""

    kind: Annotated[str, one_of(MeetingFile.Kind.values)]
    title: Annotated[str, text(200, least=1)]
    url: Link
    file_name: Annotated[str, text(200)]
    size: Annotated[int, number(0, 10**12)]
    consent_at: Moment | None
    kept_until: Day | None


@dataclass(frozen=True, kw_only=True)
class CandidateEntry(GroupFileObject):
    number: Annotated[int, number(1, 1000)]
    # The place of its nomination in the file's list, from 0.
    nomination: Annotated[int, number(0, 100_000)]
    is_withdrawn: StrictBool


@dataclass(frozen=True, kw_only=True)
class SlipEntry(GroupFileObject):
    key: Annotated[str, text(36, least=36)]
    choices: Annotated[list[Annotated[int, number(1, 1000)]], many(1000)]


@dataclass(frozen=True, kw_only=True)
class BallotEntry(GroupFileObject):
    """A closed ballot. Where too few voted to hide how, slips and count are null."""

    method: Annotated[str, one_of(Cycle.Method.values)]
    electorate: Annotated[str, one_of(Cycle.Electorate.values)]
    electorate_meetings: Annotated[int, number(1, 1000)]
    hides_results: StrictBool
    quorum: Annotated[int, number(1, 32_000)]
    max_approvals: Annotated[int, number(0, 1000)]
    opened_at: Moment
    closed_at: Moment
    outcome: Annotated[str, one_of(Ballot.Outcome.values)]
    winner: Annotated[int, number(1, 1000)] | None
    candidates: Annotated[list[CandidateEntry], many(100)]
    slips: Annotated[list[SlipEntry], many(20_000)] | None
    count: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class MeetingEntry(GroupFileObject):
    occurs_on: Day
    former_days: Annotated[list[Day], many(50)]
    day: Day
    time: TimeOfDay
    zone: Name
    duration_minutes: Annotated[int, number(5, 720)]
    # The first day of its schedule; null for a meeting outside every rule.
    schedule: Day | None
    phase: Annotated[str, one_of(Phase.values)]
    choice: Annotated[str, one_of(Cycle.Choice.values)]
    off_reason: Annotated[str, text(200)]
    title: Annotated[str, text(300)]
    note: Annotated[str, text(2000)]
    join_url: Link
    place: Annotated[str, text(200)]
    capacity: Annotated[int, number(1, 100_000)] | None
    papers: Annotated[list[PaperEntry], many(50)]
    seats: Annotated[list[SeatEntry], many(50)]
    sections: Annotated[list[Annotated[str, text(200, least=1)]], many(200)]
    agenda: Annotated[list[AgendaEntry], many(100)]
    questions: Annotated[list[QuestionEntry], many(200)]
    minutes: Annotated[str, text(20_000)]
    attendance: Annotated[list[Name], many(5000)]
    files: Annotated[list[FileEntry], many(200)]
    ballot: BallotEntry | None


@dataclass(frozen=True, kw_only=True)
class NominationEntry(GroupFileObject):
    paper: PaperEntry
    pitch: Annotated[str, text(500)]
    would_present: StrictBool
    state: Annotated[str, one_of(Nomination.State.values)]
    rounds: Annotated[int, number(0, 1000)]
    seconds: Annotated[int, number(0, 1_000_000)]
    nominated_by: Name | None
    created_at: Moment
    ended_at: Moment | None


@dataclass(frozen=True, kw_only=True)
class PartEntry(GroupFileObject):
    title: Annotated[str, text(200, least=1)]
    extent: Annotated[str, text(80)]
    # The day of the meeting that reads it.
    meeting: Day | None


@dataclass(frozen=True, kw_only=True)
class SeriesEntry(GroupFileObject):
    title: Annotated[str, text(300, least=1)]
    paper: PaperEntry | None
    url: Link
    note: Annotated[str, text(2000)]
    parts: Annotated[list[PartEntry], many(200)]


@dataclass(frozen=True, kw_only=True)
class CountsEntry(GroupFileObject):
    """How many of each the file holds, so that one that was cut is not taken for whole."""

    people: Annotated[int, number(0, 100_000)]
    schedules: Annotated[int, number(0, 1000)]
    meetings: Annotated[int, number(0, 10_000)]
    nominations: Annotated[int, number(0, 100_000)]
    series: Annotated[int, number(0, 10_000)]


@dataclass(frozen=True, kw_only=True)
class GroupFile(GroupFileObject):
    format: Annotated[str, one_of([FORMAT])]
    version: Annotated[int, number(VERSION, VERSION)]
    site: Annotated[str, text(200)]
    exported_at: Moment
    counts: CountsEntry
    group: GroupEntry
    cycle: CycleEntry
    people: Annotated[list[PersonEntry], many(20_000)]
    seat_kinds: Annotated[list[SeatKindEntry], many(100)]
    schedules: Annotated[list[ScheduleEntry], many(100)]
    meetings: Annotated[list[MeetingEntry], many(1000)]
    nominations: Annotated[list[NominationEntry], many(10_000)]
    series: Annotated[list[SeriesEntry], many(200)]
