"""Series: a book or a long paper, read in parts at several meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common.refusals import Refused
from common.words import counted
from groups import access
from groups.cycle.models import Cycle
from groups.membership.models import LogEntry
from groups.schedule import fitting, rows
from groups.schedule.models import Meeting, MeetingPaper, Phase
from groups.series.models import Series, SeriesPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from accounts.models import User
    from groups.membership.models import Group
    from groups.schedule.models import MeetingQuerySet
    from papers.models import Paper

MAX_PARTS = 60
_FIELDS = [*rows.FIELDS, "choice", "title"]


@dataclass(frozen=True)
class PartPlan:
    """The part for one meeting: "Chapter 2", "pp. 31 to 58"."""

    title: str
    extent: str = ""


@transaction.atomic
def create_series(
    *,
    group: Group,
    by: User,
    title: str,
    parts: Sequence[PartPlan],
    from_day: date,
    paper: Paper | None = None,
    url: str = "",
    note: str = "",
) -> Series:
    """Create a series, with its parts at the meetings from a day on."""
    series = Series.objects.create(
        group=group, title=title, paper=paper, url=url, note=note, created_by=by
    )
    return plan_series(series=series, by=by, parts=parts, from_day=from_day)


@transaction.atomic
def edit_series(
    *,
    series: Series,
    by: User,
    title: str,
    parts: Sequence[PartPlan],
    from_day: date,
    paper: Paper | None = None,
    url: str = "",
    note: str = "",
) -> Series:
    """Change a series, and plan its unread parts again."""
    access.lock_group(series.group_id)
    if series.paper_id is not None and series.paper != paper:
        coming = Meeting.objects.upcoming().filter(series_part__series=series)
        old = MeetingPaper.objects.filter(meeting__in=coming, paper=series.paper_id)
        old.delete()
    series.title, series.paper, series.url, series.note = title, paper, url, note
    series.save()
    return plan_series(series=series, by=by, parts=parts, from_day=from_day)


@transaction.atomic
def plan_series(*, series: Series, by: User, parts: Sequence[PartPlan], from_day: date) -> Series:
    """Assign the parts to meetings, in order, from a day on.

    Parts that were read stay with their meeting. Meetings that are cancelled or skipped, have a
    vote, or read something else are passed over; remaining parts get a meeting when there is one.
    """
    group = access.lock_group(series.group_id)
    done = list(_begun(series))
    _check(parts, len(done))
    was_planned = list(_coming(group).filter(series_part__series=series))
    free = _free_meetings(group, series, from_day)
    SeriesPart.objects.filter(series=series).exclude(pk__in=[each.pk for each in done]).delete()
    meetings = free[: len(parts) - len(done)]
    _write_parts(series, parts, done, meetings)
    used = {each.pk for each in meetings}
    _release([each for each in was_planned if each.pk not in used], group, series, by=by)
    _give(meetings, parts[len(done) :], group, series, by=by)
    LogEntry.note(
        group=group,
        kind="series",
        words=f"“{series.title}” was planned: {counted(len(parts), 'part')}.",
        actor=by,
        detail={"series": series.pk},
    )
    return series


@transaction.atomic
def end_series(*, series: Series, by: User) -> None:
    """Remove a series from the upcoming meetings; parts that were read stay."""
    done = [PartPlan(each.title, each.extent) for each in _begun(series)]
    if done:
        plan_series(series=series, by=by, parts=done, from_day=timezone.now().date())
        return
    own = access.lock_group(series.group_id)
    planned = list(_coming(own).filter(series_part__series=series))
    SeriesPart.objects.filter(series=series).delete()
    _release(planned, own, series, by=by)
    LogEntry.note(group=own, kind="series", words=f"“{series.title}” was removed.", actor=by)
    series.delete()


def _check(parts: Sequence[PartPlan], done_count: int) -> None:
    if not parts:
        raise Refused("Enter at least one part, one per line.")
    if len(parts) > MAX_PARTS:
        raise Refused(f"A series has {MAX_PARTS} parts at most.")
    if len(parts) < done_count:
        raise Refused(f"The first {counted(done_count, 'part')} were read already, and stay.")


def _begun(series: Series) -> Iterable[SeriesPart]:
    parts = SeriesPart.objects.filter(series=series, meeting__starts_at__lte=timezone.now())
    return parts.exclude(meeting__phase__in=[Phase.CANCELLED, Phase.SKIPPED]).order_by("position")


def _coming(group: Group) -> MeetingQuerySet:
    coming = Meeting.objects.filter(group=group, starts_at__gt=timezone.now())
    return coming.select_for_update(no_key=True, of=("self",)).order_by("pk")


def _free_meetings(group: Group, series: Series, from_day: date) -> list[Meeting]:
    choosing = (Phase.PLANNED, Phase.NOMINATING, Phase.READY)
    coming = _coming(group).filter(day__gte=from_day, phase__in=choosing)
    ours = set(SeriesPart.objects.filter(series=series).values_list("meeting_id", flat=True))
    theirs = set(
        SeriesPart.objects.filter(series__group=group)
        .exclude(series=series)
        .values_list("meeting_id", flat=True)
    )
    reading = set(
        MeetingPaper.objects.filter(meeting__in=coming.values("pk")).values_list(
            "meeting_id", flat=True
        )
    )
    free = [
        each
        for each in coming
        if each.pk in ours or (each.pk not in theirs and each.pk not in reading and not each.title)
    ]
    return sorted(free, key=lambda each: (each.starts_at, each.pk))


def _write_parts(
    series: Series,
    parts: Sequence[PartPlan],
    done: Sequence[SeriesPart],
    meetings: Sequence[Meeting],
) -> None:
    for position, (row, part) in enumerate(zip(done, parts, strict=False), start=1):
        row.position, row.title, row.extent = position, part.title, part.extent
        # Saved in ascending order, so that no two rows share a position meanwhile.
        row.save(update_fields=["position", "title", "extent"])
    rest = parts[len(done) :]
    SeriesPart.objects.bulk_create(
        SeriesPart(
            series=series,
            position=position,
            title=part.title,
            extent=part.extent,
            meeting=meetings[index] if index < len(meetings) else None,
        )
        for index, (position, part) in enumerate(enumerate(rest, start=len(done) + 1))
    )


def _give(
    meetings: Sequence[Meeting],
    parts: Sequence[PartPlan],
    group: Group,
    series: Series,
    *,
    by: User,
) -> None:
    """Assign parts to meetings: the choice becomes the organisers', without a ballot."""
    for meeting, part in zip(meetings, parts, strict=False):
        title = title_of(series, part)
        if (meeting.title, meeting.choice) != (title, Cycle.Choice.ORGANISER):
            meeting.title, meeting.choice = title, Cycle.Choice.ORGANISER
            rows.touch(meeting)
            fitting.refit(meeting, group.cycle, by=by)
    Meeting.objects.bulk_update(meetings, _FIELDS)
    if series.paper_id is not None:
        MeetingPaper.objects.bulk_create(
            [MeetingPaper(meeting=each, paper_id=series.paper_id) for each in meetings],
            ignore_conflicts=True,
        )


def _release(meetings: Sequence[Meeting], group: Group, series: Series, *, by: User) -> None:
    """Remove the series from meetings, and restore the group's way of choosing."""
    ids = [each.pk for each in meetings]
    if series.paper_id is not None:
        MeetingPaper.objects.filter(meeting__in=ids, paper=series.paper_id).delete()
    for meeting in meetings:
        meeting.title, meeting.choice = "", group.cycle.choice
        rows.touch(meeting)
        fitting.refit(meeting, group.cycle, by=by)
        fitting.open_choice(meeting, by=by)
    Meeting.objects.bulk_update(meetings, _FIELDS)


def title_of(series: Series, part: PartPlan) -> str:
    """Return the title of a meeting that reads a part."""
    title = f"{series.title}: {part.title}" + (f", {part.extent}" if part.extent else "")
    return title if len(title) <= 300 else f"{title[:299]}…"
