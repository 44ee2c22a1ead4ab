"""A ballot: what stands on it, who votes, and what comes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from common.refusals import Refused
from groups.ballots import ballots, nominations
from groups.ballots.ballots import BallotClosedError
from groups.models import Attendance, Ballot, Candidate, Cycle, Meeting, Nomination, Slip
from tests.builders import make_paper, make_user
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_meeting,
    make_membership,
    make_nomination,
    make_slip,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(group):
    return make_membership(group).member


def members(group, number):
    return [make_membership(group).member for _ in range(number)]


def numbers_of(ballot):
    return list(ballot.candidates.order_by("number").values_list("nomination", flat=True))


def cast(ballot, member, choices, **fields):
    return ballots.cast(ballot_id=ballot.pk, member=member, choices=choices, **fields)


# Opening


def test_the_rules_are_those_of_the_cycle_when_it_opens(group, meeting):
    Cycle.objects.filter(group=group).update(
        method="schulze", electorate="attended", electorate_meetings=3, quorum=7,
        hides_results=False, max_approvals=2,
    )  # fmt: skip

    ballot = ballots.open_ballot(meeting=meeting)
    Cycle.objects.filter(group=group).update(method="approval", quorum=1)

    ballot.refresh_from_db()
    assert (ballot.method, ballot.electorate, ballot.electorate_meetings) == (
        "schulze", "attended", 3,
    )  # fmt: skip
    assert (ballot.quorum, ballot.hides_results, ballot.max_approvals) == (7, False, 2)


def test_candidates_are_numbered_in_the_order_of_nomination(group, meeting):
    now = timezone.now()
    late = make_nomination(group, second_count=9, created_at=now)
    early = make_nomination(group, created_at=now - timedelta(days=3))

    assert numbers_of(ballots.open_ballot(meeting=meeting)) == [early.pk, late.pk]


def test_only_so_many_stand_those_with_most_seconds_then_the_earliest(group, meeting):
    Cycle.objects.filter(group=group).update(max_candidates=2)
    _, early, _, seconded = (make_nomination(group, second_count=n) for n in (0, 1, 1, 5))

    assert numbers_of(ballots.open_ballot(meeting=meeting)) == [early.pk, seconded.pk]


def test_what_stands_elsewhere_or_has_ended_is_not_on_it(group, meeting):
    make_ballot(make_meeting(group, day=meeting.day + timedelta(days=7)))
    make_nomination(group, state="retired")
    make_nomination(group, make_paper(withdrawn_at=timezone.now()))
    make_nomination(make_group())
    free = make_nomination(group)

    assert numbers_of(ballots.open_ballot(meeting=meeting)) == [free.pk]


def test_opening_twice_changes_nothing(group, meeting):
    make_nomination(group)

    first = ballots.open_ballot(meeting=meeting)
    make_nomination(group)

    assert ballots.open_ballot(meeting=meeting) == first
    assert len(numbers_of(first)) == 1


def test_a_ballot_that_is_over_is_not_opened_again(meeting):
    ballots.open_ballot(meeting=meeting)
    ballots.close_ballot(meeting=meeting)

    with pytest.raises(Refused, match="is closed"):
        ballots.open_ballot(meeting=meeting)


# Voting


def test_a_vote_is_changed_until_the_close_and_keeps_its_key(meeting, member):
    ballot = make_ballot(meeting)
    cast(ballot, member, [1])
    key = Slip.objects.get().key

    cast(ballot, member, [3, 2], will_come=True)

    slip = Slip.objects.get()
    assert (slip.choices, slip.will_come, slip.key) == ([3, 2], True, key)


def test_a_vote_is_taken_back(meeting, member):
    ballot = make_ballot(meeting)
    cast(ballot, member, [1])

    assert ballots.withdraw_slip(ballot_id=ballot.pk, member=member)
    assert not ballots.withdraw_slip(ballot_id=ballot.pk, member=member)
    assert not Slip.objects.exists()


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ([], "Choose at least one paper."),
        ([1, 1], "on your ballot twice"),
        ([1, 9], "not on this ballot"),
        ([1, 2, 3], "2 papers at most"),
    ],
)
def test_a_vote_that_the_rules_do_not_allow_is_refused(meeting, member, choices, said):
    ballot = make_ballot(meeting, max_approvals=2)

    with pytest.raises(Refused, match=said):
        cast(ballot, member, choices)


def test_the_limit_on_approvals_does_not_bind_a_ranking(meeting, member):
    ballot = make_ballot(meeting, max_approvals=1, method="runoff")

    assert cast(ballot, member, [3, 2, 1])


def test_a_vote_for_a_withdrawn_paper_names_it(meeting, member):
    ballot = make_ballot(meeting)
    gone = ballot.candidates.get(number=2)
    nominations.withdraw(nomination_id=gone.nomination_id, by=gone.nomination.nominated_by)

    with pytest.raises(Refused, match=gone.nomination.paper.title_text):
        cast(ballot, member, [1, 2])


def test_a_closed_ballot_takes_no_votes(meeting, member):
    ballot = make_ballot(meeting)
    ballots.close_ballot(meeting=meeting)

    for act in (lambda: cast(ballot, member, [1]),
                lambda: ballots.withdraw_slip(ballot_id=ballot.pk, member=member)):  # fmt: skip
        with pytest.raises(BallotClosedError, match="This ballot is closed"):
            act()


def test_past_the_deadline_no_vote_is_taken_though_nobody_closed_it_yet(meeting, member):
    ballot = make_ballot(meeting)
    Meeting.objects.update(ballot_closes_at=timezone.now())

    with pytest.raises(BallotClosedError):
        cast(ballot, member, [1])


def test_no_vote_is_taken_in_another_phase(meeting, member):
    ballot = make_ballot(meeting)
    Meeting.objects.update(phase="cancelled")

    with pytest.raises(BallotClosedError):
        cast(ballot, member, [1])


# The electorate


@pytest.mark.parametrize(("role", "said"), [(None, "Only members"), ("guest", "Guests cannot")])
def test_who_is_no_member_does_not_vote(meeting, group, role, said):
    somebody = make_membership(group, role=role).member if role else make_user()

    with pytest.raises(Refused, match=said):
        cast(make_ballot(meeting), somebody, [1])


def held(group, number):
    today = timezone.now().date()
    return [
        make_meeting(group, day=today - timedelta(days=7 * week), phase="held")
        for week in range(1, number + 1)
    ]


def attended_ballot(meeting):
    return make_ballot(meeting, electorate="attended", electorate_meetings=3)


def test_who_came_to_one_of_the_last_meetings_votes(meeting, group, member):
    Attendance.objects.create(meeting=held(group, 4)[2], member=member)

    assert cast(attended_ballot(meeting), member, [1])


def test_who_came_only_before_those_does_not(meeting, group, member):
    Attendance.objects.create(meeting=held(group, 4)[3], member=member)

    with pytest.raises(Refused, match="one of the last 3 meetings"):
        cast(attended_ballot(meeting), member, [1])


def test_cancelled_meetings_do_not_count(meeting, group, member):
    Meeting.objects.filter(pk=held(group, 4)[0].pk).update(phase="cancelled")
    Attendance.objects.create(meeting=Meeting.objects.held().filter(group=group)[2], member=member)

    assert cast(attended_ballot(meeting), member, [1])


def test_while_there_were_fewer_meetings_every_member_votes(meeting, group, member):
    held(group, 2)

    assert cast(attended_ballot(meeting), member, [1])


# Closing


def test_the_winner_is_chosen_and_the_others_are_carried_over(meeting, group):
    ballot = make_ballot(meeting)
    for voter, choices in zip(members(group, 3), [[2], [2, 1], [3]], strict=True):
        cast(ballot, voter, choices)

    result = ballots.close_ballot(meeting=meeting)

    assert (result.outcome, result.winner.number) == ("chosen", 2)
    ballot.refresh_from_db()
    assert (ballot.winner, ballot.outcome) == (result.winner, "chosen")
    assert ballot.count["totals"] == [1, 2, 1]
    states = Nomination.objects.order_by("created_at").values_list("state", "rounds")
    assert list(states) == [("standing", 1), ("chosen", 0), ("standing", 1)]


def test_what_was_chosen_or_retired_elsewhere_is_struck_from_a_ballot_that_goes_on(group, meeting):
    # Called off while its ballot was open, and on again after the next ballot had opened.
    group.cycle.rounds_kept = 1
    group.cycle.save()
    later = make_meeting(group, day=meeting.day + timedelta(days=7))
    again = make_ballot(meeting, candidates=3)
    now = make_ballot(later, candidates=0)
    for each in again.candidates.exclude(number=3):
        Candidate.objects.create(ballot=now, nomination=each.nomination, number=each.number)
    cast(now, *members(group, 1), [2])

    ballots.close_ballot(meeting=later)

    struck = again.candidates.filter(withdrawn_at__isnull=False)
    assert list(struck.values_list("number", flat=True)) == [1, 2]


def test_closing_twice_gives_the_same_result(meeting, member):
    ballot = make_ballot(meeting)
    cast(ballot, member, [1], will_come=True)

    first, second = (ballots.close_ballot(meeting=meeting) for _ in range(2))

    assert first == second
    assert list(Nomination.objects.values_list("rounds", flat=True)) == [0, 1, 1]


def test_who_said_so_comes_when_one_of_theirs_wins(meeting, group):
    ballot = make_ballot(meeting)
    comes, *_ = voters = members(group, 4)
    for voter, choices, will_come in zip(
        voters, [[1], [1], [2], [1]], [True, False, True, False], strict=True
    ):
        cast(ballot, voter, choices, will_come=will_come)

    assert ballots.close_ballot(meeting=meeting).coming == [comes.pk]


def test_too_few_votes_choose_nothing_and_cost_no_round(meeting, member):
    ballot = make_ballot(meeting, quorum=2)
    cast(ballot, member, [1])

    result = ballots.close_ballot(meeting=meeting)

    assert (result.outcome, result.winner) == ("no_quorum", None)
    assert set(Nomination.objects.values_list("state", "rounds")) == {("standing", 0)}


def test_a_blank_slip_makes_up_the_quorum(meeting, group):
    ballot = make_ballot(meeting, quorum=2)
    for voter, choices in zip(members(group, 2), [[1], [2]], strict=True):
        cast(ballot, voter, choices)
    gone = ballot.candidates.get(number=2)
    nominations.withdraw(nomination_id=gone.nomination_id, by=gone.nomination.nominated_by)

    result = ballots.close_ballot(meeting=meeting)

    assert (result.outcome, result.count.blank) == ("chosen", 1)


def test_without_votes_nothing_is_chosen(meeting):
    make_ballot(meeting, quorum=0)

    assert ballots.close_ballot(meeting=meeting).outcome == "no_votes"


@pytest.mark.parametrize("candidates", [0, 1])
def test_without_candidates_nothing_is_chosen(meeting, candidates, owner):
    ballot = make_ballot(meeting, candidates=candidates)
    for each in ballot.candidates.all():
        nominations.withdraw(nomination_id=each.nomination_id, by=owner)

    assert ballots.close_ballot(meeting=meeting).outcome == "no_candidates"


def test_without_a_ballot_nothing_is_chosen(meeting):
    assert ballots.close_ballot(meeting=meeting).outcome == "no_candidates"
    assert not Ballot.objects.exists()


def test_what_lost_often_enough_retires(meeting, group, member):
    Cycle.objects.filter(group=group).update(rounds_kept=1)
    ballot = make_ballot(meeting, candidates=2)
    cast(ballot, member, [1])

    ballots.close_ballot(meeting=meeting)

    assert ballot.candidates.get(number=2).nomination.state == "retired"


# Leaving


def test_who_leaves_takes_their_votes_off_open_ballots_only(group, member):
    today = timezone.now().date()
    over, later = (make_ballot(make_meeting(group, day=today + timedelta(days=n))) for n in (1, 8))
    other = make_ballot(make_meeting(make_group()))
    for ballot in (over, later, other):
        make_slip(ballot, member, [1])
    ballots.close_ballot(meeting=over.meeting)

    assert ballots.drop_slips(group=group, member_id=member.pk) == 1

    assert set(Slip.objects.values_list("ballot", flat=True)) == {over.pk, other.pk}


def test_voting_costs_the_same_whatever_is_on_the_ballot(meeting, group, member, count_queries):
    small = make_ballot(meeting, candidates=2)
    few = count_queries(lambda: cast(small, member, [1]))
    next_week = make_meeting(group, day=meeting.day + timedelta(days=7))
    large = make_ballot(next_week, candidates=12)

    assert count_queries(lambda: cast(large, member, [1, 5, 9])) == few


def test_closing_costs_the_same_whatever_was_cast(meeting, group, count_queries):
    Cycle.objects.update(rounds_kept=100)
    small = make_ballot(meeting, candidates=2)
    cast(small, members(group, 1)[0], [1])
    few = count_queries(lambda: ballots.close_ballot(meeting=meeting))
    next_week = make_meeting(group, day=meeting.day + timedelta(days=7))
    large = make_ballot(next_week, candidates=12)
    for voter in members(group, 8):
        cast(large, voter, [3, 4])

    assert count_queries(lambda: ballots.close_ballot(meeting=next_week)) == few
