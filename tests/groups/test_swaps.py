"""Two members who change seats."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from common.refusals import Refused
from discussions.models import Notification
from groups import access
from groups.models import LogEntry, Meeting, Seat, Swap
from groups.rota import page as rota_page
from groups.rota import seats, swaps
from groups.rota.swaps import SwapOutcome
from tests.builders import make_user
from tests.groups.builders import make_group, make_meeting, make_membership, make_seat

pytestmark = pytest.mark.django_db


class Pair:
    """Ada presents this week, Ben the next."""

    def __init__(self, group):
        self.group = group
        self.ada, self.ben = (
            make_membership(group, make_user(name)).member for name in ("ada", "ben")
        )
        days = [(timezone.now() + timedelta(days=days)).date() for days in (7, 14)]
        self.first, self.second = (make_meeting(group, day=day) for day in days)
        self.seat = make_seat(self.first, self.ada)
        self.other = make_seat(self.second, self.ben)

    def ask(self, by=None):
        return swaps.ask(seat=self.seat, other_seat=self.other, by=by or self.ada)

    def holders(self):
        return [Seat.objects.get(pk=seat.pk).member for seat in (self.seat, self.other)]


@pytest.fixture
def pair(group):
    return Pair(group)


def told(member):
    """Return what they were told, by its name within the group."""
    events = Notification.objects.filter(recipient=member).values_list("event", flat=True)
    return [event.split(":", 2)[2] for event in events]


def test_who_asks_has_agreed_and_the_other_is_told(pair):
    swap = pair.ask()

    assert (swap.accepted_at is None, swap.other_accepted_at is None) == (False, True)
    assert told(pair.ben) == [f"swap:{swap.pk}:asked"]
    assert not told(pair.ada)


def test_the_second_yes_changes_the_seats_and_both_are_told(pair):
    swap = pair.ask()

    outcome = swaps.answer(swap=swap, member=pair.ben, accepts=True)

    assert (outcome, pair.holders()) == (SwapOutcome.DONE, [pair.ben, pair.ada])
    assert f"swap:{swap.pk}:done" in told(pair.ada)
    assert LogEntry.objects.get().words.startswith("Seats swapped: Presenter on")


def test_agreeing_again_changes_nothing_back(pair):
    swap = pair.ask()
    swaps.answer(swap=swap, member=pair.ben, accepts=True)

    assert swaps.answer(swap=swap, member=pair.ben, accepts=True) == SwapOutcome.DONE
    assert pair.holders() == [pair.ben, pair.ada]


def test_the_yes_of_the_asker_alone_changes_nothing(pair):
    swap = pair.ask()

    assert swaps.answer(swap=swap, member=pair.ada, accepts=True) == SwapOutcome.WAITING
    assert pair.holders() == [pair.ada, pair.ben]


def test_what_an_organiser_proposes_needs_both(pair, owner):
    swap = pair.ask(by=owner)

    assert swaps.answer(swap=swap, member=pair.ada, accepts=True) == SwapOutcome.WAITING
    assert swaps.answer(swap=swap, member=pair.ben, accepts=True) == SwapOutcome.DONE
    assert f"swap:{swap.pk}:done" in told(owner)


def test_an_organiser_who_proposes_cannot_agree_for_them(pair, owner):
    swap = pair.ask(by=owner)

    assert swaps.answer(swap=swap, member=owner, accepts=True) == SwapOutcome.WAITING
    assert swap.accepted_at is None


def test_a_declined_request_is_over_and_told(pair):
    swap = pair.ask()

    assert swaps.answer(swap=swap, member=pair.ben, accepts=False) == SwapOutcome.DECLINED
    assert swaps.answer(swap=swap, member=pair.ben, accepts=True) == SwapOutcome.VOID
    assert f"swap:{swap.pk}:declined" in told(pair.ada)
    assert pair.holders() == [pair.ada, pair.ben]


def test_the_asker_takes_a_request_back(pair):
    assert swaps.answer(swap=pair.ask(), member=pair.ada, accepts=False) == SwapOutcome.WITHDRAWN


def test_a_request_is_void_when_a_seat_was_given_to_another(pair, owner):
    swap = pair.ask()
    cleo = make_membership(pair.group).member
    seats.give_seat(meeting=pair.first, kind=pair.seat.kind, member=cleo, by=owner)

    assert swaps.answer(swap=swap, member=pair.ben, accepts=True) == SwapOutcome.VOID
    assert pair.holders() == [cleo, pair.ben]
    assert f"swap:{swap.pk}:void" in told(pair.ben)


def test_a_request_for_a_seat_that_was_given_up_is_gone_and_told(pair):
    swap = pair.ask()

    seats.leave_seat(meeting=pair.first, kind=pair.seat.kind, by=pair.ada)

    assert not Swap.objects.exists()
    assert f"swap:{swap.pk}:void" in told(pair.ben)


def test_an_answer_that_comes_when_a_seat_was_just_given_up_changes_nothing(pair):
    swap = pair.ask()
    seats.leave_seat(meeting=pair.first, kind=pair.seat.kind, by=pair.ada)

    assert swaps.answer(swap=swap, member=pair.ben, accepts=True) is SwapOutcome.VOID


def test_a_request_is_void_when_a_meeting_has_begun(pair):
    swap = pair.ask()
    Meeting.objects.filter(pk=pair.first.pk).update(starts_at=timezone.now() - timedelta(minutes=1))

    assert swaps.answer(swap=swap, member=pair.ben, accepts=True) == SwapOutcome.VOID
    assert pair.holders() == [pair.ada, pair.ben]


def test_a_request_is_void_when_a_meeting_was_cancelled(pair):
    swap = pair.ask()
    Meeting.objects.filter(pk=pair.second.pk).update(phase="cancelled")

    assert swaps.answer(swap=swap, member=pair.ben, accepts=True) == SwapOutcome.VOID


def test_what_was_asked_of_a_cancelled_meeting_waits_unshown(pair, group):
    pair.ask()
    visit = access.get_visit(pair.ben, group.slug)
    assert len(rota_page.swap_lines(visit)) == 1

    Meeting.objects.filter(pk=pair.first.pk).update(phase="cancelled")

    assert not rota_page.swap_lines(visit)


def test_an_exchange_ends_what_else_was_asked_of_the_seats(pair):
    third = make_meeting(pair.group, day=(timezone.now() + timedelta(days=21)).date())
    cleo = make_membership(pair.group).member
    rival = swaps.ask(seat=make_seat(third, cleo), other_seat=pair.other, by=cleo)

    swaps.answer(swap=pair.ask(), member=pair.ben, accepts=True)

    assert swaps.answer(swap=rival, member=pair.ben, accepts=True) == SwapOutcome.VOID
    assert f"swap:{rival.pk}:void" in told(cleo)


def test_somebody_else_does_not_answer(pair):
    with pytest.raises(Refused):
        swaps.answer(swap=pair.ask(), member=make_membership(pair.group).member, accepts=True)


@pytest.mark.parametrize("reverse", [False, True])
def test_what_was_asked_is_not_asked_again_from_either_side(pair, reverse):
    pair.ask()
    first, second = (pair.other, pair.seat) if reverse else (pair.seat, pair.other)

    with pytest.raises(Refused, match="already requested"):
        swaps.ask(seat=first, other_seat=second, by=pair.ben if reverse else pair.ada)


def test_a_member_asks_for_their_own_seat_only(pair):
    with pytest.raises(Refused, match="seat of your own"):
        pair.ask(by=make_membership(pair.group).member)


def test_seats_of_one_member_are_not_changed(pair):
    Seat.objects.filter(pk=pair.other.pk).update(member=pair.ada)

    with pytest.raises(Refused, match="same member"):
        pair.ask()


def test_a_seat_that_is_gone_is_not_asked_for(pair):
    Seat.objects.filter(pk=pair.other.pk).delete()

    with pytest.raises(Refused, match="now free"):
        pair.ask()


def test_a_seat_of_the_past_is_not_asked_for(pair):
    Meeting.objects.filter(pk=pair.second.pk).update(phase="held")

    with pytest.raises(Refused, match="before their meetings"):
        pair.ask()


def test_a_seat_of_another_group_is_not_asked_for(pair):
    foreign = make_seat(make_meeting(make_group()), pair.ben)

    with pytest.raises(Refused, match="two groups"):
        swaps.ask(seat=pair.seat, other_seat=foreign, by=pair.ada)
