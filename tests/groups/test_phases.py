"""A meeting goes from phase to phase by the clock or by hand, each once, with what it brings."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from discussions.models import Notification
from groups.cycle import phases
from groups.models import LogEntry, Meeting, MeetingPaper, Notice, Phase, Rsvp, Seat
from tests.builders import make_paper, make_user
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_membership,
    make_nomination,
    make_rsvp,
    make_seat,
    make_slip,
)
from tests.groups.cycle_builders import make_due_meeting, tick_to

pytestmark = [pytest.mark.django_db, pytest.mark.dated]


def reload(meeting):
    return Meeting.objects.select_related("group").get(pk=meeting.pk)


def kinds():
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def by_clock(meeting):
    return phases.advance_by_clock(meeting.pk)


@pytest.fixture
def vote_for(group):
    """Return a function that holds a ballot which its first candidate wins."""

    def vote(*, voters=None, before=lambda meeting: None, **fields):
        meeting = make_due_meeting(group, phase="voting")
        ballot = make_ballot(meeting, candidates=2)
        nomination = ballot.candidates.get(number=1).nomination
        for name, value in fields.items():
            setattr(nomination, name, value)
        nomination.save()
        for voter, will_come in (voters or {make_membership(group).member: False}).items():
            make_slip(ballot, voter, [1], will_come=will_come)
        before(meeting)
        with tick_to(meeting.ballot_closes_at):
            by_clock(meeting)
        return reload(meeting)

    return vote


# By the clock ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "field", "after"),
    [
        ("planned", "nominations_open_at", "nominating"),
        ("nominating", "ballot_opens_at", "voting"),
        ("voting", "ballot_closes_at", "ready"),
        ("ready", "starts_at", "live"),
        ("live", "ends_at", "held"),
    ],
)
def test_each_phase_ends_at_its_moment_and_not_before(phase, field, after):
    meeting = make_due_meeting(phase=phase)
    at = getattr(meeting, field)

    with time_machine.travel(at - timedelta(seconds=1), tick=False):
        assert by_clock(meeting) is None
    with time_machine.travel(at, tick=False):
        assert by_clock(meeting) == after
        assert by_clock(meeting) is None
    assert reload(meeting).phase == after


def test_a_change_is_numbered_and_logged_as_the_clocks(group):
    meeting = make_due_meeting(group)
    with tick_to(meeting.nominations_open_at):
        by_clock(meeting)

    meeting, entry = reload(meeting), LogEntry.objects.get()
    assert (meeting.phase_number, meeting.due_at) == (1, meeting.ballot_opens_at)
    assert (entry.number, entry.kind, entry.actor) == (1, "phase", None)
    assert entry.detail == {"from": "planned", "to": "nominating"}


def test_the_log_takes_no_second_change_of_the_same_number(meeting):
    LogEntry.objects.create(group=meeting.group, meeting=meeting, number=1, at=timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        LogEntry.objects.create(group=meeting.group, meeting=meeting, number=1, at=timezone.now())


def test_nothing_of_a_change_stays_when_what_it_entails_fails(monkeypatch):
    meeting = make_due_meeting()

    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr("groups.notices.notices.give", fail)
    with tick_to(meeting.nominations_open_at), pytest.raises(RuntimeError):
        by_clock(meeting)

    assert reload(meeting).phase == "planned"
    assert not LogEntry.objects.exists()


def test_a_meeting_without_ballot_is_ready_and_then_live():
    meeting = make_due_meeting(choice="organiser")
    with tick_to(meeting.starts_at - timedelta(seconds=1)):
        assert by_clock(meeting) is None
    with tick_to(meeting.starts_at):
        assert by_clock(meeting) == "ready"
        assert by_clock(meeting) == "live"


def test_there_is_no_vote_on_what_was_chosen_already():
    meeting = make_due_meeting(phase="nominating", paper=make_paper())

    with tick_to(meeting.ballot_opens_at):
        assert by_clock(meeting) == "ready"

    assert kinds() == []


def test_a_meeting_added_too_late_for_a_ballot_is_for_the_organisers_to_settle(group, owner):
    make_membership(group)
    meeting = make_due_meeting(group)

    with tick_to(meeting.ballot_closes_at):
        assert by_clock(meeting) == "ready"

    assert kinds() == ["without"]
    notification = Notification.objects.get()
    assert notification.recipient == owner
    assert "Pick a paper." in notification.summary


def test_nominations_that_end_as_they_open_are_not_announced():
    meeting = make_due_meeting()
    make_nomination(meeting.group)

    with tick_to(meeting.ballot_opens_at):
        assert (by_clock(meeting), by_clock(meeting)) == ("nominating", "voting")

    assert kinds() == ["ballot"]


def test_the_clock_leaves_a_closed_group_alone(group):
    meeting = make_due_meeting(group)
    group.closed_at = timezone.now()
    group.save()

    with tick_to(meeting.nominations_open_at):
        assert by_clock(meeting) is None


def test_the_clock_moves_nothing_that_is_not_due(meeting):
    assert not phases.advance(meeting_id=meeting.pk, to=Phase.NOMINATING)
    assert reload(meeting).phase == "planned"


# What it brings --------------------------------------------------------------------------------


def test_open_nominations_are_told_with_their_end_in_the_groups_zone(group, owner):
    meeting = make_due_meeting(group)
    with tick_to(meeting.nominations_open_at):
        by_clock(meeting)

    told = Notification.objects.get()
    assert kinds() == ["nominations"]
    assert told.reasons == ["ballot"]
    assert "in Berlin" in told.summary
    assert told.url == "/groups/readers/nominations"


def test_an_open_ballot_lists_what_was_nominated_and_is_told(group):
    meeting = make_due_meeting(group, phase="nominating")
    make_nomination(group)
    with tick_to(meeting.ballot_opens_at):
        by_clock(meeting)

    assert reload(meeting).ballot.candidates.count() == 1
    assert kinds() == ["ballot"]
    assert "1 paper to choose from" in Notification.objects.get().summary


@pytest.mark.parametrize(("phase", "expected"), [("cancelled", 2), ("voting", 0)])
def test_only_a_ballot_that_goes_on_keeps_nominations_from_the_next(group, phase, expected):
    other = make_due_meeting(group, days=60)
    make_ballot(other, candidates=2)
    Meeting.objects.filter(pk=other.pk).update(phase=phase, due_at=None)
    meeting = make_due_meeting(group, phase="nominating")
    with tick_to(meeting.ballot_opens_at):
        by_clock(meeting)

    assert reload(meeting).ballot.candidates.count() == expected


def test_of_a_ballot_with_nothing_on_it_the_organisers_hear(group):
    make_membership(group)
    meeting = make_due_meeting(group, phase="nominating")
    with tick_to(meeting.ballot_opens_at):
        by_clock(meeting)

    assert kinds() == ["empty"]
    assert Notification.objects.count() == 1


def test_what_the_ballot_chose_is_the_meetings_paper_and_everybody_is_told(vote_for):
    meeting = vote_for()
    paper = meeting.ballot.winner.nomination.paper

    assert MeetingPaper.objects.get().paper == paper
    assert kinds() == ["chosen"]
    assert paper.title_text in Notification.objects.first().summary


def test_a_ballot_without_a_vote_is_for_the_organisers_to_settle(group, owner):
    make_membership(group)
    meeting = make_due_meeting(group, phase="voting")
    make_ballot(meeting)
    with tick_to(meeting.ballot_closes_at):
        by_clock(meeting)

    assert not MeetingPaper.objects.exists()
    told = Notification.objects.get()
    assert (told.recipient, told.url) == (owner, f"{meeting.get_absolute_url()}/ballot/pick")
    assert "too few members voted" in told.summary


def test_who_nominated_the_winner_and_would_present_it_does(group, vote_for):
    nominator = make_membership(group).member
    meeting = vote_for(nominated_by=nominator, would_present=True)

    assert Seat.objects.get(meeting=meeting).member == nominator
    told = Notification.objects.filter(recipient=nominator, reasons=["ballot"]).last()
    assert f"{nominator.display_name} presents it." in told.summary


def test_a_seat_that_is_taken_stays_whose_it_is(group, vote_for):
    volunteer = make_membership(group).member
    meeting = vote_for(
        before=lambda meeting: make_seat(meeting, volunteer),
        nominated_by=make_membership(group).member,
        would_present=True,
    )

    assert Seat.objects.get(meeting=meeting).member == volunteer


def test_who_left_since_presents_nothing(group, vote_for):
    meeting = vote_for(nominated_by=make_user(), would_present=True)

    assert not Seat.objects.exists()
    assert reload(meeting).phase == "ready"


def test_those_who_come_if_theirs_wins_come(group, vote_for):
    coming, not_coming = (make_membership(group).member for _ in range(2))
    meeting = vote_for(voters={coming: True, not_coming: False})

    assert Rsvp.objects.get().member == coming
    assert reload(meeting).going_count == 1


def test_a_word_about_the_meeting_outweighs_the_vote(group, vote_for):
    busy, usual = (make_membership(group).member for _ in range(2))

    def answer(meeting):
        make_rsvp(meeting, busy, answer="no")
        make_rsvp(meeting, usual, answer="no", is_usual=True)

    meeting = vote_for(before=answer, voters={busy: True, usual: True})

    assert Rsvp.objects.get(member=busy).answer == "no"
    assert Rsvp.objects.get(member=usual).answer == "going"
    assert reload(meeting).going_count == 1


def test_closing_costs_no_more_queries_for_many_who_come(count_queries):
    def close(voters):
        meeting = make_due_meeting(make_group(), phase="voting")
        ballot = make_ballot(meeting, candidates=2)
        for _ in range(voters):
            make_slip(ballot, make_membership(meeting.group).member, [1], will_come=True)
        with tick_to(meeting.ballot_closes_at):
            return count_queries(lambda: by_clock(meeting))

    assert close(8) == close(2)


def test_a_meeting_that_ended_says_what_it_left(group, owner):
    meeting = make_due_meeting(group, phase="live", title="A talk on scaling")
    with tick_to(meeting.ends_at):
        by_clock(meeting)

    told = Notification.objects.get()
    assert kinds() == ["recap"]
    assert told.url == meeting.get_absolute_url()
    assert "about “A talk on scaling”" in told.summary
    assert "Would you recommend this paper?" in told.summary


def test_a_recap_says_how_long_the_written_discussion_goes_on():
    group = make_group(cycle={"written_days": 3})
    meeting = make_due_meeting(group, phase="live")
    with tick_to(meeting.ends_at):
        by_clock(meeting)

    assert "The written discussion continues until" in Notification.objects.get().summary
