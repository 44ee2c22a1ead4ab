"""Editing a meeting: its topic, place, capacity and length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from common.refusals import Refused
from groups.attendance import answers
from groups.cycle.models import Cycle
from groups.membership.models import LogEntry
from groups.notices import notices, wording
from groups.notices.models import Notice
from groups.schedule import fitting, rows
from groups.schedule.changes import WallTime
from groups.schedule.meetings import lock
from groups.schedule.models import Phase
from groups.schedule.readings import set_papers
from groups.series.models import SeriesPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from groups.membership.models import Group
    from groups.schedule.models import Meeting
    from papers.models import Paper


@dataclass(frozen=True, kw_only=True)
class Details:
    """All settings of a meeting except its time; the group's defaults if empty."""

    choice: str
    duration_minutes: int
    title: str = ""
    note: str = ""
    join_url: str = ""
    place: str = ""
    capacity: int | None = None

    @classmethod
    def of(cls, meeting: Meeting) -> Details:
        return cls(**{name: getattr(meeting, name) for name in cls.__dataclass_fields__})


# Settings that cannot change once the meeting has begun.
_SETTLED = ("choice", "duration_minutes", "capacity")


@transaction.atomic
def edit_meeting(
    *, meeting: Meeting, by: User, details: Details, papers: Sequence[Paper] | None = None
) -> Meeting:
    """Change a meeting's settings and its papers, which stay if None.

    A smaller capacity moves the last who answered to the waiting list, a larger one gives places.
    """
    group, meeting = lock(meeting)
    before = Details.of(meeting)
    has_begun = meeting.has_begun
    for name in Details.__dataclass_fields__:
        if not (has_begun and name in _SETTLED):
            setattr(meeting, name, getattr(details, name))
    _check_choice(meeting, before, papers)
    read = set(meeting.readings.values_list("paper", flat=True))
    reads_others = papers is not None and set_papers(meeting, papers)
    after = Details.of(meeting)
    if after == before and not reads_others:
        return meeting
    rows.touch(meeting)
    if not has_begun:
        _refit(group, meeting, by=by)
    meeting.save(update_fields=[*rows.FIELDS, *Details.__dataclass_fields__])
    if after.capacity != before.capacity:
        answers.settle(meeting.pk)
    _tell(group, meeting, before, after, by=by)
    if meeting.is_upcoming and any(paper.pk not in read for paper in papers or []):
        _tell_what_is_read(group, meeting, by=by)
    return meeting


def _check_choice(meeting: Meeting, before: Details, papers: Sequence[Paper] | None) -> None:
    if meeting.choice != before.choice:
        if meeting.phase == Phase.VOTING:
            raise Refused("The ballot is open. Close it before an organiser picks.")
        if SeriesPart.objects.filter(meeting=meeting).exists():
            raise Refused("This meeting is part of a series. Remove it from the series first.")
    votes = meeting.choice == Cycle.Choice.BALLOT
    if papers and votes and meeting.phase in (Phase.PLANNED, Phase.NOMINATING, Phase.VOTING):
        raise Refused(
            "Members vote for the paper of this meeting. To set it yourself, choose that an "
            "organiser picks."
        )


def _refit(group: Group, meeting: Meeting, *, by: User) -> None:
    fitting.refit(meeting, group.cycle, by=by)
    if not meeting.readings.exists():
        fitting.open_choice(meeting, by=by)


def _tell(group: Group, meeting: Meeting, before: Details, after: Details, *, by: User) -> None:
    wall = WallTime(meeting.day, meeting.time, meeting.zone, meeting.duration_minutes)
    LogEntry.note(
        group=group,
        kind="edited",
        words=f"The meeting of {wall} was edited.",
        actor=by,
        meeting=meeting,
    )
    news = []
    if after.duration_minutes != before.duration_minutes:
        was, now = before.duration_minutes, after.duration_minutes
        news.append(f"it lasts {now} minutes instead of {was}")
    if after.place != before.place:
        news.append(f"the place is {after.place or group.place or 'not set'}")
    # The log omits the link itself: only the meeting's page checks who reads it.
    if after.join_url != before.join_url:
        news.append("the join link changed")
    if not news or not meeting.is_upcoming:
        return
    notices.give(
        group=group,
        kind=Notice.Kind.CHANGED,
        subject_id=meeting.pk,
        number=meeting.sequence,
        words=f"{group.name}, {wall}: {', '.join(news)}.",
        url=meeting.get_absolute_url(),
        meeting=meeting,
        actor=by,
    )


def _tell_what_is_read(group: Group, meeting: Meeting, *, by: User) -> None:
    notices.give(
        group=group,
        kind=Notice.Kind.READ,
        subject_id=meeting.pk,
        number=meeting.sequence,
        words=f"{group.name} reads {wording.read_at(meeting)} on {wording.when(meeting)}.",
        url=meeting.get_absolute_url(),
        meeting=meeting,
        actor=by,
    )
