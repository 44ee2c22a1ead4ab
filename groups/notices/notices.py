"""Telling a group's members of something, once.

A Notice says that a group owed its members something and gave it; a Notification for each says
whom it reached, and whether they have read it. Both are unique, and they are the whole record:
mail and webhooks will be made from them by a job that asks which have no delivery yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from discussions.models import Notification
from discussions.notifications import notifications
from groups.membership.models import Membership
from groups.notices import gate
from groups.notices.models import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User
    from groups.membership.models import Group
    from groups.schedule.models import Meeting

Reason = Notification.Reason

# What the inbox files each kind under; the others are about the group.
REASONS = {
    Notice.Kind.REMINDER: Reason.REMINDER,
    Notice.Kind.SEAT: Reason.REMINDER,
    Notice.Kind.NOMINATIONS: Reason.BALLOT,
    Notice.Kind.BALLOT: Reason.BALLOT,
    Notice.Kind.CLOSING: Reason.BALLOT,
    Notice.Kind.CHOSEN: Reason.BALLOT,
    Notice.Kind.PICKED: Reason.BALLOT,
    Notice.Kind.READ: Reason.BALLOT,
    Notice.Kind.RETIRED: Reason.BALLOT,
    Notice.Kind.CHANGED: Reason.MEETING,
    Notice.Kind.ADDED: Reason.MEETING,
    Notice.Kind.SCHEDULE: Reason.MEETING,
    Notice.Kind.CANCELLED: Reason.MEETING,
    Notice.Kind.RECAP: Reason.MEETING,
}


@transaction.atomic
def give(
    *,
    group: Group,
    kind: Notice.Kind,
    subject_id: int,
    words: str,
    url: str,
    number: int = 0,
    moment: datetime | None = None,
    meeting: Meeting | None = None,
    recipients: Iterable[int] | None = None,
    actor: User | None = None,
) -> bool:
    """Tell members of one event, all of the group unless recipients are named.

    Kind, subject, number and moment name it within the group for all time. Return False, having
    done nothing, when the notice was given before: of two at once, one gives it.
    """
    # Waits for another that is giving the same notice, and then finds it there.
    notice, is_new = Notice.objects.get_or_create(
        group=group,
        kind=kind,
        subject_id=subject_id,
        number=number,
        moment=moment,
        defaults={"meeting": meeting, "at": timezone.now()},
    )
    if not is_new:
        return False
    if recipients is None:
        recipients = Membership.objects.filter(group=group).values_list("member_id", flat=True)
    notice.told_count = notifications.tell(
        recipients=list(recipients),
        event=event_of(notice),
        reason=REASONS.get(kind, Reason.GROUP),
        actor=actor,
        summary=words,
        url=url,
    )
    notice.save(update_fields=["told_count"])
    return True


def tell_organisers(
    *,
    group: Group,
    kind: Notice.Kind,
    subject_id: int,
    words: str,
    url: str,
    number: int = 0,
    moment: datetime | None = None,
    meeting: Meeting | None = None,
) -> bool:
    """Give those who run a group a notice, once."""
    running = Membership.objects.running().filter(group=group)
    return give(
        group=group,
        kind=kind,
        subject_id=subject_id,
        number=number,
        moment=moment,
        words=words,
        url=url,
        meeting=meeting,
        recipients=running.values_list("member_id", flat=True),
    )


def event_of(notice: Notice) -> str:
    """Name a notice in the inboxes of those whom it was told.

    It begins with its group, so that the inbox shows nothing of it to whom a private group
    shuts out.
    """
    return gate.event_of(notice.group_id, f"notice:{notice.pk}")


def given(kind: Notice.Kind, **key: str | int) -> Exists:
    """Match rows about which a notice of the kind was given. A string names a column of theirs."""
    columns = {
        name: OuterRef(value) if isinstance(value, str) else value for name, value in key.items()
    }
    return Exists(Notice.objects.filter(kind=kind, **{"number": 0} | columns))
