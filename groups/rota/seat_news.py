"""Notices about seats that members receive or lose."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.urls import reverse

from discussions.models import Notification
from discussions.notifications import notifications
from groups.membership.models import Membership
from groups.notices import gate, wording

if TYPE_CHECKING:
    from accounts.models import User
    from groups.membership.models import Group
    from groups.rota.models import Seat, SeatKind
    from groups.schedule.models import Meeting

Reason = Notification.Reason


def tell_given(
    meeting: Meeting, kind: SeatKind, *, member: User, replaced: User | None, by: User | None
) -> None:
    """Notify the new holder of a seat, and the previous one."""
    name = wording.name(meeting)
    words = f"{kind.name} at {name} is yours."
    if by is None:
        words = f"Your nomination was chosen: {words}"
    _tell(meeting, [member], words, by=by)
    if replaced is not None:
        words = f"{kind.name} at {name} is no longer yours: {member.display_name} has it."
        _tell(meeting, [replaced], words, by=by)


def tell_left(meeting: Meeting, kind: SeatKind, *, holder: User, by: User) -> None:
    """Notify organisers that a member gave up a seat, or the member that an organiser freed it."""
    name = wording.name(meeting)
    if holder.pk != by.pk:
        _tell(meeting, [holder], f"{kind.name} at {name} is no longer yours.", by=by)
        return
    words = f"{holder.display_name} has given up {kind.name} at {name}."
    tell_organisers(meeting.group, words=words, but=holder.pk, url=meeting.get_absolute_url())


def tell_retired(seat: Seat) -> None:
    """Notify the holder of a seat that the group does not fill any more."""
    name = wording.name(seat.meeting)
    words = (
        f"The group no longer has the seat {seat.kind.name}, so you no longer have it at {name}."
    )
    _tell(seat.meeting, [seat.member], words, by=None)


def tell_organisers(group: Group, *, words: str, but: int, url: str = "") -> None:
    """Notify those who run the group, except the one who acted."""
    running = Membership.objects.running().filter(group=group).exclude(member=but)
    notifications.tell(
        recipients=list(running.values_list("member_id", flat=True)),
        event=gate.event_of(group.pk, f"seat:{uuid.uuid4().hex}"),
        reason=Reason.GROUP,
        summary=words,
        url=url or reverse("groups:rota_page", args=[group.slug]),
    )


def _tell(meeting: Meeting, recipients: list[User], words: str, *, by: User | None) -> None:
    notifications.tell(
        recipients=recipients,
        event=gate.event_of(meeting.group_id, f"seat:{uuid.uuid4().hex}"),
        reason=Reason.GROUP,
        actor=by,
        summary=words,
        url=meeting.get_absolute_url(),
    )
