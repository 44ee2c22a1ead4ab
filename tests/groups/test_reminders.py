"""Members are reminded once for each lead and beginning, and nobody who does not come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from config.schedule import CELERY_BEAT_SCHEDULE
from discussions.models import Notification
from groups import tasks
from groups.cycle import reminders
from groups.models import Cycle, Membership, Notice
from groups.notices import notices
from tests.builders import make_paper, make_user
from tests.groups.builders import make_group, make_membership, make_rsvp, make_seat
from tests.groups.cycle_builders import make_due_meeting, tick_to

pytestmark = [pytest.mark.django_db, pytest.mark.dated]

DAY, HOUR = 24 * 60, 60


@pytest.fixture
def group(owner):
    """A group that reminds a day and an hour before; its meetings lack nothing."""
    return make_group("readers", owner=owner)


@pytest.fixture
def meeting(group, owner):
    meeting = make_due_meeting(group, phase="ready", paper=make_paper(title="Attention"))
    make_seat(meeting, owner)
    # The seat's own reminder is told of in test_nudges.
    Notice.objects.create(group=group, meeting=meeting, kind="seat", at=timezone.now(),
        subject_id=meeting.seats.get().pk, number=owner.pk, moment=meeting.starts_at)  # fmt: skip
    return meeting


def sweep_before(meeting, minutes, late=timedelta(0)):
    with tick_to(meeting.starts_at - timedelta(minutes=minutes) + late):
        return reminders.sweep()


def told(member):
    """Return the leads at which a member was reminded, in order."""
    leads = {notices.event_of(each): each.number for each in Notice.objects.filter(kind="reminder")}
    news = Notification.objects.filter(recipient=member, event__in=leads).order_by("pk")
    return [leads[event] for event in news.values_list("event", flat=True)]


def test_the_task_is_a_door_to_the_work_and_beat_knocks_at_it(meeting, owner):
    with tick_to(meeting.starts_at - timedelta(minutes=5)):
        tasks.remind()

    assert told(owner) == [HOUR]
    entries = [e for e in CELERY_BEAT_SCHEDULE.values() if e["task"] == tasks.remind.name]
    assert [each["schedule"] for each in entries] == [timedelta(seconds=30)]


def test_a_member_is_reminded_at_each_lead_and_not_before(meeting, owner):
    assert sweep_before(meeting, DAY, late=timedelta(seconds=-1)) == 0
    sweep_before(meeting, DAY)
    assert told(owner) == [DAY]
    sweep_before(meeting, HOUR, late=timedelta(seconds=-1))
    assert told(owner) == [DAY]
    sweep_before(meeting, HOUR)
    assert told(owner) == [DAY, HOUR]


def test_a_reminder_says_when_in_the_groups_zone_and_what_is_read(meeting, owner):
    sweep_before(meeting, DAY)

    reminder = Notification.objects.get()
    assert reminder.reasons == ["reminder"]
    assert "18:00 in Berlin and reads “Attention”." in reminder.summary
    assert reminder.url == meeting.get_absolute_url()


def test_a_second_sweep_reminds_nobody_again(meeting):
    assert sweep_before(meeting, DAY) == 1
    assert sweep_before(meeting, DAY, late=timedelta(minutes=10)) == 0


def test_who_has_leads_of_their_own_is_reminded_at_those_only(group, meeting, owner):
    own = make_membership(group, reminder_minutes=[30]).member
    none = make_membership(group, reminder_minutes=[]).member
    for minutes in (DAY, HOUR, 30):
        sweep_before(meeting, minutes)

    assert (told(own), told(none), told(owner)) == ([30], [], [DAY, HOUR])


def test_those_who_do_not_come_and_those_who_wait_are_not_reminded(group, meeting):
    answers = [("no", False), ("going", True), ("maybe", False), ("going", False)]
    members = [make_membership(group).member for _ in answers]
    for member, (answer, is_waiting) in zip(members, answers, strict=True):
        make_rsvp(meeting, member, answer=answer, is_waiting=is_waiting)
    sweep_before(meeting, HOUR)

    assert [told(member) for member in members] == [[], [], [HOUR], [HOUR]]


def test_a_guest_is_reminded_only_of_what_they_come_to(group, meeting):
    silent, coming = (make_membership(group, role="guest").member for _ in range(2))
    make_rsvp(meeting, coming)
    sweep_before(meeting, HOUR)

    assert (told(silent), told(coming)) == ([], [HOUR])


def test_late_reminders_come_once_and_only_the_last_of_them(meeting, owner):
    sweep_before(meeting, 1)

    assert told(owner) == [HOUR]
    assert sweep_before(meeting, 0, late=timedelta(seconds=-1)) == 0


def test_each_member_gets_the_last_of_their_own_that_are_due(group, meeting, owner):
    early = make_membership(group, reminder_minutes=[DAY]).member
    sweep_before(meeting, 10)

    assert (told(early), told(owner)) == ([DAY], [HOUR])


def test_nobody_is_reminded_of_a_meeting_that_has_begun(meeting, owner):
    sweep_before(meeting, 0)

    assert told(owner) == []


def test_a_moved_meeting_is_reminded_of_again(meeting, owner):
    sweep_before(meeting, DAY)
    meeting.day += timedelta(days=1)
    meeting.set_moments(Cycle.objects.get(group=meeting.group))
    meeting.save()
    sweep_before(meeting, DAY)

    assert told(owner) == [DAY, DAY]


def test_a_longer_lead_chosen_late_reminds_nobody_whom_a_shorter_one_did(meeting, owner):
    sweep_before(meeting, HOUR)
    Membership.objects.filter(member=owner).update(reminder_minutes=[DAY])
    sweep_before(meeting, 30)

    assert told(owner) == [HOUR]


@pytest.mark.parametrize("phase", ["cancelled", "skipped", "live", "held"])
def test_what_is_off_or_going_on_is_not_reminded_of(meeting, owner, phase):
    meeting.phase, meeting.due_at = phase, None
    meeting.save()
    sweep_before(meeting, HOUR)

    assert told(owner) == []


def test_a_closed_group_reminds_nobody(group, meeting):
    group.closed_at = timezone.now()
    group.save()

    assert sweep_before(meeting, HOUR) == 0


def test_a_reminder_costs_the_same_however_many_it_is_for(meeting, group, count_queries):
    few = count_queries(lambda: sweep_before(meeting, DAY))
    for _ in range(10):
        make_membership(group)

    # The second also asks whom the first told.
    assert count_queries(lambda: sweep_before(meeting, HOUR)) == few + 1


def test_a_sweep_with_nothing_owed_costs_the_same_however_many_meetings(group, count_queries):
    make_due_meeting(group)
    few = count_queries(reminders.sweep)
    for days in range(50, 56):
        make_due_meeting(make_group(), days=days)

    assert count_queries(reminders.sweep) == few == 5


def test_one_that_fails_keeps_no_other_waiting(meeting, owner, monkeypatch, caplog):
    bad = make_due_meeting(make_group(), phase="ready")
    give = reminders._give

    def fail_for_one(which, minutes, recipients):
        if which.pk == bad.pk:
            raise ValueError
        return give(which, minutes, recipients)

    monkeypatch.setattr(reminders, "_give", fail_for_one)
    sweep_before(meeting, HOUR)

    assert told(owner) == [HOUR]
    assert f"groups.remind failed for {bad.pk}" in caplog.text


def test_who_was_recalled_of_their_part_is_reminded_of_the_meeting_too(owner):
    # A member whose number could be taken for a lead.
    presenter = make_user(pk=next(pk for pk in range(2, HOUR) if pk != owner.pk))
    meeting = make_due_meeting(make_group(owner=owner), phase="ready", paper=make_paper())
    make_membership(meeting.group, presenter)
    make_seat(meeting, presenter)
    for minutes in (3 * DAY, DAY, HOUR):
        sweep_before(meeting, minutes)

    assert told(presenter) == [DAY, HOUR]
