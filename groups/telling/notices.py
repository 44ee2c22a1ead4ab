"""Telling a group's members of something, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from discussions.models import Notification
from discussions.telling import notifications
from groups.models import Membership, Notice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from groups.models import Group, Meeting

Reason = Notification.Reason

# What the inbox files each kind under.
REASONS = {
    Notice.Kind.REMINDER: Reason.REMINDER,
    Notice.Kind.NOMINATIONS: Reason.BALLOT,
    Notice.Kind.BALLOT: Reason.BALLOT,
    Notice.Kind.CLOSING: Reason.BALLOT,
    Notice.Kind.CHOSEN: Reason.BALLOT,
    Notice.Kind.CHANGED: Reason.MEETING,
    Notice.Kind.CANCELLED: Reason.MEETING,
    Notice.Kind.RECAP: Reason.MEETING,
    Notice.Kind.ORGANISERS: Reason.GROUP,
}


@transaction.atomic
def give(
    *,
    group: Group,
    kind: Notice.Kind,
    event: str,
    words: str,
    url: str,
    meeting: Meeting | None = None,
    recipients: Iterable[int] | None = None,
    actor: User | None = None,
) -> bool:
    """Tell members of one event, all of the group unless recipients are named.

    `event` names it within the group for all time, as "chosen:12". Return False, having done
    nothing, when the notice was given before: of two at once, one gives it.
    """
    # Waits for another that is giving the same notice, and then finds it there.
    _, is_new = Notice.objects.get_or_create(
        group=group,
        event=event,
        defaults={"meeting": meeting, "kind": kind, "at": timezone.now()},
    )
    if not is_new:
        return False
    if recipients is None:
        recipients = Membership.objects.filter(group=group).values_list("member_id", flat=True)
    told = notifications.tell(
        recipients=list(recipients),
        event=f"group:{group.pk}:{event}"[:64],
        reason=REASONS[kind],
        actor=actor,
        summary=words,
        url=url,
    )
    Notice.objects.filter(group=group, event=event).update(told_count=told)
    return True
