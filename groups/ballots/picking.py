"""Papers picked by organisers, and setting the paper of a meeting."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from common.refusals import Refused
from groups import access
from groups.ballots.models import Ballot, Candidate, Nomination
from groups.cycle.models import Cycle
from groups.membership.models import LogEntry
from groups.notices import notices, wording
from groups.notices.models import Notice
from groups.schedule.models import Meeting, MeetingPaper

if TYPE_CHECKING:
    from accounts.models import User
    from papers.models import Paper

State = Nomination.State


def set_paper(*, meeting: Meeting, paper: Paper) -> None:
    """Make a meeting read only this paper. The caller holds a lock on the meeting's row."""
    MeetingPaper.objects.filter(meeting=meeting).exclude(paper=paper).delete()
    MeetingPaper.objects.get_or_create(meeting=meeting, paper=paper)


@transaction.atomic
def pick(*, meeting: Meeting, by: User, reason: str, paper: Paper) -> Paper:
    """Set a meeting's paper for an organiser: a nominated paper or any other.

    For groups whose organisers pick, and for ballots without a choice or with one that cannot be
    held. The reason is logged and shown. Raise Refused while a ballot is open.
    """
    meeting = access.lock_meeting(meeting.pk)
    if not meeting.is_upcoming:
        raise Refused("This meeting is over or cancelled, so its paper cannot be changed.")
    if Ballot.objects.filter(meeting=meeting, closed_at__isnull=True).exists():
        raise Refused("The ballot is open. Close it first, or let the members vote.")
    if paper.is_withdrawn:
        raise Refused("The authors have withdrawn this paper.")
    _call_off_vote(meeting)
    _put_back_others(meeting, paper)
    _choose(meeting, paper)
    is_news = list(meeting.readings.values_list("paper", flat=True)) != [paper.pk]
    set_paper(meeting=meeting, paper=paper)
    entry = LogEntry.note(
        group=meeting.group,
        kind="picked",
        words=f"Picked {wording.quoted(paper.title_text)}: {reason}",
        actor=by,
        meeting=meeting,
        detail={"paper": paper.pk, "reason": reason},
    )
    if is_news:
        _tell(meeting, paper, by, entry_id=entry.pk)
    return paper


def _call_off_vote(meeting: Meeting) -> None:
    """Cancel the vote for a meeting whose paper is picked before its ballot opened."""
    if meeting.choice == Cycle.Choice.ORGANISER or hasattr(meeting, "ballot"):
        return
    meeting.choice = Cycle.Choice.ORGANISER
    meeting.set_moments(meeting.group.cycle)
    meeting.save(update_fields=[*Meeting.MOMENTS, "choice"])


def _put_back_others(meeting: Meeting, paper: Paper) -> None:
    """Reopen the nominations of this meeting's other papers: it has not read them."""
    replaced = MeetingPaper.objects.filter(meeting=meeting).exclude(paper=paper)
    nominations = Nomination.objects.filter(group=meeting.group, state=State.CHOSEN)
    for paper_id in replaced.values_list("paper", flat=True):
        standing = Nomination.objects.filter(
            group=meeting.group, paper=paper_id, state=State.STANDING
        )
        last = nominations.filter(paper=paper_id).order_by("-pk").first()
        if last is None or standing.exists():
            continue
        last.state, last.ended_at = State.STANDING, None
        # If somebody nominates it again at this moment, that nomination stays.
        with suppress(IntegrityError), transaction.atomic():
            last.save(update_fields=["state", "ended_at"])


def _choose(meeting: Meeting, paper: Paper) -> None:
    """Mark the paper's nomination as chosen, and remove it from another meeting's open ballot."""
    standing = Nomination.objects.filter(group=meeting.group, paper=paper, state=State.STANDING)
    ids = list(standing.select_for_update(no_key=True).values_list("pk", flat=True))
    now = timezone.now()
    Nomination.objects.filter(pk__in=ids).update(state=State.CHOSEN, ended_at=now)
    candidacies = Candidate.objects.filter(nomination__in=ids, ballot__closed_at__isnull=True)
    candidacies.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)


def _tell(meeting: Meeting, paper: Paper, by: User, *, entry_id: int) -> None:
    notices.give(
        group=meeting.group,
        kind=Notice.Kind.PICKED,
        # An organiser may pick another paper, and then the first one again.
        subject_id=meeting.pk,
        number=entry_id,
        words=(
            f"{meeting.group.name} reads {wording.quoted(paper.title_text)} "
            f"on {wording.when(meeting)}. An organiser picked it."
        ),
        url=meeting.get_absolute_url(),
        meeting=meeting,
        actor=by,
    )
