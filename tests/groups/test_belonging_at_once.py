"""Many at the door at once: each counted once, and always an owner."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.utils import timezone

from common import mailing
from common.refusals import Refused
from groups.founding import founding
from groups.invitations import invitations
from groups.membership import joining, members
from groups.models import Group, Invitation, JoinRequest, Membership
from tests.builders import make_user
from tests.discussions.test_at_once import at_once
from tests.groups.builders import make_group, make_membership

pytestmark = pytest.mark.django_db(transaction=True)


def owners_of(group):
    return Membership.objects.filter(group=group, role="owner").count()


def counted(group):
    group.refresh_from_db()
    return group.member_count == Membership.objects.filter(group=group).count()


def test_fifty_accept_a_link_for_one_and_one_comes_in():
    owner, people = make_user(), [make_user() for _ in range(50)]
    group = make_group(owner=owner)
    made = invitations.invite(group=group, by=owner)

    def accept(turn):
        with suppress(Refused):
            return invitations.accept(invitation=made.invitation, member=people[turn])

    let_in = [each for each in at_once(accept, 50) if each]

    assert len(let_in) == 1
    assert Membership.objects.filter(group=group).count() == 2
    assert counted(group)
    assert Invitation.objects.get().use_count == 1


def test_one_who_presses_often_joins_once():
    group, member = make_group(), make_user()

    joined = at_once(lambda turn: joining.join(group=group, member=member), 24)

    assert sum(joined) == 1
    assert counted(group)


def test_one_who_asks_often_waits_once():
    group, member = make_group(joining="request"), make_user()

    asked = at_once(lambda turn: joining.ask_to_join(group=group, member=member), 16)

    assert len({each.pk for each in asked}) == JoinRequest.objects.count() == 1


def test_all_owners_leave_at_once_and_one_stays():
    people = [make_user() for _ in range(8)]
    group = make_group(owner=people[0])
    for each in people[1:]:
        make_membership(group, each, role="owner")

    def leave(turn):
        with suppress(Refused):
            members.leave(group=group, member=people[turn])

    at_once(leave, 8)

    assert owners_of(group) == 1
    assert counted(group)


def test_owners_who_demote_each_other_leave_one():
    owners = [make_user() for _ in range(4)]
    group = make_group(owner=owners[0])
    for each in owners[1:]:
        make_membership(group, each, role="owner")

    def demote(turn):
        with suppress(Refused):
            members.change_role(
                group=group, by=owners[turn % 4], member=owners[(turn + 1) % 4], role="member"
            )

    at_once(demote, 16)

    assert owners_of(group) >= 1


def test_an_acceptance_and_a_ban_at_once_end_outside():
    owner = make_user()
    group = make_group(owner=owner, joining="request")
    asked = [
        JoinRequest.objects.create(group=group, member=make_user(), created_at=timezone.now())
        for _ in range(8)
    ]

    def act(turn):
        request = asked[turn // 2]
        if turn % 2:
            members.ban(group=group, by=owner, member=request.member)
        else:
            joining.accept(group=group, request_id=request.pk, by=owner)

    at_once(act, 16)

    assert Membership.objects.filter(group=group).count() == 1
    assert counted(group)


def test_an_address_is_taken_once():
    founders = [make_user() for _ in range(8)]

    def found(turn):
        with suppress(founding.SlugTakenError):
            return founding.found_group(founder=founders[turn], name="Whales", slug="whales")

    assert sum(each is not None for each in at_once(found, 8)) == 1
    assert Group.objects.get().member_count == 1


def test_one_of_many_workers_mails_an_invitation(mailoutbox):
    owner = make_user()
    made = invitations.invite(group=make_group(owner=owner), by=owner, email="ida@example.org")

    tried = at_once(lambda turn: mailing.send(Invitation, made.invitation.pk), 8)

    assert sum(tried) == len(mailoutbox) == 1
