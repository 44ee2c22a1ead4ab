"""Creating a group from a file: all of it, or nothing.

Only the importer becomes a member, and nothing is attributed to existing accounts: a file can claim
anything about people. Names, and votes without an account, are kept as text in the log of the new
group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common.text import tidy_line
from discussions.markdown.comment_text import TextError
from groups.ballots.models import Nomination
from groups.cycle.models import Cycle
from groups.founding import founding
from groups.membership.models import Group, LogEntry
from groups.rota.models import SeatKind
from groups.schedule.models import Meeting, Schedule
from groups.series.models import Series, SeriesPart
from groups.transfer import checking, group_json, meeting_rows
from groups.transfer.group_json import GroupFileError
from groups.transfer.snapshot import CYCLE_FIELDS, GROUP_FIELDS, SCHEDULE_FIELDS
from papers.models import Paper, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from accounts.models import User
    from groups.transfer.schema import GroupFile, PaperEntry
    from papers.sources import Ref

_LINES = ("name", "summary", "join_question", "place", "survey_question")


@dataclass(frozen=True)
class Imported:
    """The new group, and the number of the file's papers that the site does not have."""

    group: Group
    missing_paper_count: int = 0


def read(content: bytes) -> GroupFile:
    """Return a valid file, or raise GroupFileError. Nothing is written."""
    file = group_json.read(content)
    checking.check(file)
    return file


@transaction.atomic
def import_group(*, file: GroupFile, importer: User, slug: str) -> Imported:
    """Create the group in a file, owned by the importer.

    Raise GroupFileError, or founding.SlugTakenError, without creating anything.
    """
    wanted = set(_papers_of(file))
    papers = _known(wanted)
    group = _make_group(file, importer, slug)
    schedules = _make_schedules(group, file)
    nominations = _make_nominations(group, file, papers)
    meetings = meeting_rows.make(
        group, file, papers=papers, schedules=schedules, nominations=nominations, importer=importer
    )
    _make_series(group, file, papers, meetings)
    return Imported(group, missing_paper_count=len(wanted) - len(papers))


def _papers_of(file: GroupFile) -> Iterator[Ref]:
    entries: list[PaperEntry | None] = [each.paper for each in file.nominations]
    entries += [paper for meeting in file.meetings for paper in meeting.papers]
    entries += [each.paper for each in file.series]
    yield from (each.ref for each in entries if each is not None)


def _known(refs: set[Ref]) -> dict[Ref, Paper]:
    found = Paper.objects.filter(external_id__in=[ref.external_id for ref in refs])
    papers = {paper.ref: paper for paper in found.only("source", "external_id", "title_text")}
    return {ref: paper for ref, paper in papers.items() if ref in refs}


def _make_group(file: GroupFile, importer: User, slug: str) -> Group:
    fields = {name: getattr(file.group, name) for name in GROUP_FIELDS} | {"slug": slug}
    fields |= {name: tidy_line(fields[name]) for name in _LINES}
    if not fields["name"]:
        raise GroupFileError("group.name", "It is empty.")
    group = Group(**fields)
    try:
        group.render_texts()
    except TextError as error:
        raise GroupFileError("group.description", str(error)) from error
    founding.make(group, founder=importer)
    group.topics.set(Topic.objects.filter(code__in=file.group.topics))
    group.cycle = Cycle.objects.create(
        group=group, **{name: getattr(file.cycle, name) for name in CYCLE_FIELDS}
    )
    now = timezone.now()
    SeatKind.objects.bulk_create(
        SeatKind(
            group=group,
            name=kind.name,
            task=kind.task,
            position=position,
            is_presenter=kind.is_presenter,
            retired_at=now if kind.is_retired else None,
        )
        for position, kind in enumerate(file.seat_kinds)
    )
    LogEntry.note(
        group=group,
        kind="founded",
        words=f"Imported the group “{file.group.name}” of {file.site}",
        actor=importer,
        detail={"exported_at": file.exported_at.isoformat(), "slug": file.group.slug},
    )
    return group


def _make_schedules(group: Group, file: GroupFile) -> dict[date, Schedule]:
    rows = [
        Schedule(
            group=group,
            times=each.times,
            **{name: getattr(each, name) for name in SCHEDULE_FIELDS},
        )
        for each in file.schedules
    ]
    return {each.starts_on: each for each in Schedule.objects.bulk_create(rows)}


def _make_nominations(
    group: Group, file: GroupFile, papers: dict[Ref, Paper]
) -> dict[int, Nomination]:
    """Create the nominations whose paper exists, by their position in the file."""
    made = {
        place: Nomination(
            group=group,
            paper=papers[entry.paper.ref],
            pitch=tidy_line(entry.pitch),
            # The nominator has no account here.
            would_present=False,
            state=entry.state,
            rounds=entry.rounds,
            created_at=entry.created_at,
            ended_at=entry.ended_at,
        )
        for place, entry in enumerate(file.nominations)
        if entry.paper.ref in papers
    }
    Nomination.objects.bulk_create(made.values())
    return made


def _make_series(
    group: Group, file: GroupFile, papers: dict[Ref, Paper], meetings: dict[date, Meeting]
) -> None:
    rows = [
        Series(
            group=group,
            title=tidy_line(each.title) or "A series",
            paper=papers.get(each.paper.ref) if each.paper else None,
            url=each.url,
            note=each.note,
        )
        for each in file.series
    ]
    Series.objects.bulk_create(rows)
    SeriesPart.objects.bulk_create(
        SeriesPart(
            series=series,
            position=position,
            title=part.title,
            extent=part.extent,
            meeting=meetings[part.meeting] if part.meeting else None,
        )
        for series, entry in zip(rows, file.series, strict=True)
        for position, part in enumerate(entry.parts, start=1)
    )
