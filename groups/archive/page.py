"""Past meetings as lists show them, in a stated number of queries however many there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from groups.attendance.models import Attendance
from groups.meeting.files.models import MeetingFile
from groups.meeting.minutes.models import Minutes
from groups.meeting.minutes.page import file_url
from groups.rota.models import Seat
from groups.schedule.models import Meeting, MeetingPaper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from accounts.models import User
    from groups.access import Visit
    from papers.models import Paper


@dataclass(frozen=True)
class MeetingLink:
    label: str
    url: str
    leads_out: bool = False


@dataclass(frozen=True)
class PastMeeting:
    """A meeting that was held: what was read, who presented, what it left."""

    meeting: Meeting
    url: str
    came_count: int
    papers: list[Paper] = field(default_factory=list)
    presenters: list[User] = field(default_factory=list)
    links: list[MeetingLink] = field(default_factory=list)


@dataclass(frozen=True)
class Past:
    """Meetings that were held, the last first."""

    visit: Visit
    rows: list[PastMeeting]
    total: int

    @property
    def all_url(self) -> str:
        return reverse("groups:archive", args=[self.visit.group.slug])


def past(visit: Visit, limit: int | None = None) -> Past:
    """Return the last meetings that were held, or all of them: five queries, six with a limit."""
    held = Meeting.objects.filter(group=visit.group).held()
    rows = rows_of(visit, held if limit is None else held[:limit])
    total = len(rows) if limit is None or len(rows) < limit else held.count()
    return Past(visit, rows, total)


def rows_of(visit: Visit, meetings: QuerySet[Meeting]) -> list[PastMeeting]:
    """Return meetings with all that a list shows of them: four queries, one when there are none."""
    found = list(
        meetings.annotate(came_count=_came_count(), has_minutes=Exists(_minutes())).defer("note")
    )
    if not found:
        return []
    for meeting in found:
        meeting.group = visit.group
    ids = [meeting.pk for meeting in found]
    papers, presenters, files = _papers(ids), _presenters(ids), _files(ids)
    return [
        PastMeeting(
            meeting=meeting,
            url=meeting.get_absolute_url(),
            came_count=meeting.came_count,
            papers=papers[meeting.pk],
            presenters=presenters[meeting.pk],
            links=_links(visit, meeting, files[meeting.pk], has_minutes=meeting.has_minutes),
        )
        for meeting in found
    ]


def _came_count() -> Coalesce:
    came = Attendance.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    return Coalesce(Subquery(came.annotate(number=Count("pk")).values("number")), 0)


def _minutes() -> QuerySet[Minutes]:
    return Minutes.objects.filter(meeting=OuterRef("pk")).exclude(text="")


def _papers(meeting_ids: Sequence[int]) -> defaultdict[int, list[Paper]]:
    readings = MeetingPaper.objects.filter(meeting_id__in=meeting_ids).select_related("paper")
    readings = readings.order_by("meeting_id", "position", "pk").only(
        "meeting_id", "paper__external_id", "paper__title", "paper__title_html"
    )
    papers: defaultdict[int, list[Paper]] = defaultdict(list)
    for reading in readings:
        papers[reading.meeting_id].append(reading.paper)
    return papers


def _presenters(meeting_ids: Sequence[int]) -> defaultdict[int, list[User]]:
    seats = Seat.objects.filter(meeting_id__in=meeting_ids, kind__is_presenter=True)
    seats = seats.select_related("member").only(
        "meeting_id", "member__username", "member__full_name"
    )
    presenters: defaultdict[int, list[User]] = defaultdict(list)
    for seat in seats.order_by("meeting_id", "pk"):
        presenters[seat.meeting_id].append(seat.member)
    return presenters


def _files(meeting_ids: Sequence[int]) -> defaultdict[int, list[MeetingFile]]:
    found = MeetingFile.objects.filter(meeting_id__in=meeting_ids).order_by("meeting_id", "pk")
    files: defaultdict[int, list[MeetingFile]] = defaultdict(list)
    for file in found.only("meeting_id", "kind", "title", "url"):
        files[file.meeting_id].append(file)
    return files


def _links(
    visit: Visit, meeting: Meeting, files: list[MeetingFile], *, has_minutes: bool
) -> list[MeetingLink]:
    """Return the minutes and the first file of each kind; the meeting's page has the others."""
    links = []
    if has_minutes:
        url = reverse("groups:minutes_page", args=[visit.group.slug, meeting.occurs_on])
        links.append(MeetingLink("Minutes", url))
    kinds = set()
    for file in files:
        if file.kind not in kinds and file.kind != MeetingFile.Kind.OTHER:
            kinds.add(file.kind)
            label = file.get_kind_display()
            links.append(
                MeetingLink(label, file_url(visit, meeting, file), leads_out=bool(file.url))
            )
    return links
