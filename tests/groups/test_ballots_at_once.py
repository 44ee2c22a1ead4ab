"""Many members vote while a ballot closes: what was acknowledged is counted, and nothing else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from common.refusals import Refused
from groups.ballots import ballots, counting, nominations
from groups.models import Ballot, Membership, Nomination, Second, Slip
from tests.builders import make_user
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_meeting,
    make_membership,
    make_nomination,
)

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 25
VOTERS = 200


def at_once(acts):
    """Begin all acts together, each thread in its own connection; return what came of each."""
    barrier = threading.Barrier(min(THREADS, len(acts)))

    def work(at):
        try:
            barrier.wait()
            return [(index, acts[index]()) for index in range(at, len(acts), barrier.parties)]
        finally:
            connection.close()

    with ThreadPoolExecutor(barrier.parties) as pool:
        done = dict(pair for pairs in pool.map(work, range(barrier.parties)) for pair in pairs)
    return [done[index] for index in range(len(acts))]


def members(group, number):
    users = [make_user(f"voter{at}", email=f"v{at}@example.org") for at in range(number)]
    Membership.objects.bulk_create(Membership(group=group, member=user) for user in users)
    return users


@pytest.mark.parametrize("method", ["approval", "schulze"])
def test_200_members_vote_while_the_ballot_closes(method):
    meeting = make_meeting(make_group())
    ballot = make_ballot(meeting, candidates=4, method=method)
    voters = members(meeting.group, VOTERS)
    acknowledged = threading.Semaphore(0)

    def vote(at):
        try:
            ballots.cast(
                ballot_id=ballot.pk, member=voters[at], choices=[at % 4 + 1, (at + 1) % 4 + 1]
            )
        except ballots.BallotClosedError:
            return False
        acknowledged.release()
        return True

    def close():
        for _ in range(VOTERS // 3):
            acknowledged.acquire()
        return ballots.close_ballot(meeting=meeting)

    acts = [lambda at=at: vote(at) for at in range(VOTERS)]
    result, *taken_in = at_once([close, *acts])

    taken = {voter.pk for voter, is_taken in zip(voters, taken_in, strict=True) if is_taken}
    assert VOTERS // 3 <= len(taken) < VOTERS
    assert set(Slip.objects.values_list("member", flat=True)) == taken
    assert result.count.slips == len(taken)
    recounted = counting.count(
        method, Slip.objects.values_list("choices", flat=True), candidates=range(1, 5)
    )
    assert Ballot.objects.get().count == recounted.as_json() == result.count.as_json()


def test_a_ballot_closed_by_many_is_closed_once():
    meeting = make_meeting(make_group())
    ballot = make_ballot(meeting)
    for voter in members(meeting.group, 3):
        ballots.cast(ballot_id=ballot.pk, member=voter, choices=[1])

    results = at_once([lambda: ballots.close_ballot(meeting=meeting)] * 8)

    assert {result.winner.number for result in results} == {1}
    assert sorted(Nomination.objects.values_list("rounds", flat=True)) == [0, 1, 1]


def test_one_member_in_many_windows_has_one_slip():
    meeting = make_meeting(make_group())
    ballot = make_ballot(meeting)
    (voter,) = members(meeting.group, 1)

    at_once(
        [
            lambda at=at: ballots.cast(ballot_id=ballot.pk, member=voter, choices=[at % 3 + 1])
            for at in range(50)
        ]
    )

    assert Slip.objects.count() == 1


def test_nobody_votes_after_they_were_removed():
    meeting = make_meeting(make_group())
    ballot = make_ballot(meeting)
    voters = members(meeting.group, 20)

    def vote(voter):
        try:
            ballots.cast(ballot_id=ballot.pk, member=voter, choices=[1])
        except Refused:
            return False
        return True

    def remove(voter):
        Membership.objects.filter(group=meeting.group, member=voter).delete()
        ballots.drop_slips(group=meeting.group, member_id=voter.pk)

    at_once(
        [
            act
            for voter in voters
            for act in (lambda voter=voter: vote(voter), lambda voter=voter: remove(voter))
        ]
    )

    assert not Slip.objects.exists()


def test_a_withdrawal_at_the_close_is_counted_without_or_refused():
    for _ in range(6):
        meeting = make_meeting(make_group())
        ballot = make_ballot(meeting, candidates=2)
        for voter in [make_membership(meeting.group).member for _ in range(3)]:
            ballots.cast(ballot_id=ballot.pk, member=voter, choices=[1])
        first = ballot.candidates.get(number=1).nomination

        def withdraw(nomination=first):
            try:
                nominations.withdraw(nomination_id=nomination.pk, by=nomination.nominated_by)
            except Refused:
                return False
            return True

        was_withdrawn, result = at_once(
            [withdraw, lambda meeting=meeting: ballots.close_ballot(meeting=meeting)]
        )

        first.refresh_from_db()
        assert first.state == ("withdrawn" if was_withdrawn else "chosen")
        assert (result.winner is None) == was_withdrawn


def test_two_ballots_that_open_at_once_share_no_nomination():
    group = make_group()
    later = make_meeting().day.replace(year=2030)
    meetings = [make_meeting(group, day=day, phase="voting") for day in (None, later)]
    for _ in range(6):
        make_nomination(group)

    at_once([lambda each=each: ballots.open_ballot(meeting=each) for each in meetings])

    listed = [
        pk
        for ballot in Ballot.objects.all()
        for pk in ballot.candidates.values_list("nomination", flat=True)
    ]
    assert len(listed) == len(set(listed)) == 6


def test_a_paper_nominated_by_many_at_once_stands_once():
    group = make_group()
    paper = make_nomination(make_group()).paper
    voters = members(group, 12)

    def nominate(voter):
        try:
            return nominations.nominate(group=group, paper=paper, member=voter).pk
        except nominations.AlreadyNominatedError as refusal:
            return refusal.nomination.pk

    found = at_once([lambda voter=voter: nominate(voter) for voter in voters])

    assert len(set(found)) == Nomination.objects.filter(group=group).count() == 1


def test_seconds_at_once_are_counted_once_each():
    group = make_group()
    nomination = make_nomination(group)
    voters = members(group, 8)

    at_once(
        [
            lambda voter=voter: nominations.second(nomination_id=nomination.pk, member=voter)
            for voter in voters * 4
        ]
    )

    nomination.refresh_from_db()
    assert nomination.second_count == Second.objects.count() == 8
