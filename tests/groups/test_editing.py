"""One meeting edited, and all of them when the rules of a zone change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine

from common.refusals import Refused
from discussions.models import Notification
from groups.models import LogEntry, Meeting, Notice, Series, SeriesPart
from groups.schedule import zone_updates
from groups.schedule.editing import Details, edit_meeting
from groups.schedule.schedules import set_schedule
from groups.scheduling import wall_times
from groups.scheduling.rules import make_rule
from tests.builders import make_paper
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_meeting,
    make_membership,
    make_rsvp,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def term(group, owner):
    """The Thursdays until the end of January."""
    rule = make_rule(
        frequency="weekly", weekday=3, times=(time(18),), zone="Europe/Berlin",
        starts_on=date(2026, 11, 26), ends_on=date(2027, 1, 28),
    )  # fmt: skip
    return set_schedule(group=group, by=owner, rule=rule, from_day=rule.starts_on)


@pytest.fixture
def later(group, term):
    """A meeting far enough away for nominations and a ballot."""
    return Meeting.objects.get(group=group, occurs_on=date(2026, 12, 17))


def refusal(act):
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value)


# Edited -------------------------------------------------------------------------------------------


def edit(meeting, owner, papers=None, **changes):
    details = replace(Details.of(meeting), **changes)
    return edit_meeting(meeting=meeting, by=owner, details=details, papers=papers)


def test_a_smaller_room_makes_the_last_wait(later, owner):
    for number in range(3):
        make_rsvp(later, queued_at=datetime(2026, 11, 1 + number, tzinfo=UTC))
    edit(later, owner, capacity=2)

    assert [each.is_waiting for each in later.rsvps.order_by("queued_at")] == [False, False, True]


def test_a_longer_meeting_is_told_and_a_new_title_is_not(later, owner):
    edit(later, owner, title="A talk")
    assert not Notice.objects.exists()

    changed = edit(later, owner, duration_minutes=90)
    assert (changed.ends_at - changed.starts_at).seconds == 90 * 60
    assert Notice.objects.count() == 1


def test_the_link_for_joining_is_in_no_notice(later, owner, group):
    member = make_membership(group).member
    edit(later, owner, join_url="https://meet.example/secret")

    assert "secret" not in Notification.objects.get(recipient=member).summary


def test_saving_it_as_it_is_changes_nothing(later, owner):
    assert edit(later, owner).sequence == 0


def test_an_organiser_who_picks_ends_the_nominations(later, owner):
    Meeting.objects.filter(pk=later.pk).update(phase="nominating")
    changed = edit(later, owner, choice="organiser", papers=[make_paper()])

    assert (changed.phase, changed.ballot_opens_at) == ("ready", None)


def test_given_back_to_the_members_it_waits_for_nominations(later, owner):
    edit(later, owner, choice="organiser")
    changed = edit(later, owner, choice="ballot")

    assert (changed.phase, changed.due_at) == ("planned", changed.nominations_open_at)


def test_an_open_ballot_is_not_passed_over(later, owner):
    make_ballot(later)

    assert "The ballot is open" in refusal(lambda: edit(later, owner, choice="organiser"))


def test_what_members_vote_on_is_not_set_by_hand(later, owner):
    assert "Members vote" in refusal(lambda: edit(later, owner, papers=[make_paper()]))


def test_papers_keep_the_order_in_which_they_were_given(later, owner):
    first, second = make_paper(), make_paper()
    edit(later, owner, choice="organiser", papers=[first, second])
    edit(later, owner, choice="organiser", papers=[second, first])

    assert [each.paper for each in later.readings.all()] == [second, first]


def test_what_an_organiser_picks_is_told_once_and_not_for_its_order(later, owner, group):
    member = make_membership(group).member
    first, second = make_paper(), make_paper()
    for papers in ([first], [first], [first, second], [second, first]):
        edit(later, owner, choice="organiser", papers=papers)

    told = Notification.objects.filter(recipient=member, reasons=["ballot"])
    assert [each.summary.count("“") for each in told.order_by("pk")] == [1, 2]


def test_what_is_held_takes_papers_and_keeps_its_length(later, owner):
    Meeting.objects.filter(pk=later.pk).update(phase="held", due_at=None)
    changed = edit(later, owner, papers=[make_paper()], duration_minutes=5)

    assert (changed.duration_minutes, changed.readings.count()) == (60, 1)
    assert changed.phase == "held"


def test_a_part_of_a_series_is_not_put_to_the_vote(later, owner, group):
    one = Series.objects.create(group=group, title="A book")
    SeriesPart.objects.create(series=one, position=1, title="One", meeting=later)

    assert "part of a series" in refusal(lambda: edit(later, owner, choice="organiser"))


# Zones whose rules change ---------------------------------------------------------------------


def test_a_zone_with_new_rules_moves_the_instant_and_not_the_wall_time(later, owner, monkeypatch):
    def by_new_rules(day, at, zone):
        return datetime.combine(day, at, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)

    monkeypatch.setattr(wall_times, "to_instant", by_new_rules)

    assert zone_updates.recompute_moments() == 10
    later.refresh_from_db()
    assert (later.time, later.starts_at.hour, later.sequence) == (time(18), 18, 0)
    assert LogEntry.objects.filter(meeting=later, kind="clocks").count() == 1
    assert zone_updates.recompute_moments() == 0


def test_what_has_been_is_not_computed_anew(later, monkeypatch):
    Meeting.objects.update(phase="held", due_at=None)
    monkeypatch.setattr(wall_times, "to_instant", lambda *wall: NOW)

    assert zone_updates.recompute_moments() == 0


def test_many_meetings_are_computed_in_as_many_statements_as_few(count_queries, owner):
    make_meeting(make_group(owner=owner))
    few = count_queries(zone_updates.recompute_moments)
    for number in range(2, 12):
        make_meeting(make_group(owner=owner), day=date(2026, 12, number))

    assert count_queries(zone_updates.recompute_moments) == few
