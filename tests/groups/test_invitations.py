"""Invitations: by link and by e-mail, what they let in, and what they tell to whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from common.refusals import Refused
from groups.invitations import invitations
from groups.invitations.invitations import InvitationRefusal, InvitationRefusedError
from groups.membership import members
from groups.models import Ban, Group, Invitation, Membership
from tests.builders import PASSWORD, make_user
from tests.groups.builders import make_membership
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def otto():
    return make_user("otto")


def invite(group, owner, **fields):
    return invitations.invite(group=group, by=owner, **fields)


def accept(made, member):
    return invitations.accept(invitation=made.invitation, member=member)


def open_link(client, made):
    """Open the link, and return the page that it leads to."""
    return client.get(client.get(f"/invitations/{made.token}").url)


def role_of(group, member):
    found = Membership.objects.filter(group=group, member=member).first()
    return found.role if found else None


@pytest.mark.parametrize("role", ["guest", "member", "organiser"])
def test_an_invitation_lets_in_as_what_it_says(private_group, owner, otto, role):
    made = invite(private_group, owner, role=role)

    accept(made, otto)

    private_group.refresh_from_db()
    made.invitation.refresh_from_db()
    assert role_of(private_group, otto) == role
    assert private_group.member_count == 2
    assert made.invitation.use_count == 1


def test_of_a_token_only_the_hash_is_kept(group, owner):
    made = invite(group, owner)

    kept = Invitation.objects.values().get()
    assert made.token not in str(kept)
    assert kept["token_hash"] == invitations.hash_of(made.token)


def test_nobody_is_invited_to_own(group, owner):
    with pytest.raises(Refused):
        invite(group, owner, role="owner")


def test_an_organiser_invites_members_and_no_organisers(group):
    organiser = make_membership(group, role="organiser").member

    invite(group, organiser, role="member")
    with pytest.raises(Refused, match="Only an owner"):
        invite(group, organiser, role="organiser")


@pytest.mark.parametrize("role", ["member", "guest"])
def test_who_does_not_run_the_group_invites_nobody(group, role):
    member = make_membership(group, role=role).member

    with pytest.raises(Refused, match="Only organisers"):
        invite(group, member)


@pytest.mark.parametrize("fields", [{"days": 0}, {"days": 31}, {"max_uses": 0}, {"max_uses": 101}])
def test_an_invitation_keeps_to_its_limits(group, owner, fields):
    with pytest.raises(Refused):
        invite(group, owner, **fields)


def test_an_invitation_stands_for_a_week_unless_told(group, owner):
    left = invite(group, owner).invitation.expires_at - timezone.now()

    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


def test_a_link_lets_in_as_many_as_it_says(group, owner):
    made = invite(group, owner, max_uses=2)
    accept(made, make_user())
    accept(made, make_user())

    with pytest.raises(InvitationRefusedError) as refused:
        accept(made, make_user())
    assert refused.value.refusal == InvitationRefusal.SPENT


def test_who_belongs_already_uses_nothing_up_and_stays_what_they_are(group, owner):
    made = invite(group, owner, role="guest")

    accept(made, owner)

    made.invitation.refresh_from_db()
    assert made.invitation.use_count == 0
    assert role_of(group, owner) == "owner"


def spoil(how, made, group, owner, member):
    rows = Invitation.objects.filter(pk=made.invitation.pk)
    if how is InvitationRefusal.EXPIRED:
        rows.update(expires_at=timezone.now())
    elif how is InvitationRefusal.SPENT:
        rows.update(use_count=1)
    elif how is InvitationRefusal.REVOKED:
        invitations.revoke(group=group, by=owner, invitation_id=made.invitation.pk)
    elif how is InvitationRefusal.CLOSED:
        Group.objects.update(closed_at=timezone.now())
    elif how is InvitationRefusal.BANNED:
        Ban.objects.create(group=group, member=member)
    elif how is InvitationRefusal.OTHER_ADDRESS:
        rows.update(email="somebody@example.org")
    else:
        rows.delete()


@pytest.mark.parametrize("how", list(InvitationRefusal))
def test_each_refusal_is_one_clear_message_that_names_no_group(private_group, owner, otto, how):
    made = invite(private_group, owner)
    spoil(how, made, private_group, owner, otto)
    client = client_for(otto)

    page = open_link(client, made).content.decode()
    answer = client.post("/invitation")

    for said in (page, answer.content.decode()):
        assert how.value in said.replace("&#x27;", "'")
        assert private_group.name not in said
        assert private_group.slug not in said
    assert answer.status_code == 422
    assert role_of(private_group, otto) is None


def test_an_inviter_who_lost_the_role_takes_their_invitations_along(group, owner, otto):
    organiser = make_membership(group, role="organiser").member
    made = invite(group, organiser)
    members.change_role(group=group, by=owner, member=organiser, role="member")

    with pytest.raises(InvitationRefusedError) as refused:
        accept(made, otto)
    assert refused.value.refusal == InvitationRefusal.REVOKED


def test_an_owner_who_steps_down_invites_no_organiser_any_more(group, owner, otto):
    made = invite(group, owner, role="organiser")
    heir = make_membership(group).member
    members.hand_over(group=group, by=owner, member=heir)

    with pytest.raises(InvitationRefusedError):
        accept(made, otto)


def test_the_token_leaves_the_address_at_once(group, owner):
    made, client = invite(group, owner), Client()

    response = client.get(f"/invitations/{made.token}")

    assert response.url == "/invitation"
    assert made.token not in str(dict(client.session))
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert made.token not in client.get("/invitation").content.decode()


def test_any_token_leads_to_the_same_page(db):
    response = Client().get("/invitations/no-such-token")

    assert response.url == "/invitation"


def test_without_a_link_there_is_nothing_to_accept(db):
    assert Client().get("/invitation").url == "/groups"


def test_the_invited_see_the_group_and_come_in(private_group, owner, otto):
    made, client = invite(private_group, owner), client_for(otto)
    page = open_link(client, made).content.decode()
    assert private_group.name in page

    response = client.post("/invitation")

    assert response.url == private_group.get_absolute_url()
    assert client.get("/invitation").url == "/groups"


def test_looking_at_an_invitation_accepts_nothing(private_group, owner, otto):
    open_link(client_for(otto), invite(private_group, owner))

    assert role_of(private_group, otto) is None


def test_a_visitor_signs_in_and_finds_the_invitation_waiting(private_group, owner, otto):
    made, client = invite(private_group, owner), Client()
    assert private_group.name in open_link(client, made).content.decode()
    way_in = client.post("/invitation").url

    assert "to use your invitation" in client.get(way_in).content.decode()
    response = client.post(way_in, {"login": "otto", "password": PASSWORD})

    assert response.url == "/invitation"
    assert client.post("/invitation").url == private_group.get_absolute_url()


def test_of_an_invitation_by_mail_a_visitor_learns_no_group(private_group, owner):
    made = invite(private_group, owner, email="otto@example.org")

    page = open_link(Client(), made).content.decode()

    assert private_group.name not in page
    assert "otto@example.org" not in page


def test_an_invitation_by_mail_is_for_the_proved_address(private_group, owner, otto):
    made = invite(private_group, owner, email="Otto@Example.org", max_uses=50)

    accept(made, otto)

    assert role_of(private_group, otto) == "member"
    assert made.invitation.max_uses == 1


def test_an_address_that_is_not_proved_opens_nothing(private_group, owner):
    ida = make_user("ida")
    EmailAddress.objects.create(user=ida, email="new@example.org", verified=False)
    made = invite(private_group, owner, email="new@example.org")

    with pytest.raises(InvitationRefusedError) as refused:
        accept(made, ida)
    assert refused.value.refusal == InvitationRefusal.OTHER_ADDRESS


def test_a_link_is_shown_once(group, owner, owner_client):
    url = f"/groups/{group.slug}/invitations"
    page = owner_client.post(url, {"by": "link", "role": "member", "days": 7}).content.decode()

    token = re.search(r"/invitations/([\w-]{43})\b", page)[1]
    assert Invitation.objects.get().token_hash == invitations.hash_of(token)
    assert "will not be shown again" in page
    assert "will not be shown again" not in owner_client.get(url).content.decode()


def test_what_was_typed_to_invite_is_kept(group, owner_client):
    typed = {"by": "email", "email": "not an address", "role": "member", "days": 99}

    response = owner_client.post(f"/groups/{group.slug}/invitations", typed)

    assert response.status_code == 422
    assert "not an address" in response.content.decode()
    assert not Invitation.objects.exists()


def test_a_revoked_invitation_leaves_the_list(group, owner, owner_client):
    made = invite(group, owner, email="ida@example.org")
    url = f"/groups/{group.slug}/invitations"
    assert "ida@example.org" in owner_client.get(url).content.decode()

    owner_client.post(f"{url}/{made.invitation.pk}/revoke")

    assert "ida@example.org" not in owner_client.get(url).content.decode()
    assert Invitation.objects.get().sealed_token == ""


def test_an_invitation_of_another_group_is_not_revoked_from_here(
    group, private_group, owner, owner_client
):
    made = invite(private_group, owner)

    response = owner_client.post(f"/groups/{group.slug}/invitations/{made.invitation.pk}/revoke")

    assert response.status_code == 404
    assert Invitation.objects.get().revoked_at is None


def test_a_member_who_opens_the_link_is_led_to_the_group(group, owner, owner_client):
    response = owner_client.get(owner_client.get(f"/invitations/{invite(group, owner).token}").url)

    assert response.url == group.get_absolute_url()


def test_mails_are_not_sent_without_end(group, owner_client):
    url = f"/groups/{group.slug}/invitations"
    typed = {"by": "email", "role": "member", "days": 7}

    for number in range(20):
        owner_client.post(url, typed | {"email": f"m{number}@example.org"})
    response = owner_client.post(url, typed | {"email": "last@example.org"})

    assert "Too many requests" in response.content.decode()
    assert Invitation.objects.count() == 20
