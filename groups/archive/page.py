"""Lists of past meetings, each in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from groups.attendance.models import Attendance
from groups.meeting.files.models import MeetingFile
from groups.meeting.minutes.models import Minutes
from groups.rota.models import Seat
from groups.schedule.models import Meeting, MeetingPaper

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from groups.access import Visit


@dataclass(frozen=True)
class PastMeetings:
    """Meetings that were held, latest first."""

    visit: Visit
    rows: list[Meeting]
    total: int

    @property
    def all_url(self) -> str:
        return reverse("groups:archive", args=[self.visit.group.slug])


def past(visit: Visit, limit: int | None = None) -> PastMeetings:
    """Return the meetings that were held, latest first: five queries, six with a limit."""
    held = Meeting.objects.filter(group=visit.group).held()
    rows = rows_of(visit, held if limit is None else held[:limit])
    total = len(rows) if limit is None or len(rows) < limit else held.count()
    return PastMeetings(visit, rows, total)


def rows_of(visit: Visit, meetings: QuerySet[Meeting]) -> list[Meeting]:
    """Return meetings with the data of groups/_past.html: four queries, one if none match."""
    facts = meetings.annotate(**_FACTS).defer("note")
    found: list[Meeting] = [*facts.prefetch_related(*_PREFETCHED)]
    for meeting in found:
        meeting.group = visit.group
    return found


_came = Attendance.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
_FACTS = {
    "came_count": Coalesce(Subquery(_came.annotate(number=Count("pk")).values("number")), 0),
    "has_minutes": Exists(Minutes.objects.filter(meeting=OuterRef("pk")).exclude(text="")),
}
# The first file of each kind; the meeting's page lists the others.
_first_files = MeetingFile.objects.exclude(kind=MeetingFile.Kind.OTHER)
_first_files = _first_files.order_by("meeting", "kind", "pk").distinct("meeting", "kind")
_PREFETCHED = (
    Prefetch(
        "readings",
        MeetingPaper.objects.select_related("paper")
        .only(
            "meeting",
            "paper__source",
            "paper__external_id",
            "paper__title",
            "paper__title_html",
        )
        .order_by("position", "pk"),
    ),
    Prefetch(
        "seats",
        Seat.objects.filter(kind__is_presenter=True)
        .select_related("member")
        .only("meeting", "member__username", "member__full_name")
        .order_by("pk"),
        to_attr="presenting",
    ),
    Prefetch(
        "files",
        MeetingFile.objects.filter(pk__in=_first_files.values("pk"))
        .only("meeting", "kind", "title", "url")
        .order_by("pk"),
        to_attr="first_files",
    ),
)
