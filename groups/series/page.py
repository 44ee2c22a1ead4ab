"""Pages of series: the plan, and shared reading progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q
from django.utils import timezone

from groups.meeting.progress.models import Progress
from groups.membership.models import Membership
from groups.series.models import Series, SeriesPart

if TYPE_CHECKING:
    from groups.access import Visit
    from groups.membership.models import Group
    from groups.schedule.models import Meeting


@dataclass(frozen=True)
class PartLine:
    """A part, its meeting, and its readers."""

    part: SeriesPart
    # Members who share that they read it; None for outsiders.
    read_count: int | None
    # The reader's own progress: "", "reading" or "read".
    own: str

    @property
    def meeting(self) -> Meeting | None:
        return self.part.meeting

    @property
    def is_over(self) -> bool:
        meeting = self.meeting
        return meeting is not None and not meeting.is_off and meeting.ends_at <= timezone.now()


def series_of(group: Group) -> list[Series]:
    """Return a group's series, with their number of parts and next meeting: one query."""
    to_come = Q(parts__meeting__starts_at__gt=timezone.now())
    series = Series.objects.filter(group=group).select_related("paper")
    return list(
        series.annotate(
            part_count=Count("parts"),
            left_count=Count("parts", filter=to_come | Q(parts__meeting=None, parts__id__gt=0)),
            next_on=Min("parts__meeting__day", filter=to_come),
        ).order_by("-id")
    )


def part_lines(visit: Visit, series: Series) -> list[PartLine]:
    """Return the parts of a series: one query for a visitor, three for a member."""
    parts = list(
        SeriesPart.objects.filter(series=series).select_related("meeting").order_by("position")
    )
    meetings = [each.meeting for each in parts if each.meeting is not None]
    for meeting in meetings:
        meeting.group = visit.group
    ids = [each.pk for each in meetings]
    counts = _read_counts(visit, ids) if visit.is_member else {}
    own = _own(visit, ids) if visit.is_member else {}
    return [
        PartLine(
            part=each,
            read_count=counts.get(each.meeting_id or 0, 0) if visit.is_member else None,
            own=own.get(each.meeting_id or 0, ""),
        )
        for each in parts
    ]


def _read_counts(visit: Visit, meeting_ids: list[int]) -> dict[int, int]:
    """Return for each meeting how many members share that they have read it."""
    sharing = Membership.objects.filter(group=visit.group, shares_progress=True)
    read = Progress.objects.filter(
        meeting__in=meeting_ids, state=Progress.State.READ, member__in=sharing.values("member")
    )
    return dict(read.values_list("meeting").annotate(Count("pk")).order_by())


def _own(visit: Visit, meeting_ids: list[int]) -> dict[int, str]:
    own = Progress.objects.filter(meeting__in=meeting_ids, member_id=visit.reader.pk)
    return dict(own.values_list("meeting_id", "state"))
