"""An organiser moves a meeting on by hand, each step once, and no further than makes sense."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from common.refusals import Refused
from discussions.models import Notification
from groups.ballots import ballots
from groups.cycle import phases
from groups.models import LogEntry, Meeting, MeetingPaper, Notice, Phase
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_meeting,
    make_membership,
    make_slip,
)
from tests.groups.cycle_builders import make_due_meeting, tick_to

pytestmark = pytest.mark.django_db


def reload(meeting):
    return Meeting.objects.select_related("group").get(pk=meeting.pk)


def by_hand(meeting, to, by):
    return phases.advance(meeting_id=meeting.pk, to=Phase(to), by=by)


def test_an_organiser_opens_nominations_early_and_the_log_says_who(group, owner):
    meeting = make_due_meeting(group)

    assert by_hand(meeting, "nominating", owner)

    assert reload(meeting).due_at == meeting.ballot_opens_at
    assert LogEntry.objects.get().actor == owner


def test_a_second_click_changes_nothing(group, owner):
    meeting = make_due_meeting(group)
    by_hand(meeting, "nominating", owner)

    assert not by_hand(meeting, "nominating", owner)
    assert LogEntry.objects.count() == Notice.objects.count() == 1


def test_a_ballot_closed_early_is_counted_and_takes_no_vote_after(group, owner):
    voter = make_membership(group).member
    meeting = make_due_meeting(group, phase="voting")
    ballot = make_ballot(meeting, candidates=2)
    make_slip(ballot, voter, [2])

    assert by_hand(meeting, "ready", owner)

    assert MeetingPaper.objects.get().paper == ballot.candidates.get(number=2).nomination.paper
    with pytest.raises(ballots.BallotClosedError):
        ballots.cast(ballot_id=ballot.pk, member=voter, choices=[1])


def test_a_meeting_that_is_past_a_phase_is_not_put_back(group, owner):
    meeting = make_due_meeting(group, phase="voting")

    with pytest.raises(Refused, match="has moved on: the ballot is open"):
        by_hand(meeting, "nominating", owner)


def test_a_phase_is_not_jumped_over(group, owner):
    meeting = make_due_meeting(group)

    with pytest.raises(Refused):
        by_hand(meeting, "voting", owner)


def test_a_meeting_of_next_week_is_not_started(group, owner):
    meeting = make_due_meeting(group, phase="ready")

    with pytest.raises(Refused, match="three hours"):
        by_hand(meeting, "live", owner)
    with tick_to(meeting.starts_at - timedelta(hours=1)):
        assert by_hand(meeting, "live", owner)
    assert reload(meeting).due_at == meeting.ends_at


def test_what_an_organiser_picks_is_not_put_to_the_vote(group, owner):
    meeting = make_due_meeting(group, choice="organiser")

    with pytest.raises(Refused, match="there is no vote"):
        by_hand(meeting, "nominating", owner)


@pytest.mark.parametrize("phase", ["cancelled", "skipped"])
def test_a_meeting_that_is_off_goes_nowhere(group, owner, phase):
    meeting = make_meeting(group, phase=phase)

    with pytest.raises(Refused, match="is cancelled"):
        by_hand(meeting, "nominating", owner)


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ("planned", {"nominating", "ready"}),
        ("nominating", {"voting", "ready"}),
        ("voting", {"ready"}),
        ("ready", set()),
        ("live", {"held"}),
        ("held", set()),
        ("cancelled", set()),
    ],
)
def test_the_ways_by_hand_are_known_beforehand(group, phase, expected):
    meeting = make_due_meeting(group, phase=phase)

    assert set(phases.allowed(meeting)) == expected


def test_a_moment_due_is_computed_from_where_the_meeting_went(group, owner):
    meeting = make_due_meeting(group)
    by_hand(meeting, "ready", owner)

    meeting = reload(meeting)
    assert meeting.due_at == meeting.next_due_at() == meeting.starts_at


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_moves_the_meeting(owner):
    from tests.discussions.test_at_once import at_once

    meeting = make_due_meeting(make_group(owner=owner))
    moved = at_once(lambda turn: by_hand(meeting, "nominating", owner), 16)

    assert sum(moved) == 1
    assert LogEntry.objects.count() == Notice.objects.count() == Notification.objects.count() == 1
    connection.close()
