"""The reading progress of the reader and of the group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse

from groups.meeting.progress import progress as keeping
from groups.meeting.progress import spoilers
from groups.meeting.progress.forms import ProgressForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from groups.access import Visit
    from groups.meeting.progress.models import Progress, Section
    from groups.schedule.models import Meeting


@dataclass
class ProgressPanel:
    visit: Visit
    meeting: Meeting
    sections: Sequence[Section]
    # The reader's own.
    own: Progress | None
    group: keeping.GroupProgress
    # The submitted form.
    sent_form: ProgressForm | None = None

    @cached_property
    def form(self) -> ProgressForm:
        if self.sent_form is not None:
            return self.sent_form
        membership = self.visit.membership
        start = {
            "state": self.own.state if self.own else "none",
            "sections": sorted(spoilers.read_sections(self.sections, self.own)),
            "shares_progress": membership is not None and membership.shares_progress,
            "folds_ahead": membership is not None and membership.folds_ahead,
        }
        return ProgressForm(sections=self.sections, start=start)

    @property
    def may_set(self) -> bool:
        return self.visit.is_member and not self.visit.group.is_closed

    @property
    def own_words(self) -> str:
        return self.own.get_state_display() if self.own else "Not started"

    @cached_property
    def to_nudge(self) -> list[User]:
        """Return attendees who share that they have not begun: for organisers."""
        if not self.visit.is_running or not self.meeting.is_upcoming:
            return []
        return keeping.to_nudge(self.meeting)

    @property
    def url(self) -> str:
        return self._url("groups:progress_set")

    @property
    def sections_url(self) -> str:
        return self._url("groups:section_edit")

    def _url(self, name: str) -> str:
        return reverse(name, args=[self.visit.group.slug, self.meeting.occurs_on])


def progress_panel(
    visit: Visit,
    meeting: Meeting,
    *,
    sections: Sequence[Section],
    own: Progress | None,
    form: ProgressForm | None = None,
) -> ProgressPanel:
    """Return the panel for groups/_progress.html: two queries, and one for organisers.

    Progress is shared with the group: other readers see only the sections.
    """
    nothing = keeping.GroupProgress(0, 0, 0, [])
    group = keeping.group_progress(meeting, sections) if visit.is_member else nothing
    return ProgressPanel(visit, meeting, sections, own, group, form)
