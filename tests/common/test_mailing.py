"""A mail is tried a few times with growing pauses, and a killed worker loses none."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.utils import timezone

from common import due_work, mailing, tasks
from common.mailing import OutgoingMail
from groups.invitations import invitations
from groups.models import Invitation
from tests.builders import make_user
from tests.groups.builders import make_group

pytestmark = pytest.mark.django_db

START = timezone.now()
MODELS = [model for model in apps.get_models() if issubclass(model, OutgoingMail)]


class Killed(BaseException):
    """The worker is gone in the middle of a line."""


@pytest.fixture
def row():
    with time_machine.travel(START, tick=False):
        owner = make_user()
        return invitations.invite(
            group=make_group(owner=owner), by=owner, email="ida@example.org", days=30
        ).invitation


def sweep_after(**pause):
    with time_machine.travel(START + timedelta(**pause), tick=False):
        return mailing.sweep()


def fail_to_send(monkeypatch, error):
    def refuse(self):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)


def test_a_mail_that_fails_is_tried_five_times_and_given_up(row, monkeypatch):
    fail_to_send(monkeypatch, smtplib.SMTPServerDisconnected())
    tried = [minutes for minutes in range(1, 600) if sweep_after(minutes=minutes)]

    assert tried == [1, 4, 15, 76, 437]
    row.refresh_from_db()
    assert (row.attempts, row.due_at, row.sent_at) == (5, None, None)
    assert row.given_up_at == row.tried_at == START + timedelta(minutes=437)


def test_a_mail_that_cannot_be_written_is_tried_as_often(row, monkeypatch):
    monkeypatch.setattr(Invitation, "compose", lambda self: 1 / 0)
    tried = [minutes for minutes in range(1, 600) if sweep_after(minutes=minutes)]

    assert len(tried) == due_work.MAX_ATTEMPTS


def test_a_sent_mail_says_when_and_is_not_sent_again(row):
    assert [sweep_after(minutes=minutes) for minutes in (1, 5, 500)] == [1, 0, 0]

    row.refresh_from_db()
    assert (row.sent_at, row.due_at) == (START + timedelta(minutes=1), None)


def test_a_worker_killed_before_the_mail_is_taken_loses_nothing(row, monkeypatch):
    with monkeypatch.context() as patch:
        fail_to_send(patch, Killed())
        with pytest.raises(Killed):
            sweep_after(minutes=1)

    assert [sweep_after(minutes=minutes) for minutes in (2, 4, 5)] == [0, 1, 0]
    assert len(mail.outbox) == 1


def test_a_worker_killed_before_it_noted_a_sent_mail_sends_the_same_once_more(row, monkeypatch):
    def die(self, **columns):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Invitation, "settle", die)
        with pytest.raises(Killed):
            sweep_after(minutes=1)
    for minutes in (4, 20, 90):
        sweep_after(minutes=minutes)

    first, second = mail.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]


def test_a_mail_that_kills_its_worker_is_given_up_after_five_tries(row, monkeypatch):
    fail_to_send(monkeypatch, Killed())
    killed = 0
    for minutes in range(1, 1200):
        try:
            sweep_after(minutes=minutes)
        except Killed:
            killed += 1

    assert killed == due_work.MAX_ATTEMPTS
    assert Invitation.objects.get().given_up_at


def test_one_that_fails_keeps_no_other_waiting(row, monkeypatch):
    with time_machine.travel(START, tick=False):
        invitations.invite(group=row.group, by=row.invited_by, email="joe@example.org")
    compose = Invitation.compose
    monkeypatch.setattr(
        Invitation, "compose", lambda self: 1 / 0 if self.pk == row.pk else compose(self)
    )

    assert sweep_after(minutes=1) == 2
    assert [message.to for message in mail.outbox] == [["joe@example.org"]]


def test_sending_stops_when_its_time_is_over(row, monkeypatch):
    monkeypatch.setattr(due_work, "SWEEP_SECONDS", 0)

    assert sweep_after(minutes=1) == 0


def test_the_task_names_the_row(row):
    with time_machine.travel(START, tick=False):
        tasks.send_mail("groups.Invitation", row.pk)

    assert len(mail.outbox) == 1


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_due_mails_are_found_by_an_index(model):
    assert ["due_at"] in [index.fields for index in model._meta.indexes]
