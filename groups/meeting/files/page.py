"""The files of a meeting on its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from groups.access import Visit
    from groups.meeting.files.models import MeetingFile
    from groups.schedule.models import Meeting


@dataclass(frozen=True)
class FilesPanel:
    visit: Visit
    meeting: Meeting
    files: Sequence[MeetingFile]
    # Ids of the files that the reader may delete.
    deletable: Collection[int]

    @property
    def may_add(self) -> bool:
        return self.visit.is_full and not self.visit.group.is_closed

    @property
    def add_url(self) -> str:
        return reverse("groups:file_create", args=[self.visit.group.slug, self.meeting.occurs_on])


def files_panel(visit: Visit, meeting: Meeting) -> FilesPanel:
    """Return the files of a meeting for groups/_files.html: one query."""
    files = list(meeting.files.select_related("added_by", "consent_noted_by").order_by("pk"))
    deletable = {file.pk for file in files if may_delete(visit, file)}
    return FilesPanel(visit, meeting, files, deletable)


def may_delete(visit: Visit, file: MeetingFile) -> bool:
    """Return whether the reader runs the group, or added the file."""
    is_own = visit.is_full and file.added_by_id == visit.reader.pk
    return (visit.is_running or is_own) and not visit.group.is_closed
