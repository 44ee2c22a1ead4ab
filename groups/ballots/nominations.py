"""Nominating papers: nominate, second, withdraw, carry over.

A group has at most one open nomination of a paper. It stays open until it wins a ballot, retires
after too many lost ones, or is withdrawn; a retired paper may be nominated again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from groups.ballots.models import Candidate, Nomination, Second
from groups.membership.models import LogEntry, Membership
from groups.notices import notices, wording
from groups.notices.models import Notice
from groups.schedule.models import UPCOMING, MeetingPaper
from papers import identifiers
from papers.models import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from groups.membership.models import Group

# Keeps one member from filling the list.
MAX_STANDING = 5
MAX_PITCH = 500

State = Nomination.State


class AlreadyNominatedError(Refused):
    """The paper is nominated already and can be seconded."""

    def __init__(self, nomination: Nomination) -> None:
        super().__init__("This paper is already nominated. You can second it.")
        self.nomination = nomination


class UnknownPaperError(Refused):
    """The text names a paper that is not on this site; it can be submitted first."""


def find_paper(text: str) -> Paper:
    """Return the paper that an arXiv id, a DOI or an address names, without fetching anything."""
    try:
        found = identifiers.parse_identifier(text)
    except identifiers.IdentifierError as error:
        raise Refused(str(error)) from error
    paper = Paper.objects.named(found).first()
    if paper is None:
        raise UnknownPaperError(f"{found} is not on this site yet.")
    return paper


@transaction.atomic
def nominate(
    *, group: Group, paper: Paper, member: User, pitch: str = "", would_present: bool = False
) -> Nomination:
    """Nominate a paper for a member. Raise Refused."""
    # Locked so that two simultaneous nominations by a member cannot both pass the limit, and so
    # that nobody nominates while being removed.
    membership = Membership.objects.select_for_update(no_key=True).filter(
        group=group, member=member
    )
    if not any(each.is_full for each in membership):
        raise Refused("Only members of the group can nominate.")
    if paper.is_withdrawn:
        raise Refused("The authors have withdrawn this paper.")
    standing = Nomination.objects.filter(group=group, state=State.STANDING)
    existing = standing.filter(paper=paper).first()
    if existing is not None:
        raise AlreadyNominatedError(existing)
    _require_unread(group, paper)
    if standing.filter(nominated_by=member).count() >= MAX_STANDING:
        raise Refused(f"You have {MAX_STANDING} nominations here, the maximum. Withdraw one first.")
    try:
        with transaction.atomic():
            return Nomination.objects.create(
                group=group,
                paper=paper,
                nominated_by=member,
                pitch=pitch,
                would_present=would_present,
            )
    except IntegrityError as error:
        # Somebody else nominated it at the same moment.
        raise AlreadyNominatedError(standing.get(paper=paper)) from error


def _require_unread(group: Group, paper: Paper) -> None:
    """Refuse a paper that an upcoming meeting reads. Papers read earlier are allowed."""
    readings = MeetingPaper.objects.select_related("meeting").filter(
        meeting__group=group, meeting__phase__in=UPCOMING, paper=paper
    )
    if reading := readings.first():
        raise Refused(f"This paper is already chosen for {wording.day(reading.meeting)}.")


@transaction.atomic
def second(*, nomination_id: int, member: User) -> Nomination:
    """Second a nomination. Repeating it changes nothing."""
    nomination = _locked_standing(nomination_id)
    if nomination.nominated_by_id == member.pk:
        raise Refused("You nominated it yourself. Only others can second it.")
    _, is_new = Second.objects.get_or_create(nomination=nomination, member=member)
    return _moved(nomination, by=1 if is_new else 0)


@transaction.atomic
def remove_second(*, nomination_id: int, member: User) -> Nomination:
    """Remove a second, if there is one."""
    nomination = _locked_standing(nomination_id)
    gone, _ = Second.objects.filter(nomination=nomination, member=member).delete()
    return _moved(nomination, by=-gone)


def _moved(nomination: Nomination, *, by: int) -> Nomination:
    if by:
        Nomination.objects.filter(pk=nomination.pk).update(second_count=F("second_count") + by)
        nomination.second_count += by
    return nomination


@transaction.atomic
def withdraw(*, nomination_id: int, by: User) -> Nomination:
    """Withdraw an open nomination, also from an open ballot.

    Slips that name it stay unchanged; counting removes it from them.
    `groups.ballots.pool.may_withdraw` says who may withdraw it.
    """
    # Closing a ballot locks its nominations before reading its candidates, so that it either counts
    # without this one or has chosen already.
    nomination = _locked_standing(nomination_id)
    now = timezone.now()
    nomination.state, nomination.ended_at = State.WITHDRAWN, now
    nomination.save(update_fields=["state", "ended_at"])
    candidacies = Candidate.objects.filter(nomination=nomination, ballot__closed_at__isnull=True)
    candidacies.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    if nomination.nominated_by_id != by.pk:
        LogEntry.note(
            group=nomination.group_id,
            kind="nomination",
            words=f"Withdrew the nomination of {wording.quoted(nomination.paper.title_text)}",
            actor=by,
            detail={"nomination": nomination.pk},
        )
    return nomination


def _locked_standing(nomination_id: int) -> Nomination:
    nomination = (
        Nomination.objects.select_for_update(no_key=True, of=("self",))
        .select_related("paper")
        .get(pk=nomination_id)
    )
    if nomination.state != State.STANDING:
        raise Refused(_ENDED[State(nomination.state)])
    return nomination


_ENDED = {
    State.CHOSEN: "This paper has been chosen in the meantime.",
    State.RETIRED: (
        "This nomination was dropped after several lost ballots. You can nominate the paper again."
    ),
    State.WITHDRAWN: "This nomination was withdrawn in the meantime.",
}


def carry_over(*, group: Group, lost: Iterable[Nomination], rounds_kept: int) -> list[Nomination]:
    """Add a lost round to each nomination that lost a ballot; retire those with too many.

    Call it in the transaction that closes the ballot, with the nominations locked. The nominators
    of retired papers are notified. Return the retired nominations.
    """
    ids = [each.pk for each in lost]
    standing = Nomination.objects.filter(pk__in=ids, state=State.STANDING)
    standing.update(rounds=F("rounds") + 1)
    retiring = standing.filter(rounds__gte=max(rounds_kept, 1))
    retired = list(retiring.select_related("paper").order_by("created_at", "pk"))
    retiring.update(state=State.RETIRED, ended_at=timezone.now())
    for nomination in retired:
        _tell_of_retirement(group, nomination)
    return retired


def _tell_of_retirement(group: Group, nomination: Nomination) -> None:
    members = Membership.objects.filter(group=group, member=nomination.nominated_by_id)
    times = "once" if nomination.rounds == 1 else f"{nomination.rounds} times"
    notices.give(
        group=group,
        kind=Notice.Kind.RETIRED,
        subject_id=nomination.pk,
        words=(
            f"{wording.quoted(nomination.paper.title_text)} lost {times} in {group.name}, and "
            "was dropped. You can nominate it again."
        ),
        url=reverse("groups:nomination_list", args=[group.slug]),
        recipients=members.values_list("member_id", flat=True),
    )
