"""The minutes of a meeting: the last save wins, and no text is lost.

Each revision is one member's text, and the latest is the current one. Its number is the version it
belongs to: a save knows from its base version whether it continues the same writer's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.safestring import SafeString

from common.refusals import Refused
from common.text import is_visible
from discussions.comments import rendering
from discussions.comments.differences import DifferencePiece, differences
from discussions.markdown import comment_text, parsing
from groups.meeting.minutes.models import Minutes, MinutesRevision

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from groups.schedule.models import Meeting

# A member's saves within this time of the first are one revision.
ONE_SITTING = timedelta(minutes=5)
REVISIONS_SHOWN = 10
MAX_TASKS = 20
_TASK_LENGTH = 200
_OPEN_TASK = re.compile(r"^[ \t]*(?:[-*+]|\d{1,4}[.)])[ \t]+\[ \][ \t]+(\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class SavedMinutes:
    version: int
    at: datetime
    # Who had saved since the base version; "" if nobody had.
    overwrote: str = ""

    @property
    def words(self) -> str:
        """Return a message that tells the writer whose text was overwritten."""
        if not self.overwrote:
            return ""
        return f"{self.overwrote} saved another version in the meantime. It is in the history."


def save(*, meeting: Meeting, editor: User, text: str, base_version: int) -> SavedMinutes:
    """Save the minutes of a meeting; the history keeps the previous text.

    `base_version` is the version on which the text is based. Raise Refused for a text that is too
    long.
    """
    text = cleaned(text)
    html = render(text)
    with transaction.atomic():
        minutes = _locked(meeting)
        if minutes.version and text == minutes.text:
            return SavedMinutes(minutes.version, minutes.updated_at)
        overwrote = ""
        if base_version != minutes.version:
            overwrote = _writer_of(minutes, editor)
        return _write(minutes, editor, text, html, base_version=base_version, overwrote=overwrote)


def restore(*, meeting: Meeting, editor: User, number: int) -> SavedMinutes:
    """Save an earlier text as a new revision. The number must exist."""
    revision = MinutesRevision.objects.get(minutes_id=meeting.pk, number=number)
    html = render(revision.text)
    with transaction.atomic():
        minutes = _locked(meeting)
        if revision.text == minutes.text:
            return SavedMinutes(minutes.version, minutes.updated_at)
        return _write(minutes, editor, revision.text, html)


def cleaned(text: str) -> str:
    """Return the text as it is stored: a comment's rules, except that it may be empty."""
    try:
        return comment_text.clean_text(text, limit=Minutes.MAX_LENGTH)
    except comment_text.TextError as error:
        if not is_visible(text):
            return ""
        raise Refused(
            f"Minutes can have up to {Minutes.MAX_LENGTH:,} characters, and these have"
            f" {len(text):,}. Nothing was saved. Shorten them, or add the rest as a file."
        ) from error


def render(text: str) -> SafeString:
    """Return the HTML of a cleaned text. Text that Markdown refuses is shown as typed."""
    if not text:
        return SafeString("")
    return rendering.render_many([text], limit=Minutes.MAX_LENGTH)[0].html


def open_tasks(text: str, *, template: str = "") -> list[str]:
    """Return the open tasks ("- [ ] to be done") of a text, as plain text.

    Lines that the template contains are ignored.
    """
    blank = set(_OPEN_TASK.findall(template))
    found = [task for task in _OPEN_TASK.findall(text) if task not in blank]
    return [parsing.to_plain(task, _TASK_LENGTH) for task in found[:MAX_TASKS]]


@dataclass(frozen=True)
class RevisionRow:
    """A revision of the minutes, compared with the previous one."""

    number: int
    editor: User | None
    at: datetime
    pieces: list[DifferencePiece]
    is_current: bool


@dataclass(frozen=True)
class MinutesHistory:
    """Revisions, newest first. The next page shows those below the number `older`."""

    revisions: list[RevisionRow]
    older: int | None


def history_of(meeting: Meeting, *, below: int | None = None) -> MinutesHistory:
    """Return the latest revisions, or those below a number: one query."""
    rows = MinutesRevision.objects.filter(minutes_id=meeting.pk).select_related("editor")
    if below is not None:
        rows = rows.filter(number__lt=below)
    # One more than is shown, to compare the oldest with its predecessor.
    found = list(rows.order_by("-number")[: REVISIONS_SHOWN + 1])
    before = [*[row.text for row in found[1:]], None]
    revisions = [
        RevisionRow(
            number=row.number,
            editor=row.editor,
            at=row.at,
            pieces=[DifferencePiece("kept", row.text)]
            if old is None
            else differences(old, row.text),
            is_current=below is None and place == 0,
        )
        for place, (row, old) in enumerate(zip(found[:REVISIONS_SHOWN], before, strict=False))
    ]
    return MinutesHistory(revisions, revisions[-1].number if len(found) > REVISIONS_SHOWN else None)


def _locked(meeting: Meeting) -> Minutes:
    Minutes.objects.get_or_create(
        meeting=meeting, defaults={"rendered_with": rendering.RENDERED_WITH}
    )
    locked = Minutes.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("updated_by").get(meeting=meeting)


def _writer_of(minutes: Minutes, editor: User) -> str:
    if minutes.updated_by is None:
        return "Someone"
    return "You" if minutes.updated_by == editor else minutes.updated_by.display_name


def _write(
    minutes: Minutes,
    editor: User,
    text: str,
    html: SafeString,
    *,
    base_version: int | None = None,
    overwrote: str = "",
) -> SavedMinutes:
    """Create the latest revision, or extend the editor's own."""
    now = timezone.now()
    version = minutes.version + 1
    own = MinutesRevision.objects.none()
    if base_version is not None:
        own = minutes.revisions.filter(number=base_version, editor=editor, at__gt=now - ONE_SITTING)
    if not own.update(number=version, text=text):
        MinutesRevision.objects.create(
            minutes=minutes, number=version, text=text, editor=editor, at=now
        )
    minutes.text, minutes.html, minutes.rendered_with = text, html, rendering.RENDERED_WITH
    minutes.version, minutes.updated_by, minutes.updated_at = version, editor, now
    minutes.save()
    return SavedMinutes(version, now, overwrote)
