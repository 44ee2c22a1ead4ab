"""Parts of a book over the meetings to come."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from common.refusals import Refused
from groups.models import LogEntry, Meeting, Series
from groups.schedule.meetings import cancel_or_skip
from groups.schedule.schedules import set_schedule
from groups.scheduling.rules import make_rule
from groups.series import series as planning
from groups.series.series import PartPlan
from tests.builders import make_paper
from tests.groups.builders import make_ballot

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PARTS = [PartPlan("One", "pp. 1 to 30"), PartPlan("Two"), PartPlan("Three")]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def term(group, owner):
    """The Thursdays of December and January."""
    rule = make_rule(
        frequency="weekly", weekday=3, times=(time(18),), zone="Europe/Berlin",
        starts_on=date(2026, 12, 10), ends_on=date(2027, 1, 28),
    )  # fmt: skip
    set_schedule(group=group, by=owner, rule=rule, from_day=rule.starts_on)
    return list(Meeting.objects.filter(group=group).order_by("occurs_on"))


def plan(group, owner, parts=PARTS, **options):
    options = {"title": "A book", "from_day": date(2026, 12, 1)} | options
    return planning.create_series(group=group, by=owner, parts=parts, **options)


def plan_again(one, owner, parts, from_day=date(2026, 12, 1)):
    return planning.plan_series(series=one, by=owner, parts=parts, from_day=from_day)


def days(one):
    parts = one.parts.order_by("position").select_related("meeting")
    return [(each.title, each.meeting and each.meeting.occurs_on.day) for each in parts]


def again(meeting):
    return Meeting.objects.get(pk=meeting.pk)


def test_each_part_gets_the_next_meeting(group, owner, term):
    assert days(plan(group, owner)) == [("One", 10), ("Two", 17), ("Three", 24)]


def test_a_meeting_that_reads_a_part_has_no_ballot(group, owner, term):
    plan(group, owner)
    first = again(term[0])

    assert (first.title, first.choice) == ("A book: One, pp. 1 to 30", "organiser")
    assert (first.phase, first.ballot_opens_at, first.due_at) == ("ready", None, first.starts_at)
    assert LogEntry.objects.filter(meeting=first, kind="phase", number=1).exists()


def test_a_long_paper_is_read_at_each(group, owner, term):
    paper = make_paper()
    plan(group, owner, paper=paper)

    assert [list(again(each).papers.all()) for each in term[:4]] == [[paper]] * 3 + [[]]


def test_meetings_that_are_off_vote_or_read_something_are_passed_over(group, owner, term):
    cancel_or_skip(meeting=term[0], by=owner, phase="skipped")
    make_ballot(term[1])
    term[2].papers.add(make_paper())
    Meeting.objects.filter(pk=term[3].pk).update(title="A guest")

    assert days(plan(group, owner)) == [("One", 7), ("Two", 14), ("Three", 21)]


def test_two_series_share_no_meeting(group, owner, term):
    plan(group, owner)

    assert days(plan(group, owner)) == [("One", 31), ("Two", 7), ("Three", 14)]


def test_a_part_beyond_the_term_waits_for_a_meeting(group, owner, term):
    one = plan(group, owner, [PartPlan(str(number)) for number in range(9)])

    assert days(one)[-1] == ("8", None)


def test_a_part_that_is_taken_out_gives_the_choice_back(group, owner, term):
    one = plan(group, owner, paper=make_paper())
    plan_again(one, owner, PARTS[:2])
    last = again(term[2])

    assert (last.title, last.choice, last.phase) == ("", "ballot", "planned")
    assert last.due_at == last.nominations_open_at
    assert not last.papers.exists()


def test_planning_again_as_it_is_changes_no_meeting(group, owner, term):
    one = plan(group, owner)
    before = [again(each).sequence for each in term]
    plan_again(one, owner, PARTS)

    assert [again(each).sequence for each in term] == before


def test_a_week_that_falls_out_moves_the_parts_on(group, owner, term):
    one = plan(group, owner)
    cancel_or_skip(meeting=again(term[1]), by=owner, phase="skipped")
    plan_again(one, owner, PARTS)

    assert days(one) == [("One", 10), ("Two", 24), ("Three", 31)]
    assert again(term[1]).title == ""


def test_what_was_read_stays_with_its_meeting(group, owner, term):
    one = plan(group, owner)
    with time_machine.travel(datetime(2026, 12, 11, tzinfo=UTC), tick=False):
        plan_again(one, owner, [*PARTS, PartPlan("Four")], date(2027, 1, 1))
        with pytest.raises(Refused, match="Enter at least one part"):
            plan_again(one, owner, [])

    assert days(one) == [("One", 10), ("Two", 7), ("Three", 14), ("Four", 21)]


def test_parts_that_were_read_cannot_be_taken_out(group, owner, term):
    one = plan(group, owner)
    with (
        time_machine.travel(datetime(2026, 12, 18, tzinfo=UTC), tick=False),
        pytest.raises(Refused, match="The first 2 parts were read already"),
    ):
        plan_again(one, owner, PARTS[:1])


def test_a_series_that_was_begun_ends_where_it_is(group, owner, term):
    one = plan(group, owner)
    with time_machine.travel(datetime(2026, 12, 11, tzinfo=UTC), tick=False):
        planning.end_series(series=one, by=owner)

    assert days(one) == [("One", 10)]
    assert again(term[1]).choice == "ballot"


def test_a_series_that_was_not_begun_goes(group, owner, term):
    planning.end_series(series=plan(group, owner), by=owner)

    assert not Series.objects.exists()
    assert {again(each).title for each in term} == {""}


def test_another_paper_replaces_the_one_before(group, owner, term):
    one, paper = plan(group, owner, paper=make_paper()), make_paper()
    planning.edit_series(
        series=one, by=owner, title="Another", parts=PARTS, paper=paper, from_day=date(2026, 12, 1)
    )

    assert list(again(term[0]).papers.all()) == [paper]
    assert again(term[0]).title == "Another: One, pp. 1 to 30"
