"""What happened in a group, for its organisers to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from groups.membership.models import LogEntry

if TYPE_CHECKING:
    from accounts.models import User
    from groups.membership.models import Group
    from groups.schedule.models import Meeting


def note(
    *,
    group: Group | int,
    kind: str,
    words: str,
    actor: User | None = None,
    meeting: Meeting | None = None,
    number: int | None = None,
    detail: dict[str, Any] | None = None,
) -> LogEntry:
    """Add a line to the log, inside the transaction of what it tells of.

    Without an actor it was the clock. `number` is for changes of phase only: a second entry
    with a meeting's number breaks the constraint, and so undoes the second change.
    """
    entry = line(
        group=group, kind=kind, words=words, actor=actor, meeting=meeting, number=number,
        detail=detail,
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


def line(
    *,
    group: Group | int,
    kind: str,
    words: str,
    actor: User | None = None,
    meeting: Meeting | None = None,
    number: int | None = None,
    detail: dict[str, Any] | None = None,
) -> LogEntry:
    """Return a line of the log for the caller to save, perhaps with many others."""
    return LogEntry(
        group_id=group if isinstance(group, int) else group.pk,
        meeting=meeting,
        kind=kind,
        number=number,
        words=words[:300],
        actor=actor,
        at=timezone.now(),
        detail=detail or {},
    )
