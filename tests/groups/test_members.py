"""Who belongs, what they are, and the ways out."""

from __future__ import annotations

import pytest

from common.refusals import Refused
from groups.membership import members
from groups.models import Attending, Ban, JoinRequest, LogEntry, Membership, Rsvp, Seat, Slip
from tests.builders import make_user
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_meeting,
    make_membership,
    make_rsvp,
    make_seat,
    make_slip,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(group):
    return make_membership(group, make_user("orla"), role="organiser").member


@pytest.fixture
def mona(group):
    return make_membership(group, make_user("mona")).member


def role_of(group, member):
    found = Membership.objects.filter(group=group, member=member).first()
    return found.role if found else None


@pytest.mark.parametrize("role", ["owner", "organiser", "guest"])
def test_an_owner_makes_a_member_anything(group, owner, mona, role):
    members.change_role(group=group, by=owner, member=mona, role=role)

    assert role_of(group, mona) == role
    assert LogEntry.objects.get().kind == "role"


def test_a_new_role_is_told_once(group, owner, mona):
    members.change_role(group=group, by=owner, member=mona, role="organiser")
    members.change_role(group=group, by=owner, member=mona, role="organiser")

    told = mona.notifications.get()
    assert told.summary == f"You are now an organiser of {group.name}."


@pytest.mark.parametrize("role", ["owner", "organiser"])
def test_an_organiser_makes_nobody_run_the_group(group, organiser, mona, role):
    with pytest.raises(Refused, match="Only an owner"):
        members.change_role(group=group, by=organiser, member=mona, role=role)
    assert role_of(group, mona) == "member"


def test_an_organiser_makes_a_member_a_guest(group, organiser, mona):
    members.change_role(group=group, by=organiser, member=mona, role="guest")

    assert role_of(group, mona) == "guest"


@pytest.mark.parametrize("act", ["role", "remove", "ban"])
def test_an_organiser_touches_no_owner_and_no_other_organiser(group, owner, organiser, act):
    other = make_membership(group, role="organiser").member
    acts = {
        "role": lambda who: members.change_role(
            group=group, by=organiser, member=who, role="guest"
        ),
        "remove": lambda who: members.remove(group=group, by=organiser, member=who),
        "ban": lambda who: members.ban(group=group, by=organiser, member=who),
    }

    for who in (owner, other):
        with pytest.raises(Refused, match="Only an owner"):
            acts[act](who)
    assert (role_of(group, owner), role_of(group, other)) == ("owner", "organiser")


def test_a_member_changes_nobody(group, mona):
    other = make_membership(group).member

    with pytest.raises(Refused, match="Only organisers"):
        members.remove(group=group, by=mona, member=other)
    with pytest.raises(Refused, match="Only organisers"):
        members.ban(group=group, by=mona, member=other)


def test_the_last_owner_neither_leaves_nor_steps_down(group, owner):
    with pytest.raises(Refused, match="only owner"):
        members.leave(group=group, member=owner)
    with pytest.raises(Refused, match="only owner"):
        members.change_role(group=group, by=owner, member=owner, role="member")
    assert role_of(group, owner) == "owner"


def test_one_of_two_owners_leaves(group, owner, mona):
    members.change_role(group=group, by=owner, member=mona, role="owner")

    members.leave(group=group, member=owner)

    group.refresh_from_db()
    assert role_of(group, owner) is None
    assert group.member_count == 1


def test_leaving_twice_is_leaving_once(group, mona):
    members.leave(group=group, member=mona)
    members.leave(group=group, member=mona)

    group.refresh_from_db()
    assert group.member_count == 1
    assert LogEntry.objects.filter(kind="left").count() == 1


def test_a_closed_group_can_be_left(mona, group):
    type(group).objects.update(closed_at=group.created_at)

    members.leave(group=group, member=mona)

    assert role_of(group, mona) is None


def test_handing_over_makes_an_owner_and_an_organiser(group, owner, mona):
    members.hand_over(group=group, by=owner, member=mona)

    assert (role_of(group, owner), role_of(group, mona)) == ("organiser", "owner")


def test_who_hands_over_may_stay_an_owner(group, owner, mona):
    members.hand_over(group=group, by=owner, member=mona, stays_as="owner")

    assert (role_of(group, owner), role_of(group, mona)) == ("owner", "owner")


@pytest.mark.parametrize("who", ["self", "outsider"])
def test_a_group_is_handed_only_to_another_member(group, owner, who):
    heir = owner if who == "self" else make_user()

    with pytest.raises(Refused):
        members.hand_over(group=group, by=owner, member=heir)
    assert role_of(group, owner) == "owner"


def test_only_an_owner_hands_over(group, organiser, mona):
    with pytest.raises(Refused, match="Only owners"):
        members.hand_over(group=group, by=organiser, member=mona)


def future_of(group, member):
    """Give a member an answer, a seat and a vote in what is to come."""
    meeting = make_meeting(group)
    make_rsvp(meeting, member, answer=Attending.GOING)
    make_seat(meeting, member)
    make_slip(make_ballot(meeting), member, [1])


@pytest.mark.parametrize("way", ["leave", "remove", "ban"])
def test_whoever_goes_leaves_no_answer_seat_or_vote(group, owner, mona, way):
    future_of(group, mona)
    if way == "leave":
        members.leave(group=group, member=mona)
    else:
        getattr(members, way)(group=group, by=owner, member=mona)

    assert not Rsvp.objects.exists()
    assert not Seat.objects.exists()
    assert not Slip.objects.exists()


def test_who_becomes_a_guest_keeps_their_answer_and_neither_seat_nor_vote(group, owner, mona):
    future_of(group, mona)

    members.change_role(group=group, by=owner, member=mona, role="guest")

    assert Rsvp.objects.count() == 1
    assert not Seat.objects.exists()
    assert not Slip.objects.exists()


def test_a_ban_removes_and_declines_and_gives_its_reason_in_the_log(group, owner, mona):
    members.ban(group=group, by=owner, member=mona, reason="Spam.")

    assert role_of(group, mona) is None
    assert Ban.objects.get().reason == "Spam."
    assert LogEntry.objects.get().words == "Banned @mona: Spam."


def test_a_ban_declines_what_waits(group, owner):
    asked = JoinRequest.objects.create(group=group, member=make_user())

    members.ban(group=group, by=owner, member=asked.member)

    asked.refresh_from_db()
    assert asked.decided_at
    assert not asked.is_accepted


def test_a_lifted_ban_is_gone_and_lifting_it_again_does_nothing(group, owner, mona):
    ban = members.ban(group=group, by=owner, member=mona)

    members.lift_ban(group=group, by=owner, ban_id=ban.pk)
    members.lift_ban(group=group, by=owner, ban_id=ban.pk)

    assert not Ban.objects.exists()
    assert LogEntry.objects.filter(kind="ban lifted").count() == 1


def test_a_ban_of_another_group_is_not_lifted_from_here(group, owner):
    elsewhere = make_group(owner=owner)
    ban = Ban.objects.create(group=elsewhere, member=make_user())

    members.lift_ban(group=group, by=owner, ban_id=ban.pk)

    assert Ban.objects.exists()
