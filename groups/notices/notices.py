"""Telling a group's members of something, once.

A Notice says that a group owed its members something and gave it; a Notification for each says
whom it reached, and whether they have read it. Both are unique, and they are the whole record:
mail and webhooks will be made from them by a job that asks which have no delivery yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from discussions.models import Notification
from discussions.notifications import notifications
from groups.membership.models import Membership
from groups.notices import gate
from groups.notices.models import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from groups.membership.models import Group
    from groups.schedule.models import Meeting

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
    told = tell(
        group=group,
        event=event,
        reason=REASONS[kind],
        recipients=recipients,
        words=words,
        url=url,
        actor=actor,
    )
    Notice.objects.filter(group=group, event=event).update(told_count=told)
    return True


def tell(
    *,
    group: Group,
    event: str,
    reason: str,
    recipients: Iterable[int],
    words: str,
    url: str,
    actor: User | None = None,
) -> int:
    """Tell single members of what concerns them, without a notice; return how many were told.

    The event begins with its group, so that the inbox shows nothing of it to whom a private
    group shuts out. What must reach them all the same, as that they were removed, is told by
    `notifications.tell` itself, under an event of another kind.
    """
    return notifications.tell(
        recipients=list(recipients),
        event=gate.event_of(group.pk, event),
        reason=reason,
        actor=actor,
        summary=words,
        url=url,
    )


def tell_organisers(
    *, group: Group, event: str, words: str, url: str, meeting: Meeting | None = None
) -> bool:
    """Give those who run a group a notice, once."""
    running = Membership.objects.running().filter(group=group)
    return give(
        group=group,
        kind=Notice.Kind.ORGANISERS,
        event=event,
        words=words,
        url=url,
        meeting=meeting,
        recipients=running.values_list("member_id", flat=True),
    )
