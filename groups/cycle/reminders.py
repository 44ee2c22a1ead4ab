"""Reminding members of a meeting, each so long before it as they like to be.

A meeting has as many reminders as there are lead times in its group: the group's own and those
of single members. Each is a notice that names meeting, lead and beginning, so it is given once,
and again when the meeting is moved. Whoever has several leads behind them, because the worker
was away, is told once.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from common import due_work
from discussions.models import Notification
from groups.attendance.models import Rsvp
from groups.cycle import nudges
from groups.cycle.models import Cycle
from groups.membership.models import Membership, Role
from groups.notices import notices, wording
from groups.notices.models import Notice
from groups.schedule.models import TO_COME, Meeting

# Nobody is reminded longer before than this, whatever they chose: what a sweep looks ahead.
LONGEST_LEAD = timedelta(days=14)


def sweep() -> int:
    """Give every reminder, and every nudge, that is owed now. Return how many notices it was."""
    return due_work.sweep(due_work.Work("groups.remind", owed, remind), *nudges.WORKS)


def owed() -> list[int]:
    """Return the meetings of which a reminder is due and was not given: one query."""
    values: dict[str, Any] = {"now": timezone.now(), "longest": LONGEST_LEAD}
    with connection.cursor() as cursor:
        cursor.execute(_OWED_SQL, values)
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def remind(meeting_id: int) -> int:
    """Give the reminders of a meeting that are due; return how many notices it was.

    Leads that no member has any more are given to nobody: the notice says that they were.
    """
    meeting = due_work.claim(Meeting.objects.running().select_related("group"), meeting_id)
    if meeting is None or meeting.phase not in TO_COME:
        return 0
    left = meeting.starts_at - timezone.now()
    if left <= timedelta():
        return 0
    usual = Cycle.objects.values_list("reminder_minutes", flat=True).get(group=meeting.group_id)
    given = _given(meeting)
    members = _members(meeting)
    told = _told([member_id for member_id, *_ in members], given)
    recipients: dict[int, list[int]] = {lead: [] for lead in usual if _is_due(lead, left)}
    for member_id, own, is_coming in members:
        leads = [lead for lead in (usual if own is None else own) if _is_due(lead, left)]
        for lead in leads:
            recipients.setdefault(lead, [])
        # Of those behind them, only the last; and not again what a later reminder told them.
        if leads and is_coming and min(leads) < told.get(member_id, math.inf):
            recipients[min(leads)].append(member_id)
    owed = sorted(recipients.keys() - given.keys())
    return sum(_give(meeting, lead, recipients[lead]) for lead in owed)


def _is_due(lead: int, left: timedelta) -> bool:
    return left <= timedelta(minutes=lead)


def _members(meeting: Meeting) -> list[tuple[int, list[int] | None, bool]]:
    """Return each member with their own leads, and with whether they are to be reminded.

    Those who come, may come or have not said are, and guests who said so. Who waits for a place,
    or does not come, is not.
    """
    answers = Rsvp.objects.filter(meeting=meeting, member=OuterRef("member"))
    coming = answers.exclude(answer="no").filter(is_waiting=False)
    members = Membership.objects.filter(group=meeting.group_id).annotate(
        is_coming=Q(Exists(coming)) | (~Q(role=Role.GUEST) & ~Exists(answers))
    )
    return list(members.values_list("member_id", "reminder_minutes", "is_coming"))


def _given(meeting: Meeting) -> dict[int, str]:
    """Return the event of each lead whose reminder of the meeting as it is now was given."""
    given = Notice.objects.filter(
        group=meeting.group_id,
        kind=Notice.Kind.REMINDER,
        subject_id=meeting.pk,
        moment=meeting.starts_at,
    )
    return {notice.number: notices.event_of(notice) for notice in given}


def _told(member_ids: list[int], given: dict[int, str]) -> dict[int, int]:
    """Return the shortest lead at which each member was reminded."""
    leads = {event: lead for lead, event in given.items()}
    told = Notification.objects.filter(recipient__in=member_ids, event__in=leads)
    rows = told.values_list("event", "recipient")
    found = sorted(((leads[event], member_id) for event, member_id in rows), reverse=True)
    return {member_id: lead for lead, member_id in found}


def _give(meeting: Meeting, minutes: int, recipients: list[int]) -> bool:
    read = wording.read_at(meeting)
    return notices.give(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.REMINDER,
        subject_id=meeting.pk,
        number=minutes,
        moment=meeting.starts_at,
        words=(
            f"{meeting.group.name} meets on {wording.when(meeting)}"
            f"{f' and reads {read}' if read else ''}."
        ),
        url=meeting.get_absolute_url(),
        recipients=recipients,
    )


# The leads used in a meeting's group: its own, and those of single members.
_OWED_SQL = """
    SELECT DISTINCT meeting.id
    FROM groups_meeting AS meeting
    JOIN groups_group AS club ON club.id = meeting.group_id AND club.closed_at IS NULL
    JOIN groups_cycle AS cycle ON cycle.group_id = meeting.group_id
    CROSS JOIN LATERAL (
        SELECT unnest(cycle.reminder_minutes) AS minutes
        UNION
        SELECT unnest(belongs.reminder_minutes)
        FROM groups_membership AS belongs
        WHERE belongs.group_id = meeting.group_id AND belongs.reminder_minutes IS NOT NULL
    ) AS lead
    LEFT JOIN groups_notice AS notice
        ON notice.group_id = meeting.group_id
        AND notice.kind = 'reminder'
        AND notice.subject_id = meeting.id
        AND notice.number = lead.minutes
        AND notice.moment = meeting.starts_at
    WHERE notice.id IS NULL
      AND meeting.starts_at <= %(now)s::timestamptz + lead.minutes * interval '1 minute'
      AND meeting.phase IN ('planned', 'nominating', 'voting', 'ready')
      AND meeting.starts_at > %(now)s::timestamptz
      AND meeting.starts_at <= %(now)s::timestamptz + %(longest)s::interval
    ORDER BY meeting.id
"""
