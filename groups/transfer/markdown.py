"""A whole group as one readable Markdown document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groups.ballots.models import Ballot
from groups.schedule.models import Phase
from groups.scheduling import rules
from papers.sources import PAPER_SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from groups.transfer.schema import (
        BallotEntry,
        FileEntry,
        GroupFile,
        MeetingEntry,
        PaperEntry,
        QuestionEntry,
        SeriesEntry,
    )

# Characters with a meaning in Markdown.
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$])")
_STARTS_A_BLOCK = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}(#{1,6})(?=\s|$)")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_DEEPEST = 6


def write(file: GroupFile) -> str:
    """Return the document; members' Markdown stays as they wrote it."""
    group = file.group
    blocks = [f"# {line(group.name)}"]
    blocks += [line(group.summary)] if group.summary else []
    blocks += [below(group.description, 1)] if group.description else []
    blocks += ["## Rules", below(group.rules, 2)] if group.rules else []
    if file.schedules:
        blocks += ["## Schedule", _list(_schedules(file))]
    blocks += _people(file)
    if file.meetings:
        blocks.append("## Meetings")
        names = {each.username: each.name or each.username for each in file.people}
        for meeting in sorted(file.meetings, key=lambda each: each.occurs_on):
            blocks += _meeting(meeting, names, file)
    standing = [each for each in file.nominations if each.state == "standing"]
    if standing:
        told = [f"{_paper(each.paper)}{_said(each.pitch)}" for each in standing]
        blocks += ["## Nominated", _list(told)]
    for series in file.series:
        blocks += _series(series)
    blocks.append(f"Exported from {file.site} on {file.exported_at:%Y-%m-%d}.")
    return "\n\n".join(blocks) + "\n"


def line(text: str) -> str:
    """Return a text as one line of Markdown, with special characters escaped."""
    return _escaped(" ".join(text.split()))


def below(text: str, level: int) -> str:
    """Return Markdown with its headings shifted below a heading of this level."""
    found, fence = [], ""
    for each in text.strip().splitlines():
        mark = _FENCE.match(each)
        if fence:
            closes = mark is not None and each.strip() == mark[1] and mark[1].startswith(fence)
            fence = "" if closes else fence
        elif mark:
            fence = mark[1]
        elif heading := _HEADING.match(each):
            depth = min(len(heading[1]) + level, _DEEPEST)
            each = "#" * depth + each[heading.end() :]  # noqa: PLW2901 - the line, one deeper
        found.append(each)
    # An unclosed code fence would swallow what follows.
    return "\n".join([*found, fence] if fence else found)


def _escaped(text: str) -> str:
    return _STARTS_A_BLOCK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {each}" for each in lines)


def _said(text: str) -> str:
    return f": {line(text)}" if text else ""


def _schedules(file: GroupFile) -> Iterator[str]:
    for each in file.schedules:
        said = rules.describe(rules.rule_of(each))
        yield f"{line(said)}, {each.starts_on} to {each.ends_on}, {each.duration_minutes} minutes"


def _people(file: GroupFile) -> list[str]:
    members = [each for each in file.people if each.role]
    told = [
        f"{line(each.name or each.username)} ({each.username}), {each.role}" for each in members
    ]
    return ["## Members", _list(told)] if told else []


def _meeting(meeting: MeetingEntry, names: dict[str, str], file: GroupFile) -> Iterator[str]:
    title = line(meeting.title) or "; ".join(line(each.title) for each in meeting.papers)
    yield f"### {meeting.day}" + (f": {title}" if title else "")
    yield _list(_facts(meeting, names))
    if meeting.note:
        yield line(meeting.note)
    if meeting.questions:
        yield "#### Questions"
        yield _list(_question(each) for each in meeting.questions)
    if meeting.minutes:
        yield "#### Minutes"
        yield below(meeting.minutes, 4)
    if meeting.files:
        yield "#### Files"
        yield _list(_file(each) for each in meeting.files)
    if meeting.ballot:
        yield "#### Ballot"
        yield _list(_ballot(meeting.ballot, file))


def _facts(meeting: MeetingEntry, names: dict[str, str]) -> Iterator[str]:
    moved = f", moved from {meeting.occurs_on}" if meeting.day != meeting.occurs_on else ""
    yield f"{meeting.time:%H:%M} ({line(meeting.zone)}), {meeting.duration_minutes} minutes{moved}"
    yield Phase(meeting.phase).label + _said(meeting.off_reason)
    for paper in meeting.papers:
        yield _paper(paper)
    for seat in meeting.seats:
        yield f"{line(seat.kind)}: {line(names[seat.member])}"
    if meeting.attendance:
        came = ", ".join(line(names[each]) for each in meeting.attendance)
        yield f"Attended ({len(meeting.attendance)}): {came}"


def _paper(paper: PaperEntry) -> str:
    return f"[{line(paper.title)}]({PAPER_SOURCES[paper.source].page_url(paper.id)})"


def _question(question: QuestionEntry) -> str:
    votes = f" ({question.votes})" if question.votes else ""
    return line(question.text) + votes


def _file(file: FileEntry) -> str:
    return f"[{line(file.title)}](<{file.url}>)" if file.url else line(file.title)


def _ballot(ballot: BallotEntry, file: GroupFile) -> Iterator[str]:
    yield f"{Ballot.Outcome(ballot.outcome).label}, by {ballot.method}"
    for each in ballot.candidates:
        won = ": chosen" if each.number == ballot.winner else ""
        yield f"{each.number}. {_paper(file.nominations[each.nomination].paper)}{won}"


def _series(series: SeriesEntry) -> Iterator[str]:
    yield f"## {line(series.title)}"
    if series.note:
        yield line(series.note)
    if series.parts:
        yield _list(
            line(each.title)
            + (f", {line(each.extent)}" if each.extent else "")
            + (f" ({each.meeting})" if each.meeting else "")
            for each in series.parts
        )
