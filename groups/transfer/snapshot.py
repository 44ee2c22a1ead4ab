"""Exporting a whole group, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from groups.ballots.models import Nomination
from groups.membership.models import Membership
from groups.rota.models import SeatKind
from groups.schedule.models import Schedule
from groups.series.models import Series, SeriesPart
from groups.transfer.meeting_entries import Names, entries_of
from groups.transfer.schema import (
    FORMAT,
    VERSION,
    CountsEntry,
    CycleEntry,
    GroupEntry,
    GroupFile,
    NominationEntry,
    PaperEntry,
    PartEntry,
    PersonEntry,
    ScheduleEntry,
    SeatKindEntry,
    SeriesEntry,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from groups.cycle.models import Cycle
    from groups.membership.models import Group
    from papers.models import Paper

CYCLE_FIELDS = (
    "choice", "nominations_open_hours", "ballot_opens_hours", "ballot_closes_hours", "method",
    "electorate", "electorate_meetings", "hides_results", "quorum", "max_approvals",
    "max_candidates", "rounds_kept", "reminder_minutes", "written_days",
)  # fmt: skip
GROUP_FIELDS = (
    "name", "slug", "summary", "visibility", "joining", "join_question", "description", "rules",
    "join_url", "place", "capacity", "minutes_template", "survey_question",
)  # fmt: skip
SCHEDULE_FIELDS = (
    "frequency", "interval", "weekday", "nth", "zone", "starts_on", "ends_on", "duration_minutes",
)  # fmt: skip


class People:
    """The people in the file, each once."""

    def __init__(self) -> None:
        self.entries: dict[str, PersonEntry] = {}

    def add(self, member: User, role: str = "") -> str:
        """Add a member, and return their name in the file."""
        if member.username not in self.entries:
            self.entries[member.username] = PersonEntry(
                username=member.username, name=member.display_name, role=role
            )
        return member.username

    def add_text(self, username: str) -> str:
        """Add a name from an earlier import, which has no account here."""
        entry = PersonEntry(username=username, name="", role="")
        self.entries.setdefault(username, entry)
        return username

    def known(self, member: User | None) -> str | None:
        return None if member is None else self.add(member)


def take(group: Group) -> GroupFile:
    """Return everything that an organiser may export; the group's cycle must be loaded."""
    people = People()
    memberships = Membership.objects.filter(group=group).select_related("member")
    for membership in memberships.order_by("role", "joined_at", "id"):
        people.add(membership.member, membership.role)
    schedules = list(Schedule.objects.filter(group=group).order_by("starts_on"))
    nominations = list(
        Nomination.objects.filter(group=group)
        .select_related("paper", "nominated_by")
        .order_by("created_at", "id")
    )
    places = {each.pk: place for place, each in enumerate(nominations)}
    starts = {each.pk: each.starts_on for each in schedules}
    names = Names(people=people, starts=starts, nominations=places)
    meetings = entries_of(group, names)
    nominated = [_nomination(each, people) for each in nominations]
    series = _series(group)
    kinds = SeatKind.objects.filter(group=group).order_by("position", "id")
    return GroupFile(
        format=FORMAT,
        version=VERSION,
        site=settings.SITE_URL,
        exported_at=timezone.now().replace(microsecond=0),
        counts=CountsEntry(
            people=len(people.entries),
            schedules=len(schedules),
            meetings=len(meetings),
            nominations=len(nominations),
            series=len(series),
        ),
        group=_group(group),
        cycle=_cycle(group.cycle),
        people=sorted(people.entries.values(), key=lambda each: each.username),
        seat_kinds=[_seat_kind(each) for each in kinds],
        schedules=[_schedule(each) for each in schedules],
        meetings=meetings,
        nominations=nominated,
        series=series,
    )


def paper_entry(paper: Paper) -> PaperEntry:
    return PaperEntry(source=paper.source, id=paper.external_id, title=paper.title_text[:2000])


def _values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _group(group: Group) -> GroupEntry:
    topics = sorted(group.topics.values_list("code", flat=True))
    return GroupEntry(topics=topics, **_values(group, GROUP_FIELDS))


def _cycle(cycle: Cycle) -> CycleEntry:
    return CycleEntry(**_values(cycle, CYCLE_FIELDS))


def _seat_kind(kind: SeatKind) -> SeatKindEntry:
    return SeatKindEntry(
        name=kind.name,
        task=kind.task,
        is_presenter=kind.is_presenter,
        is_retired=kind.retired_at is not None,
    )


def _schedule(schedule: Schedule) -> ScheduleEntry:
    return ScheduleEntry(times=list(schedule.times), **_values(schedule, SCHEDULE_FIELDS))


def _nomination(nomination: Nomination, people: People) -> NominationEntry:
    return NominationEntry(
        paper=paper_entry(nomination.paper),
        pitch=nomination.pitch,
        would_present=nomination.would_present,
        state=nomination.state,
        rounds=nomination.rounds,
        seconds=nomination.second_count,
        nominated_by=people.known(nomination.nominated_by),
        created_at=nomination.created_at,
        ended_at=nomination.ended_at,
    )


def _series(group: Group) -> list[SeriesEntry]:
    parts: dict[int, list[PartEntry]] = defaultdict(list)
    rows = SeriesPart.objects.filter(series__group=group).order_by("series", "position")
    for series_id, title, extent, day in rows.values_list(
        "series_id", "title", "extent", "meeting__occurs_on"
    ):
        meeting: date | None = day
        parts[series_id].append(PartEntry(title=title, extent=extent, meeting=meeting))
    found = Series.objects.filter(group=group).select_related("paper").order_by("pk")
    return [
        SeriesEntry(
            title=each.title,
            paper=paper_entry(each.paper) if each.paper else None,
            url=each.url,
            note=each.note,
            parts=parts[each.pk],
        )
        for each in found
    ]
