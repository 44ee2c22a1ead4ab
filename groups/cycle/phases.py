"""Phase changes of meetings: by the clock or by hand, each exactly once.

The meeting's row is locked and checked, and the effects of the phase are written in the same
transaction. The number of a change is unique in the log: making the same change twice would roll
back the second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from common import due_work
from common.refusals import Refused
from groups.cycle import entailed, steps
from groups.membership.models import LogEntry
from groups.notices import wording
from groups.schedule.models import Meeting, Phase

if TYPE_CHECKING:
    from accounts.models import User
    from groups.cycle.steps import Step


def allowed(meeting: Meeting) -> list[Phase]:
    """Return the phases to which an organiser may move the meeting now."""
    return [step.to for step in steps.by_hand(meeting, timezone.now())]


@transaction.atomic
def advance(*, meeting_id: int, to: Phase, by: User | None = None) -> bool:
    """Move a meeting to a phase and carry out its effects: for an organiser, or by the clock.

    Return False if it is there already, or if the clock has nothing due. Raise Refused if an
    organiser asks for an impossible change.
    """
    meetings = Meeting.objects.select_related("group").filter(pk=meeting_id)
    meeting = meetings.select_for_update(of=("self",), no_key=True).first()
    if meeting is None or meeting.phase == to:
        return False
    if by is None:
        step = _due(meeting)
        if step is None or step.to != to:
            return False
    else:
        step = _asked_for(meeting, to)
    _take(meeting, step, by)
    return True


@transaction.atomic
def advance_by_clock(meeting_id: int) -> Phase | None:
    """Take the next step of a meeting if it is due and no other worker is taking it."""
    meeting = due_work.claim(Meeting.objects.select_related("group"), meeting_id)
    step = _due(meeting) if meeting else None
    if meeting is None or step is None:
        return None
    _take(meeting, step, None)
    return step.to


def _due(meeting: Meeting) -> Step | None:
    if meeting.group.is_closed:
        return None
    return steps.next_by_clock(meeting, timezone.now())


def _asked_for(meeting: Meeting, to: Phase) -> Step:
    if meeting.group.is_closed:
        raise Refused("This group is closed, so its meetings cannot be changed.")
    if meeting.is_off:
        raise Refused("This meeting is cancelled. Restore it first.")
    if steps.is_behind(meeting.phase, to):
        raise Refused(
            f"This meeting has moved on: {Phase(meeting.phase).label.lower()}. Nothing was changed."
        )
    step = steps.find(meeting.phase, to)
    if step is None:
        raise Refused("This step is not possible now.")
    if refusal := steps.why_not(meeting, step, timezone.now()):
        raise Refused(refusal)
    return step


def _take(meeting: Meeting, step: Step, by: User | None) -> None:
    number = meeting.phase_number + 1
    before = Meeting.objects.filter(
        pk=meeting.pk, phase=step.source, phase_number=meeting.phase_number
    )
    meeting.phase, meeting.phase_number = step.to, number
    meeting.due_at = meeting.next_due_at()
    before.update(phase=step.to, phase_number=number, due_at=meeting.due_at)
    LogEntry.note(
        group=meeting.group_id,
        meeting=meeting,
        kind="phase",
        number=number,
        words=f"{step.done} for {wording.short_day(meeting)}",
        actor=by,
        detail={"from": step.source, "to": step.to},
    )
    entailed.carry_out(meeting, step)
