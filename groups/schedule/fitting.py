"""Updating a meeting's moments and phase after its time or choice changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from groups.cycle.models import Cycle
from groups.membership.models import LogEntry
from groups.schedule.models import Meeting, Phase

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

# The fields that the functions below change.
FIELDS = [*Meeting.MOMENTS, "phase", "phase_number"]


def begin(meeting: Meeting, cycle: Cycle, *, now: datetime) -> None:
    """Compute the moments and the first phase of a new or restored meeting.

    Changes only the instance.
    """
    meeting.set_moments(cycle)
    meeting.phase = Phase.PLANNED if has_time_to_choose(meeting, now) else Phase.READY
    meeting.due_at = meeting.next_due_at()


def refit(meeting: Meeting, cycle: Cycle, *, by: User | None) -> None:
    """Compute the moments of a changed meeting, and adjust its phase.

    If no time to vote is left, nominations and ballot are skipped: a ballot that opens and closes
    at once would ask everybody and collect no votes. A running ballot continues. Changes the
    instance, and writes the log.
    """
    meeting.set_moments(cycle)
    has_time = has_time_to_choose(meeting, timezone.now())
    if meeting.phase in (Phase.PLANNED, Phase.NOMINATING) and not has_time:
        change_phase(meeting, Phase.READY, by=by, words="The meeting has no ballot.")


def open_choice(meeting: Meeting, *, by: User | None) -> None:
    """Let members choose for a meeting that was ready without a ballot, if there is time."""
    if opens_choice(meeting) and not hasattr(meeting, "ballot"):
        change_phase(meeting, Phase.PLANNED, by=by, words="Members vote for the paper again.")


def opens_choice(meeting: Meeting) -> bool:
    """Return whether members can still choose for a meeting that is ready."""
    return meeting.phase == Phase.READY and has_time_to_choose(meeting, timezone.now())


def has_time_to_choose(meeting: Meeting, now: datetime) -> bool:
    """Return whether members choose the paper, and can still vote before the ballot closes."""
    closes_at = meeting.ballot_closes_at
    return meeting.choice == Cycle.Choice.BALLOT and closes_at is not None and closes_at > now


def change_phase(meeting: Meeting, phase: Phase, *, by: User | None, words: str) -> None:
    """Set the phase and the next due time, and log it under the meeting's next number."""
    set_phase(meeting, phase, by=by, words=words).save()


def set_phase(meeting: Meeting, phase: Phase, *, by: User | None, words: str) -> LogEntry:
    """Like `change_phase`, but return the log entry for the caller to save."""
    before = meeting.phase
    meeting.phase = phase
    meeting.phase_number += 1
    meeting.due_at = meeting.next_due_at()
    return LogEntry.note(
        group=meeting.group_id,
        kind="phase",
        words=words,
        actor=by,
        meeting=meeting,
        number=meeting.phase_number,
        detail={"from": before, "to": str(phase)},
        saves=False,
    )
