"""What else is owed before a meeting, and before a ballot or a term ends.

To those who have a part in it, to those who have not voted, and to the organisers where
something is missing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from common.due_work import Work
from common.words import listed
from groups.ballots import electorate
from groups.ballots.models import Ballot
from groups.cycle import errands, steps
from groups.notices import notices, wording
from groups.notices.models import Notice
from groups.rota.models import Seat, SeatKind
from groups.schedule.models import Phase, Schedule
from groups.scheduling import words

if TYPE_CHECKING:
    from groups.schedule.models import Meeting

# So long before a meeting, parts are recalled and organisers hear of what is missing.
PREPARATION = timedelta(days=3)
# So long before a ballot closes, those who have not voted hear of it; at half its time, where
# it is a short one.
LAST_CALL = timedelta(hours=24)
TERM_NOTICE = timedelta(days=21)


# Parts at a meeting ----------------------------------------------------------------------------


def seats_to_recall() -> list[int]:
    return errands.ids_of(_SEATS_SQL, now=timezone.now(), ahead=PREPARATION)


@transaction.atomic
def recall_seat(seat_id: int) -> int:
    """Remind somebody of their part at a meeting, once for each beginning it had."""
    seats = Seat.objects.select_related("kind").filter(pk=seat_id)
    meeting = errands.locked(seats.values_list("meeting", flat=True).first() or 0)
    # Read under the lock, which a swap takes too.
    seat = seats.first()
    if meeting is None or seat is None or not _is_to_come(meeting):
        return 0
    read = wording.read_at(meeting)
    return notices.give(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.REMINDER,
        event=f"seat:{seat.pk}:{seat.member_id}:{errands.stamp_of(meeting)}",
        words=(
            f"{seat.kind.name} is your part when {meeting.group.name} meets on "
            f"{wording.when(meeting)}{f' and reads {read}' if read else ''}."
        ),
        url=meeting.get_absolute_url(),
        recipients=[seat.member_id],
    )


# What is missing -------------------------------------------------------------------------------


def unready_meetings() -> list[int]:
    return errands.ids_of(_UNREADY_SQL, now=timezone.now(), ahead=PREPARATION)


@transaction.atomic
def tell_of_unready(meeting_id: int) -> int:
    """Tell the organisers that nobody presents, or that nothing is chosen."""
    meeting = errands.locked(meeting_id)
    if meeting is None or not _is_to_come(meeting):
        return 0
    missing = []
    if not steps.is_settled(meeting):
        missing.append("no paper is chosen")
    kinds = SeatKind.objects.filter(
        group=meeting.group_id, is_presenter=True, retired_at__isnull=True
    )
    if kinds.exists() and not Seat.objects.filter(meeting=meeting, kind__is_presenter=True):
        missing.append("nobody presents")
    if not missing:
        return 0
    return notices.tell_organisers(
        group=meeting.group,
        meeting=meeting,
        event=f"unready:{meeting.pk}:{errands.stamp_of(meeting)}",
        words=(f"{meeting.group.name} meets on {wording.when(meeting)}, and {listed(missing)}."),
        url=meeting.get_absolute_url(),
    )


def _is_to_come(meeting: Meeting) -> bool:
    to_come = meeting.is_upcoming and meeting.phase != Phase.LIVE
    return to_come and meeting.starts_at > timezone.now()


# A ballot about to close -----------------------------------------------------------------------


def closing_ballots() -> list[int]:
    return errands.ids_of(_CLOSING_SQL, now=timezone.now(), ahead=LAST_CALL)


@transaction.atomic
def tell_of_closing(meeting_id: int) -> int:
    """Tell those who may vote and have not that the ballot closes soon."""
    meeting = errands.locked(meeting_id)
    ballots = Ballot.objects.select_related("meeting").filter(closed_at__isnull=True)
    ballot = ballots.filter(meeting=meeting).first() if meeting else None
    if meeting is None or ballot is None or meeting.phase != Phase.VOTING:
        return 0
    closes_at = meeting.ballot_closes_at
    if closes_at is None or closes_at <= timezone.now():
        return 0
    voters = electorate.voters(ballot=ballot).exclude(member__in=ballot.slips.values("member"))
    return notices.give(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.CLOSING,
        event=f"closing:{meeting.pk}:{closes_at:%Y%m%dT%H%MZ}",
        words=(
            f"{meeting.group.name}: you have not voted for the paper of "
            f"{wording.day(meeting)}. The ballot closes on "
            f"{wording.moment(closes_at, meeting.zone)}."
        ),
        url=reverse("groups:ballot_page", args=[meeting.group.slug, meeting.occurs_on]),
        recipients=voters.values_list("member_id", flat=True),
    )


# The end of a term -----------------------------------------------------------------------------


def ending_terms() -> list[int]:
    today = timezone.now().date()
    return errands.ids_of(_TERMS_SQL, today=today, last=today + TERM_NOTICE)


@transaction.atomic
def tell_of_ending_term(schedule_id: int) -> int:
    """Tell the organisers that no meeting is planned after the term."""
    schedule = Schedule.objects.select_related("group").filter(pk=schedule_id).first()
    if schedule is None:
        return 0
    return notices.tell_organisers(
        group=schedule.group,
        event=f"term:{schedule.pk}:{schedule.ends_on}",
        words=(
            f"The term of {schedule.group.name} ends on {words.dated(schedule.ends_on)}. To "
            "plan more meetings, set a later end."
        ),
        url=reverse("groups:schedule_edit", args=[schedule.group.slug]),
    )


WORKS = (
    Work("groups.recall_seat", seats_to_recall, recall_seat),
    Work("groups.tell_of_unready", unready_meetings, tell_of_unready),
    Work("groups.tell_of_closing", closing_ballots, tell_of_closing),
    Work("groups.tell_of_ending_term", ending_terms, tell_of_ending_term),
)

_SOON = """
      club.closed_at IS NULL
      AND meeting.phase IN ('planned', 'nominating', 'voting', 'ready')
      AND meeting.starts_at > %(now)s::timestamptz
      AND meeting.starts_at <= %(now)s::timestamptz + %(ahead)s::interval
"""

_SEATS_SQL = f"""
    SELECT seat.id
    FROM groups_meeting AS meeting
    JOIN groups_group AS club ON club.id = meeting.group_id
    JOIN groups_seat AS seat ON seat.meeting_id = meeting.id
    WHERE {_SOON}
      AND NOT EXISTS (
          SELECT FROM groups_notice AS notice
          WHERE notice.group_id = meeting.group_id
            AND notice.event =
                'seat:' || seat.id || ':' || seat.member_id || ':' || {errands.STAMP_SQL}
      )
    ORDER BY seat.id
"""  # noqa: S608 - put together of constants

# While a vote is on it is no lack that nothing is chosen, nor that nobody presents it.
_UNREADY_SQL = f"""
    SELECT meeting.id
    FROM groups_meeting AS meeting
    JOIN groups_group AS club ON club.id = meeting.group_id
    WHERE {_SOON}
      AND (meeting.phase = 'ready' OR meeting.choice = 'organiser')
      AND NOT EXISTS (
          SELECT FROM groups_notice AS notice
          WHERE notice.group_id = meeting.group_id
            AND notice.event = 'unready:' || meeting.id || ':' || {errands.STAMP_SQL}
      )
      AND (
          (
              meeting.title = ''
              AND NOT EXISTS (SELECT FROM groups_meetingpaper WHERE meeting_id = meeting.id)
              AND NOT EXISTS (SELECT FROM groups_seriespart WHERE meeting_id = meeting.id)
          )
          OR EXISTS (
              SELECT FROM groups_seatkind AS kind
              WHERE kind.group_id = meeting.group_id
                AND kind.is_presenter AND kind.retired_at IS NULL
                AND NOT EXISTS (
                    SELECT FROM groups_seat WHERE meeting_id = meeting.id AND kind_id = kind.id
                )
          )
      )
    ORDER BY meeting.id
"""  # noqa: S608 - put together of constants

_CLOSING_SQL = """
    SELECT meeting.id
    FROM groups_meeting AS meeting
    JOIN groups_group AS club ON club.id = meeting.group_id
    JOIN groups_ballot AS ballot ON ballot.meeting_id = meeting.id
    WHERE club.closed_at IS NULL AND ballot.closed_at IS NULL
      AND meeting.phase = 'voting'
      AND meeting.due_at > %(now)s::timestamptz
      AND meeting.due_at <= %(now)s::timestamptz + %(ahead)s::interval
      AND meeting.ballot_closes_at <= %(now)s::timestamptz + LEAST(
          %(ahead)s::interval, (meeting.ballot_closes_at - ballot.opened_at) / 2
      )
      AND EXISTS (SELECT FROM groups_candidate WHERE ballot_id = ballot.meeting_id)
      AND NOT EXISTS (
          SELECT FROM groups_notice AS notice
          WHERE notice.group_id = meeting.group_id
            AND notice.event = 'closing:' || meeting.id || ':' || to_char(
                meeting.ballot_closes_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MI"Z"'
            )
      )
    ORDER BY meeting.id
"""

_TERMS_SQL = """
    SELECT schedule.id
    FROM groups_schedule AS schedule
    JOIN groups_group AS club ON club.id = schedule.group_id
    WHERE club.closed_at IS NULL
      AND schedule.ends_on BETWEEN %(today)s::date AND %(last)s::date
      AND NOT EXISTS (
          SELECT FROM groups_schedule AS later
          WHERE later.group_id = schedule.group_id AND later.ends_on > schedule.ends_on
      )
      AND NOT EXISTS (
          SELECT FROM groups_notice AS notice
          WHERE notice.group_id = schedule.group_id
            AND notice.event =
                'term:' || schedule.id || ':' || to_char(schedule.ends_on, 'YYYY-MM-DD')
      )
    ORDER BY schedule.id
"""
