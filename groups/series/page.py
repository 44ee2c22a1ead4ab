"""What the pages of series show: the plan, and how far those who share it have read."""

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
    """A part, its meeting, and who read it."""

    part: SeriesPart
    # Members who show that they read it; None for those outside.
    read_count: int | None
    # What the reader said of it: "", "reading" or "read".
    own: str

    @property
    def meeting(self) -> Meeting | None:
        return self.part.meeting

    @property
    def is_over(self) -> bool:
        meeting = self.meeting
        return meeting is not None and not meeting.is_off and meeting.ends_at <= timezone.now()


def series_of(group: Group) -> list[Series]:
    """Return a group's series, with their parts counted and the next meeting: one query."""
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
    """Return the plan: one query for a visitor, three for a member."""
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
    """Count for each meeting who has read, of those who share it."""
    sharing = Membership.objects.filter(group=visit.group, shares_progress=True)
    read = Progress.objects.filter(
        meeting__in=meeting_ids, state=Progress.State.READ, member__in=sharing.values("member")
    )
    return dict(read.values_list("meeting").annotate(Count("pk")).order_by())


def _own(visit: Visit, meeting_ids: list[int]) -> dict[int, str]:
    own = Progress.objects.filter(meeting__in=meeting_ids, member_id=visit.reader.pk)
    return dict(own.values_list("meeting_id", "state"))
