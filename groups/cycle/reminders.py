"""Reminding members of a meeting, each so long before it as they like to be.

A meeting has as many reminders as there are lead times in its group: the group's own and those
of single members. Each is a notice that names meeting, lead and beginning, so it is given once,
and again when the meeting is moved. Whoever has several leads behind them, because the worker
was away, is told once.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from common import due_work
from groups.cycle import errands, nudges
from groups.notices import gate, notices, wording
from groups.notices.models import Notice
from groups.schedule.models import Meeting, Phase

# Nobody is reminded longer before than this, whatever they chose: what a sweep looks ahead.
LONGEST_LEAD = timedelta(days=14)
TO_COME = (Phase.PLANNED, Phase.NOMINATING, Phase.VOTING, Phase.READY)


def sweep() -> int:
    """Give every reminder, and every nudge, that is owed now. Return how many notices it was."""
    return due_work.sweep(due_work.Work("groups.remind", owed, remind), *nudges.WORKS)


def owed() -> list[int]:
    """Return the meetings of which a reminder is due and was not given: one query."""
    return errands.ids_of(_OWED_SQL, now=timezone.now(), longest=LONGEST_LEAD)


@transaction.atomic
def remind(meeting_id: int) -> int:
    """Give the reminders of a meeting that are due; return how many notices it was.

    Leads that no member has any more are given to nobody: the notice says that they were.
    """
    meeting, now = errands.locked(meeting_id), timezone.now()
    if meeting is None or meeting.phase not in TO_COME or meeting.starts_at <= now:
        return 0
    leads = errands.ids_of(_LEADS_SQL, meeting=meeting.pk, now=now)
    recipients = _recipients(meeting) if leads else {}
    return sum(_give(meeting, minutes, recipients.get(minutes, [])) for minutes in sorted(leads))


def _recipients(meeting: Meeting) -> dict[int, list[int]]:
    """Return whom each lead is for: those of whose leads it is the last one due."""
    stamp = errands.stamp_of(meeting)
    given = Notice.objects.filter(
        # Notices of seats are reminders too, and have no lead.
        meeting=meeting,
        event__startswith=f"reminder:{meeting.pk}:",
        event__endswith=f":{stamp}",
    ).values_list("event", flat=True)
    by_minutes = defaultdict(list)
    for member, minutes in errands.rows_of(
        _RECIPIENTS_SQL,
        meeting=meeting.pk,
        now=timezone.now(),
        given=[gate.event_of(meeting.group_id, event) for event in given],
        given_minutes=[int(event.split(":")[2]) for event in given],
    ):
        by_minutes[minutes].append(member)
    return dict(by_minutes)


def _give(meeting: Meeting, minutes: int, recipients: list[int]) -> bool:
    read = wording.read_at(meeting)
    return notices.give(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.REMINDER,
        event=f"reminder:{meeting.pk}:{minutes}:{errands.stamp_of(meeting)}",
        words=(
            f"{meeting.group.name} meets on {wording.when(meeting)}"
            f"{f' and reads {read}' if read else ''}."
        ),
        url=meeting.get_absolute_url(),
        recipients=recipients,
    )


# The leads used in a meeting's group that are due and of which no notice was given.
_DUE_LEADS = f"""
    CROSS JOIN LATERAL (
        SELECT unnest(cycle.reminder_minutes) AS minutes
        UNION
        SELECT unnest(belongs.reminder_minutes)
        FROM groups_membership AS belongs
        WHERE belongs.group_id = meeting.group_id AND belongs.reminder_minutes IS NOT NULL
    ) AS lead
    LEFT JOIN groups_notice AS notice
        ON notice.group_id = meeting.group_id
        AND notice.event =
            'reminder:' || meeting.id || ':' || lead.minutes || ':' || {errands.STAMP_SQL}
    WHERE notice.id IS NULL
      AND meeting.starts_at <= %(now)s::timestamptz + lead.minutes * interval '1 minute'
"""  # noqa: S608 - put together of constants

_OWED_SQL = f"""
    SELECT DISTINCT meeting.id
    FROM groups_meeting AS meeting
    JOIN groups_group AS club ON club.id = meeting.group_id AND club.closed_at IS NULL
    JOIN groups_cycle AS cycle ON cycle.group_id = meeting.group_id
    {_DUE_LEADS}
      AND meeting.phase IN ('planned', 'nominating', 'voting', 'ready')
      AND meeting.starts_at > %(now)s::timestamptz
      AND meeting.starts_at <= %(now)s::timestamptz + %(longest)s::interval
    ORDER BY meeting.id
"""  # noqa: S608 - put together of constants

_LEADS_SQL = f"""
    SELECT DISTINCT lead.minutes
    FROM groups_meeting AS meeting
    JOIN groups_cycle AS cycle ON cycle.group_id = meeting.group_id
    {_DUE_LEADS}
      AND meeting.id = %(meeting)s::bigint
"""  # noqa: S608 - put together of constants

# Those who come, may come or have not said, and guests who said so. Who waits for a place, or
# does not come, is not reminded; nor is anybody again of what a later reminder told them.
_RECIPIENTS_SQL = """
    SELECT belongs.member_id, min(lead.minutes)
    FROM groups_meeting AS meeting
    JOIN groups_cycle AS cycle ON cycle.group_id = meeting.group_id
    JOIN groups_membership AS belongs ON belongs.group_id = meeting.group_id
    LEFT JOIN groups_rsvp AS rsvp
        ON rsvp.meeting_id = meeting.id AND rsvp.member_id = belongs.member_id
    CROSS JOIN LATERAL unnest(COALESCE(belongs.reminder_minutes, cycle.reminder_minutes))
        AS lead (minutes)
    WHERE meeting.id = %(meeting)s::bigint
      AND meeting.starts_at <= %(now)s::timestamptz + lead.minutes * interval '1 minute'
      AND CASE
          WHEN rsvp.id IS NULL THEN belongs.role <> 'guest'
          ELSE rsvp.answer <> 'no' AND NOT rsvp.is_waiting
      END
    GROUP BY belongs.member_id
    HAVING NOT EXISTS (
        SELECT FROM unnest(%(given)s::text[], %(given_minutes)s::bigint[])
            AS given (event, minutes)
        JOIN discussions_notification AS told
            ON told.recipient_id = belongs.member_id AND told.event = given.event
        WHERE given.minutes <= min(lead.minutes)
    )
"""
