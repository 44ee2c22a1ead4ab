"""Proposing papers: who may, how often, and what becomes of a nomination."""

from __future__ import annotations

import pytest
from django.utils import timezone

from common.refusals import Refused
from discussions.models import Notification
from groups import access
from groups.ballots import nominations, pool
from groups.models import Candidate, LogEntry, Meeting, Nomination, Second
from tests.builders import make_paper, make_user
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_meeting,
    make_membership,
    make_nomination,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(group):
    return make_membership(group).member


def nominate(group, member, paper=None, **fields):
    return nominations.nominate(group=group, paper=paper or make_paper(), member=member, **fields)


def test_a_nomination_stands_with_its_pitch(group, member):
    nominate(group, member, pitch="Short.", would_present=True)

    made = Nomination.objects.get()
    assert (made.state, made.rounds, made.pitch, made.would_present) == (
        "standing", 0, "Short.", True,
    )  # fmt: skip


@pytest.mark.parametrize("role", [None, "guest"])
def test_only_members_nominate(group, role):
    somebody = make_membership(group, role=role).member if role else make_user()

    with pytest.raises(Refused, match="Only members"):
        nominate(group, somebody)


def test_a_paper_stands_once_in_a_group(group, member):
    first = make_nomination(group)

    with pytest.raises(nominations.AlreadyNominatedError) as refusal:
        nominate(group, member, first.paper)

    assert refusal.value.nomination == first


def test_a_paper_stands_in_two_groups(group, member):
    other = make_nomination(make_group())

    nominate(group, member, other.paper)

    assert Nomination.objects.filter(paper=other.paper).count() == 2


def test_a_member_has_five_standing_nominations_at_most(group, member):
    made = [nominate(group, member) for _ in range(5)]
    with pytest.raises(Refused, match="Withdraw one first"):
        nominate(group, member)

    nominations.withdraw(nomination_id=made[0].pk, by=member)

    assert nominate(group, member)


def test_a_paper_withdrawn_from_arxiv_is_refused(group, member):
    with pytest.raises(Refused, match="withdrawn this paper"):
        nominate(group, member, make_paper(withdrawn_at=timezone.now()))


def test_what_a_coming_meeting_reads_is_refused(group, member):
    paper = make_paper()
    make_meeting(group, paper=paper)

    with pytest.raises(Refused, match="already chosen"):
        nominate(group, member, paper)


@pytest.mark.parametrize("state", ["retired", "chosen", "withdrawn"])
def test_a_paper_is_nominated_anew_once_it_has_left_the_list(group, member, state):
    before = make_nomination(group, state=state, rounds=4)

    again = nominate(group, member, before.paper)

    assert (again.rounds, again.state) == (0, "standing")


@pytest.mark.parametrize(
    "text",
    ["2401.12345", "arXiv:2401.12345v3", "https://huggingface.co/papers/2401.12345",
     "10.48550/arXiv.2401.12345", "10.1000/xyz"],
)  # fmt: skip
def test_a_paper_is_found_by_what_names_it(db, text):
    paper = make_paper("2401.12345", doi="10.1000/xyz")

    assert nominations.find_paper(text) == paper


def test_a_second_counts_once(group, member):
    nomination = make_nomination(group)

    for _ in range(2):
        nominations.second(nomination_id=nomination.pk, member=member)

    nomination.refresh_from_db()
    assert nomination.second_count == Second.objects.count() == 1


def test_a_second_is_taken_back_once(group, member):
    nomination = make_nomination(group)
    nominations.second(nomination_id=nomination.pk, member=member)

    for _ in range(2):
        nominations.remove_second(nomination_id=nomination.pk, member=member)

    nomination.refresh_from_db()
    assert nomination.second_count == Second.objects.count() == 0


def test_nobody_seconds_their_own(group, member):
    nomination = nominate(group, member)

    with pytest.raises(Refused, match="yourself"):
        nominations.second(nomination_id=nomination.pk, member=member)


def test_a_withdrawn_nomination_is_struck_from_the_open_ballot(group):
    ballot = make_ballot(make_meeting(group))
    candidate = ballot.candidates.get(number=2)

    nominations.withdraw(
        nomination_id=candidate.nomination_id, by=candidate.nomination.nominated_by
    )

    candidate.refresh_from_db()
    assert candidate.withdrawn_at is not None
    assert Candidate.objects.filter(withdrawn_at=None).count() == 2


def test_a_closed_ballot_stays_as_it_was(group):
    ballot = make_ballot(
        make_meeting(group), closed_at=timezone.now(), outcome="no_quorum", count={}
    )
    candidate = ballot.candidates.get(number=2)

    nominations.withdraw(
        nomination_id=candidate.nomination_id, by=candidate.nomination.nominated_by
    )

    candidate.refresh_from_db()
    assert candidate.withdrawn_at is None


def test_an_organisers_withdrawal_is_logged_and_a_members_own_is_not(group, owner, member):
    own, other = nominate(group, member), nominate(group, member)

    nominations.withdraw(nomination_id=own.pk, by=member)
    nominations.withdraw(nomination_id=other.pk, by=owner)

    assert LogEntry.objects.get(kind="nomination").detail == {"nomination": other.pk}


def test_what_has_ended_is_not_withdrawn(group, owner):
    nomination = make_nomination(group, state="chosen")

    with pytest.raises(Refused, match="has been chosen"):
        nominations.withdraw(nomination_id=nomination.pk, by=owner)


def test_what_lost_is_carried_over(group):
    lost = make_nomination(group)

    nominations.carry_over(group=group, lost=[lost], rounds_kept=4)

    lost.refresh_from_db()
    assert (lost.rounds, lost.state) == (1, "standing")


def test_after_so_many_rounds_it_retires_and_its_nominator_is_told(group, member):
    lost = make_nomination(group, nominated_by=member, rounds=3)
    other = make_nomination(group, rounds=1)

    retired = nominations.carry_over(group=group, lost=[lost, other], rounds_kept=4)

    assert retired == [lost]
    lost.refresh_from_db()
    assert (lost.rounds, lost.state, lost.ended_at is None) == (4, "retired", False)
    assert "lost 4 times" in Notification.objects.get(recipient=member).summary


def test_who_has_left_is_told_nothing(group):
    lost = make_nomination(group, rounds=3)

    nominations.carry_over(group=group, lost=[lost], rounds_kept=4)

    assert not Notification.objects.exists()


def test_the_ballot_of_a_meeting_that_was_called_off_keeps_no_nomination(group, owner):
    meeting = make_meeting(group)
    make_ballot(meeting, candidates=1)
    visit = access.get_visit(owner, group.slug)
    assert pool.standing(visit, 1)[0].on_ballot_for == meeting.occurs_on

    Meeting.objects.filter(pk=meeting.pk).update(phase="cancelled")

    assert pool.standing(visit, 1)[0].on_ballot_for is None
