"""Consistency of an imported file: its references and counts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils import timezone

from common.time_zones import is_time_zone
from groups.ballots import counting
from groups.ballots.models import Ballot
from groups.meeting.files.models import MeetingFile
from groups.schedule.models import Phase
from groups.scheduling import rules, wall_times
from groups.scheduling.rules import RuleError
from groups.transfer.group_json import GroupFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from groups.transfer.schema import (
        BallotEntry,
        CycleEntry,
        GroupFile,
        MeetingEntry,
        ScheduleEntry,
    )

# Comparisons of three candidates in the Schulze method: some seconds.
_MOST_COMPARISONS = 5_000_000
# A term in which every rule has a day.
_SOME_TERM = (date(2026, 1, 1), date(2027, 12, 31))

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def check(file: GroupFile) -> None:
    """Raise GroupFileError for a contradiction, with its location."""
    _check_counts(file)
    _check_people(file)
    _check_cycle(file.cycle)
    _check_seat_kinds(file)
    _check_schedules(file.schedules)
    _check_meetings(file)
    _check_nominations(file)
    _check_series(file)


def _check_counts(file: GroupFile) -> None:
    for name in ("people", "schedules", "meetings", "nominations", "series"):
        said, found = getattr(file.counts, name), len(getattr(file, name))
        if said != found:
            raise GroupFileError(f"counts.{name}", f"It says {said:,}, and the file has {found:,}.")


def _check_people(file: GroupFile) -> None:
    _check_apart((each.username for each in file.people), "people[{}].username")
    known = {each.username for each in file.people}
    for place, name in _named_people(file):
        if name not in known:
            raise GroupFileError(place, f"“{name}” is not among the people.")


def _named_people(file: GroupFile) -> Iterator[tuple[str, str]]:
    for index, meeting in enumerate(file.meetings):
        place = f"meetings[{index}]"
        for number, seat in enumerate(meeting.seats):
            yield f"{place}.seats[{number}].member", seat.member
        for number, name in enumerate(meeting.attendance):
            yield f"{place}.attendance[{number}]", name
        for number, question in enumerate(meeting.questions):
            if question.asked_by is not None:
                yield f"{place}.questions[{number}].asked_by", question.asked_by
    for index, nomination in enumerate(file.nominations):
        if nomination.nominated_by is not None:
            yield f"nominations[{index}].nominated_by", nomination.nominated_by


def _check_cycle(cycle: CycleEntry) -> None:
    if not (cycle.nominations_open_hours > cycle.ballot_opens_hours > cycle.ballot_closes_hours):
        raise GroupFileError(
            "cycle", "Nominations open before the ballot does, and the ballot before it closes."
        )


def _check_seat_kinds(file: GroupFile) -> None:
    filled = [(index, each) for index, each in enumerate(file.seat_kinds) if not each.is_retired]
    presenting = [index for index, each in filled if each.is_presenter]
    if len(presenting) > 1:
        raise GroupFileError(f"seat_kinds[{presenting[1]}]", "Only one kind of seat presents.")
    names: set[str] = set()
    for index, each in filled:
        if each.name in names:
            raise GroupFileError(f"seat_kinds[{index}].name", f"“{each.name}” is there twice.")
        names.add(each.name)


def _check_schedules(schedules: list[ScheduleEntry]) -> None:
    for index, schedule in enumerate(schedules):
        place = f"schedules[{index}]"
        rule = rules.rule_of(schedule)
        try:
            # A rule that was soon replaced may have no day left in its own term.
            rules.check(replace(rule, starts_on=_SOME_TERM[0], ends_on=_SOME_TERM[1]))
        except RuleError as error:
            raise GroupFileError(place, str(error)) from error
        if schedule.ends_on < schedule.starts_on:
            raise GroupFileError(f"{place}.ends_on", "The term ends before it starts.")
        if (schedule.ends_on - schedule.starts_on).days > rules.MAX_YEARS * 366:
            raise GroupFileError(f"{place}.ends_on", "The term is longer than three years.")
    in_order = sorted(enumerate(schedules), key=lambda each: each[1].starts_on)
    for (_, before), (index, after) in pairwise(in_order):
        if after.starts_on <= before.ends_on:
            words = "It starts while the schedule before it still holds."
            raise GroupFileError(f"schedules[{index}].starts_on", words)


def _check_meetings(file: GroupFile) -> None:
    _check_apart((each.occurs_on for each in file.meetings), "meetings[{}].occurs_on")
    terms = {each.starts_on: each.ends_on for each in file.schedules}
    kinds = {each.name for each in file.seat_kinds}
    work = sum(len(each.ballot.candidates) ** 3 for each in file.meetings if each.ballot)
    if work > _MOST_COMPARISONS:
        raise GroupFileError("meetings", "Their ballots have more candidates than can be counted.")
    for index, meeting in enumerate(file.meetings):
        place = f"meetings[{index}]"
        _check_term(meeting, terms, place)
        if not is_time_zone(meeting.zone):
            words = f"“{meeting.zone[:60]}” is not a time zone."
            raise GroupFileError(f"{place}.zone", words)
        _check_moment(meeting, place)
        for number, seat in enumerate(meeting.seats):
            if seat.kind not in kinds:
                words = f"“{seat.kind}” is no kind of seat of this group."
                raise GroupFileError(f"{place}.seats[{number}].kind", words)
        _check_parts(meeting, place)
        if meeting.ballot is not None:
            _check_ballot(meeting.ballot, f"{place}.ballot", len(file.nominations))


def _check_term(meeting: MeetingEntry, terms: dict[date, date], place: str) -> None:
    starts_on = meeting.schedule
    if starts_on is None:
        return
    if starts_on not in terms:
        raise GroupFileError(f"{place}.schedule", f"No schedule starts on {starts_on}.")
    if not starts_on <= meeting.occurs_on <= terms[starts_on]:
        words = f"{meeting.occurs_on} is outside of its term, {starts_on} to {terms[starts_on]}."
        raise GroupFileError(f"{place}.occurs_on", words)


def _check_moment(meeting: MeetingEntry, place: str) -> None:
    starts_at = wall_times.to_instant(meeting.day, meeting.time, meeting.zone)
    if meeting.phase == Phase.HELD and starts_at > timezone.now() + timedelta(days=1):
        raise GroupFileError(f"{place}.phase", "It was held, and is still to come.")


def _check_parts(meeting: MeetingEntry, place: str) -> None:
    _check_apart(((each.source, each.id) for each in meeting.papers), f"{place}.papers[{{}}]")
    _check_apart((each.kind for each in meeting.seats), f"{place}.seats[{{}}].kind")
    _check_apart(meeting.attendance, f"{place}.attendance[{{}}]")
    for number, question in enumerate(meeting.questions):
        if question.section is not None and question.section > len(meeting.sections):
            where = f"{place}.questions[{number}].section"
            raise GroupFileError(where, f"There is no section {question.section}.")
    for number, each in enumerate(meeting.files):
        where = f"{place}.files[{number}]"
        if not each.url and not each.file_name:
            raise GroupFileError(where, "It is neither a link nor a file.")
        if each.kind == MeetingFile.Kind.RECORDING and each.consent_at is None:
            raise GroupFileError(where, "A recording without the consent of those in it.")


def _check_ballot(ballot: BallotEntry, place: str, nomination_count: int) -> None:
    numbers = [each.number for each in ballot.candidates]
    _check_apart(numbers, f"{place}.candidates[{{}}].number")
    of_nominations = [each.nomination for each in ballot.candidates]
    _check_apart(of_nominations, f"{place}.candidates[{{}}].nomination")
    for index, at in enumerate(of_nominations):
        if at >= nomination_count:
            where = f"{place}.candidates[{index}].nomination"
            raise GroupFileError(where, f"The file has no nomination {at}.")
    if ballot.closed_at < ballot.opened_at:
        raise GroupFileError(f"{place}.closed_at", "It closed before it opened.")
    if (ballot.winner is not None) != (ballot.outcome == Ballot.Outcome.CHOSEN):
        raise GroupFileError(f"{place}.winner", "Winner and outcome say different things.")
    withdrawn = [each.number for each in ballot.candidates if each.is_withdrawn]
    if ballot.winner is not None and ballot.winner not in set(numbers) - set(withdrawn):
        raise GroupFileError(f"{place}.winner", f"No candidate {ballot.winner} stood to the end.")
    _check_count(ballot, place, numbers, withdrawn)


def _check_count(ballot: BallotEntry, place: str, numbers: list[int], withdrawn: list[int]) -> None:
    """Count the slips again, instead of trusting the file's count."""
    if ballot.slips is None or ballot.count is None:
        if ballot.slips is not None or ballot.count is not None:
            raise GroupFileError(f"{place}.count", "Slips and count go together.")
        return
    _check_apart((each.key.lower() for each in ballot.slips), f"{place}.slips[{{}}].key")
    for index, slip in enumerate(ballot.slips):
        if not _UUID.fullmatch(slip.key):
            raise GroupFileError(f"{place}.slips[{index}].key", "This is no UUID.")
        where = f"{place}.slips[{index}].choices"
        _check_apart(slip.choices, where + "[{}]")
        strange = set(slip.choices) - set(numbers)
        if strange:
            words = f"It is for candidate {min(strange)}, who is not on the ballot."
            raise GroupFileError(where, words)
    choices = [each.choices for each in ballot.slips]
    counted = counting.count(ballot.method, choices, candidates=numbers, withdrawn=withdrawn)
    if counted.as_json() != ballot.count:
        raise GroupFileError(f"{place}.count", "The slips do not add up to it.")
    if ballot.outcome == Ballot.Outcome.CHOSEN and counted.winner != ballot.winner:
        raise GroupFileError(f"{place}.winner", "The slips choose another one.")


def _check_nominations(file: GroupFile) -> None:
    standing = [
        (each.paper.source, each.paper.id) if each.state == "standing" else (str(index), "")
        for index, each in enumerate(file.nominations)
    ]
    _check_apart(standing, "nominations[{}].paper")


def _check_series(file: GroupFile) -> None:
    days = {each.occurs_on for each in file.meetings}
    seen: set[date] = set()
    for index, series in enumerate(file.series):
        for number, part in enumerate(series.parts):
            place = f"series[{index}].parts[{number}].meeting"
            if part.meeting is None:
                continue
            if part.meeting not in days:
                raise GroupFileError(place, f"The group has no meeting on {part.meeting}.")
            if part.meeting in seen:
                raise GroupFileError(place, f"Another part is read on {part.meeting} as well.")
            seen.add(part.meeting)


def _check_apart(values: Iterable[object], place: str) -> None:
    """Refuse duplicates."""
    seen = set()
    for index, value in enumerate(values):
        if value in seen:
            said = " ".join(map(str, value)) if isinstance(value, tuple) else value
            raise GroupFileError(place.format(index), f"“{said}” is there twice.")
        seen.add(value)
