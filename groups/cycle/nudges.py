"""What else is owed before a meeting, and before a ballot or a term ends.

To those who have a part in it, to those who have not voted, and to the organisers where
something is missing.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from common import due_work
from common.due_work import Work
from common.words import listed
from groups.ballots import electorate
from groups.ballots.models import Ballot, Candidate
from groups.cycle import steps
from groups.cycle.models import Cycle
from groups.notices import notices, wording
from groups.notices.models import Notice
from groups.rota.models import Seat, SeatKind
from groups.schedule.models import TO_COME, Meeting, MeetingPaper, Phase, Schedule
from groups.scheduling import words
from groups.series.models import SeriesPart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

# So long before a meeting, parts are recalled and organisers hear of what is missing.
PREPARATION = timedelta(days=3)
# So long before a ballot closes, those who have not voted hear of it; at half its time, where
# it is a short one.
LAST_CALL = timedelta(hours=24)
TERM_NOTICE = timedelta(days=21)


# Parts at a meeting ----------------------------------------------------------------------------


def seats_to_recall() -> Iterator[int]:
    seats = Seat.objects.filter(meeting__in=_soon())
    key = {"subject_id": "pk", "number": "member_id", "moment": "meeting__starts_at"}
    return due_work.keys(seats.exclude(notices.given(Notice.Kind.SEAT, **key)))


@transaction.atomic
def recall_seat(seat_id: int) -> int:
    """Remind somebody of their part at a meeting, once for each beginning it had."""
    seats = Seat.objects.select_related("kind").filter(pk=seat_id)
    meeting = _claim(seats.values_list("meeting", flat=True).first() or 0)
    # Read under the lock, which a swap takes too.
    seat = seats.first()
    if meeting is None or seat is None or not _is_to_come(meeting):
        return 0
    read = wording.read_at(meeting)
    return notices.give(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.SEAT,
        subject_id=seat.pk,
        number=seat.member_id,
        moment=meeting.starts_at,
        words=(
            f"{seat.kind.name} is your seat when {meeting.group.name} meets on "
            f"{wording.when(meeting)}{f' and reads {read}' if read else ''}."
        ),
        url=meeting.get_absolute_url(),
        recipients=[seat.member_id],
    )


# What is missing -------------------------------------------------------------------------------


def unready_meetings() -> Iterator[int]:
    # While a vote is on it is no lack that nothing is chosen, nor that nobody presents it.
    ready = _soon().filter(Q(phase=Phase.READY) | Q(choice=Cycle.Choice.ORGANISER))
    here = {"meeting": OuterRef("pk")}
    reads = Exists(MeetingPaper.objects.filter(**here)) | Exists(SeriesPart.objects.filter(**here))
    presenters = Seat.objects.filter(meeting=OuterRef(OuterRef("pk")), kind=OuterRef("pk"))
    kinds = SeatKind.objects.filter(
        ~Exists(presenters), group=OuterRef("group"), is_presenter=True, retired_at__isnull=True
    )
    lacking = ready.filter((Q(title="") & ~reads) | Exists(kinds))
    key = {"subject_id": "pk", "moment": "starts_at"}
    return due_work.keys(lacking.exclude(notices.given(Notice.Kind.UNREADY, **key)))


@transaction.atomic
def tell_of_unready(meeting_id: int) -> int:
    """Tell the organisers that nobody presents, or that nothing is chosen."""
    meeting = _claim(meeting_id)
    if meeting is None or not _is_to_come(meeting):
        return 0
    missing = []
    if not steps.is_settled(meeting):
        missing.append("no paper")
    kinds = SeatKind.objects.filter(
        group=meeting.group_id, is_presenter=True, retired_at__isnull=True
    )
    if kinds.exists() and not Seat.objects.filter(meeting=meeting, kind__is_presenter=True):
        missing.append("no presenter")
    if not missing:
        return 0
    return notices.tell_organisers(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.UNREADY,
        subject_id=meeting.pk,
        moment=meeting.starts_at,
        words=f"{meeting.group.name} meets on {wording.when(meeting)}, but has {listed(missing)}.",
        url=meeting.get_absolute_url(),
    )


def _soon() -> QuerySet[Meeting]:
    now = timezone.now()
    to_come = Meeting.objects.running().filter(phase__in=TO_COME)
    return to_come.filter(starts_at__gt=now, starts_at__lte=now + PREPARATION)


def _claim(meeting_id: int) -> Meeting | None:
    return due_work.claim(Meeting.objects.running().select_related("group"), meeting_id)


def _is_to_come(meeting: Meeting) -> bool:
    return meeting.phase in TO_COME and meeting.starts_at > timezone.now()


# A ballot about to close -----------------------------------------------------------------------


def closing_ballots() -> Iterator[int]:
    now = timezone.now()
    voting = Meeting.objects.running().filter(phase=Phase.VOTING, due_at__gt=now)
    closing = voting.filter(
        Exists(Candidate.objects.filter(ballot=OuterRef("pk"))),
        ballot__closed_at__isnull=True,
        due_at__lte=now + LAST_CALL,
        ballot_closes_at__lte=now + LAST_CALL,
        # As long ago as it still takes.
        ballot__opened_at__lte=ExpressionWrapper(
            Value(now) - (F("ballot_closes_at") - Value(now)), DateTimeField()
        ),
    )
    key = {"subject_id": "pk", "moment": "ballot_closes_at"}
    return due_work.keys(closing.exclude(notices.given(Notice.Kind.CLOSING, **key)))


@transaction.atomic
def tell_of_closing(meeting_id: int) -> int:
    """Tell those who may vote and have not that the ballot closes soon."""
    meeting = _claim(meeting_id)
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
        subject_id=meeting.pk,
        moment=closes_at,
        words=(
            f"{meeting.group.name}: you have not voted for the paper of "
            f"{wording.day(meeting)}. The ballot closes on "
            f"{wording.moment(closes_at, meeting.zone)}."
        ),
        url=reverse("groups:ballot_page", args=[meeting.group.slug, meeting.occurs_on]),
        recipients=voters.values_list("member_id", flat=True),
    )


# The end of a term -----------------------------------------------------------------------------


def ending_terms() -> Iterator[int]:
    today = timezone.now().date()
    later = Schedule.objects.filter(group=OuterRef("group"), ends_on__gt=OuterRef("ends_on"))
    ending = Schedule.objects.filter(
        ~Exists(later),
        group__closed_at__isnull=True,
        ends_on__range=(today, today + TERM_NOTICE),
    ).annotate(moment=Cast("ends_on", DateTimeField()))
    key = {"subject_id": "pk", "moment": "moment"}
    return due_work.keys(ending.exclude(notices.given(Notice.Kind.TERM, **key)))


@transaction.atomic
def tell_of_ending_term(schedule_id: int) -> int:
    """Tell the organisers that no meeting is planned after the term."""
    schedule = Schedule.objects.select_related("group").filter(pk=schedule_id).first()
    if schedule is None:
        return 0
    return notices.tell_organisers(
        group=schedule.group,
        kind=Notice.Kind.TERM,
        subject_id=schedule.pk,
        moment=datetime.combine(schedule.ends_on, time(), UTC),
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
