"""`migrate` alone brings a database of commit e7fa4c5 here, and nothing in it is told again.

The dump has one group with three meetings. It was made with that commit: everything in it was
written by its domain functions at set moments, and dumped as text.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from common.rendered_text import render_stale
from discussions.models import Comment, Notification
from groups.cycle import reminders, sweeping
from groups.models import Group, Invitation, Meeting, Notice, Question
from groups.notices import notices
from tests.groups.cycle_builders import tick_to

DUMP = (Path(__file__).parent / "e7fa4c5.sql").read_text()
MEETING_STARTS_AT = datetime(2026, 12, 1, 17, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def old_database(django_db_setup, django_db_blocker):
    """The dump, loaded into a database of its own and migrated."""
    with django_db_blocker.unblock():
        ours = connection.settings_dict["NAME"]
        old = f"{ours}_e7fa4c5"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {old}")
            cursor.execute(f"CREATE DATABASE {old}")
        connection.close()
        connection.settings_dict["NAME"] = old
        try:
            with connection.cursor() as cursor:
                cursor.execute(DUMP)
            call_command("migrate", verbosity=0)
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = ours
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")


def sweep_before(lead):
    with tick_to(MEETING_STARTS_AT - lead + timedelta(minutes=1)):
        return sweeping.sweep() + reminders.sweep()


def test_notices_keep_what_they_were_of():
    meeting = Meeting.objects.get(starts_at=MEETING_STARTS_AT)
    found = set(Notice.objects.values_list("kind", "subject_id", "number", "moment"))
    seat = meeting.seats.get()
    voting = Meeting.objects.get(phase="voting")

    assert found == {
        ("reminder", meeting.pk, 24 * 60, meeting.starts_at),
        ("reminder", meeting.pk, 60, meeting.starts_at),
        ("seat", seat.pk, seat.member_id, meeting.starts_at),
        ("unready", 2, 0, Meeting.objects.get(pk=2).starts_at),
        ("nominations", voting.pk, 1, None),
        ("ballot", voting.pk, 2, None),
        ("closing", voting.pk, 0, voting.ballot_closes_at),
        ("term", 1, 0, datetime(2027, 1, 7, tzinfo=UTC)),
    }


def test_each_notice_finds_whom_it_was_told():
    told = Notification.objects.filter(
        event__in=[notices.event_of(each) for each in Notice.objects.all()]
    )

    assert told.count() == sum(Notice.objects.values_list("told_count", flat=True)) > 0


def test_nothing_that_was_told_is_told_again():
    for lead in (timedelta(hours=24), timedelta(hours=1)):
        assert sweep_before(lead) == 0


def test_what_was_never_rendered_is_rendered():
    with tick_to(MEETING_STARTS_AT):
        render_stale()

    assert "<strong>Readers</strong>" in Group.objects.get().description_html
    assert "<math" in Question.objects.get().html
    assert Comment.objects.get().rendered_with == Comment.RENDERED_WITH


def test_members_who_voted_in_private_stay_private():
    assert User.objects.exists()
    assert not User.objects.filter(shows_votes=True).exists()


def test_an_invitation_that_waited_is_due_and_one_that_was_mailed_is_not():
    waiting = Invitation.objects.get(email="ida@example.org")
    mailed = Invitation.objects.get(email="joe@example.org")

    assert waiting.due_at
    assert waiting.sealed_token
    assert (mailed.due_at, mailed.attempts) == (None, 1)
    assert mailed.sent_at == datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert Invitation.objects.get(email="").due_at is None
