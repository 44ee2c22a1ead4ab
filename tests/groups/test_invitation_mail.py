"""Mailing invitations: once, to whom they are for, and with nothing left behind."""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from common import mailing, wake_ups
from groups.invitations import invitations
from groups.models import Invitation, Membership
from tests.groups.builders import make_membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(private_group, owner):
    return invitations.invite(group=private_group, by=owner, email="ida@example.org")


@pytest.fixture
def away(monkeypatch):
    """A mail server that quotes the address in what it says against it."""

    def refuse(self):
        raise smtplib.SMTPRecipientsRefused({"ida@example.org": (550, b"no ida@example.org")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)


def long_ago(**columns):
    Invitation.objects.update(due_at=timezone.now() - timedelta(**columns))


def test_the_mail_holds_the_link_and_says_from_whom_it_is(made, private_group, owner):
    mailing.send(Invitation, made.invitation.pk)

    message = mail.outbox[0]
    assert message.to == ["ida@example.org"]
    assert message.subject == f"{owner.display_name} invites you to {private_group.name}"
    assert f"/invitations/{made.token}\n" in message.body
    assert "&" not in message.body
    assert not getattr(message, "alternatives", [])


def test_a_sent_token_is_wiped(made):
    mailing.send(Invitation, made.invitation.pk)

    made.invitation.refresh_from_db()
    assert made.invitation.sealed_token == ""
    assert made.invitation.sent_at


def test_the_sealed_token_is_not_the_token(made):
    assert made.token not in Invitation.objects.get().sealed_token


def test_it_is_mailed_once_however_often_the_task_comes(made):
    for _ in range(3):
        mailing.send(Invitation, made.invitation.pk)
        mailing.sweep()

    assert len(mail.outbox) == 1


def test_the_wake_up_is_sent_after_the_commit(
    private_group, owner, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(wake_ups, "_send", lambda task, args: sent.append((task.name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        made = invitations.invite(group=private_group, by=owner, email="ida@example.org")
        assert not sent

    assert sent == [("common.send_mail", ("groups.Invitation", made.invitation.pk))]


def test_a_sweep_sends_what_lost_its_wake_up(made):
    assert mailing.sweep() == 0
    long_ago(minutes=1)

    assert mailing.sweep() == 1
    assert len(mail.outbox) == 1


def test_a_refused_mail_is_tried_five_times_and_then_given_up(made, away):
    for hours in (0, 1, 2, 3, 12, 24, 48):
        long_ago(hours=hours, minutes=1)
        mailing.sweep()

    made.invitation.refresh_from_db()
    assert made.invitation.attempts == 5
    assert made.invitation.sealed_token == ""
    assert made.invitation.sent_at is None


def test_a_refused_mail_is_not_tried_again_at_once(made, away):
    mailing.send(Invitation, made.invitation.pk)
    mailing.send(Invitation, made.invitation.pk)

    made.invitation.refresh_from_db()
    assert made.invitation.attempts == 1


def test_the_log_names_no_address(made, away, caplog):
    with caplog.at_level(logging.INFO):
        mailing.send(Invitation, made.invitation.pk)

    assert "was not sent" in caplog.text
    assert "ida@" not in caplog.text
    assert made.token not in caplog.text


@pytest.mark.parametrize("why", ["revoked", "expired", "closed", "inviter", "accepted"])
def test_what_is_over_is_not_mailed_any_more(made, private_group, owner, why):
    if why == "revoked":
        invitations.revoke(group=private_group, by=owner, invitation_id=made.invitation.pk)
    elif why == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    elif why == "closed":
        type(private_group).objects.update(closed_at=timezone.now())
    elif why == "inviter":
        Membership.objects.update(role="member")
    else:
        Invitation.objects.update(use_count=1, sealed_token="")

    mailing.send(Invitation, made.invitation.pk)

    assert not mail.outbox
    assert Invitation.objects.get().sealed_token == ""


def test_a_token_sealed_under_a_lost_key_is_given_up(made, settings):
    settings.SECRET_KEY = "another key"

    mailing.send(Invitation, made.invitation.pk)

    assert Invitation.objects.get().sealed_token == ""
    assert not mail.outbox


def test_a_token_that_waited_past_its_time_is_wiped_by_the_sweep(made):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(hours=1), attempts=5)
    long_ago(hours=1)

    mailing.sweep()

    assert Invitation.objects.get().sealed_token == ""


def test_a_name_with_line_breaks_makes_no_header(private_group, owner):
    type(private_group).objects.update(name="A\nBcc: all@example.org")
    organiser = make_membership(private_group, role="organiser").member
    made = invitations.invite(group=private_group, by=organiser, email="ida@example.org")

    mailing.send(Invitation, made.invitation.pk)

    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].bcc == []
