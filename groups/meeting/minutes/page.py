"""The panel of a meeting's minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from groups.meeting.minutes import minutes as keeping_minutes
from groups.meeting.minutes.models import Minutes
from groups.schedule.models import OFF, Meeting

if TYPE_CHECKING:
    from groups.access import Visit


@dataclass(frozen=True)
class MinutesPanel:
    """The minutes of a meeting, and the open tasks of the previous ones."""

    visit: Visit
    meeting: Meeting
    # Unsaved if nobody has written any.
    minutes: Minutes
    previous: Minutes | None
    # Whether the panel is an editor, as during a meeting.
    is_editor: bool = False

    max_length = Minutes.MAX_LENGTH

    @property
    def html(self) -> SafeString:
        return mark_safe(below_h2(self.minutes.html))  # noqa: S308 - sanitized when saved

    @property
    def is_written(self) -> bool:
        return bool(self.minutes.text)

    @property
    def has_history(self) -> bool:
        return self.minutes.version > 0

    @property
    def may_write(self) -> bool:
        return self.visit.is_full and not self.visit.group.is_closed

    @property
    def shows_editor(self) -> bool:
        return self.is_editor and self.may_write

    @property
    def url(self) -> str:
        return self._url("groups:minutes_page", self.meeting)

    @property
    def edit_url(self) -> str:
        return self._url("groups:minutes_edit", self.meeting)

    @property
    def history_url(self) -> str:
        return self._url("groups:minutes_history", self.meeting)

    @property
    def previous_url(self) -> str:
        return self._url("groups:minutes_page", self.previous.meeting) if self.previous else ""

    @property
    def left_to_do(self) -> list[str]:
        """Return the open tasks of the previous minutes."""
        if self.previous is None:
            return []
        template = self.visit.group.minutes_template
        return keeping_minutes.open_tasks(self.previous.text, template=template)

    @property
    def text_to_edit(self) -> str:
        """Return the minutes, or the group's template if nobody has saved any."""
        return self.minutes.text if self.has_history else self.visit.group.minutes_template

    def _url(self, name: str, meeting: Meeting) -> str:
        return reverse(name, args=[self.visit.group.slug, meeting.occurs_on])


def below_h2(html: str) -> str:
    """Shift the headings of a text to begin at h3, below the page's own."""
    levels = [int(level) for level in re.findall(r"<h([1-6])>", html)]
    raised = min(levels, default=3) - 3
    return re.sub(r"(</?h)([1-6])>", lambda tag: f"{tag[1]}{int(tag[2]) - raised}>", html)


def minutes_panel(visit: Visit, meeting: Meeting, *, is_editor: bool = False) -> MinutesPanel:
    """Return the minutes of a meeting for groups/_minutes_panel.html: two queries."""
    minutes = Minutes.objects.filter(meeting=meeting).select_related("updated_by").first()
    return MinutesPanel(
        visit=visit,
        meeting=meeting,
        minutes=minutes or Minutes(meeting=meeting),
        previous=_minutes_before(meeting),
        is_editor=is_editor,
    )


def _minutes_before(meeting: Meeting) -> Minutes | None:
    before = Minutes.objects.filter(
        meeting__group_id=meeting.group_id, meeting__starts_at__lt=meeting.starts_at
    )
    before = before.exclude(meeting__phase__in=OFF).exclude(text="").select_related("meeting")
    return before.order_by("-meeting__starts_at", "-meeting_id").first()
