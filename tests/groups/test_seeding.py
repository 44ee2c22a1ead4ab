"""The groups that ship: each with a past, a ballot that is open, and a next meeting."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import Count

from groups.models import Attendance, Group, Meeting, Minutes, Nomination, Phase, Slip
from groups.seeding import planting
from groups.seeding.written import written_groups, written_notes
from papers.seeding import planting as papers_planting
from papers.seeding.samples import archived_papers, sample_papers

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.dated]

SLUGS = ["long-context-club", "local-learning-seminar", "kitchen-table"]


@pytest.fixture(scope="module")
def sown(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The seed, planted once: each test is undone by itself.

    The clock stands at NOW for planting and tests: the acts that plant a ballot ask it as well.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False):
            papers_planting.seed(now=NOW)
            planting.plant(NOW)
            yield
        transaction.set_rollback(True)


NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)


def test_three_groups_have_twenty_meetings_behind_them(sown):
    held = Meeting.objects.filter(phase=Phase.HELD)

    counts = held.values_list("group__slug").annotate(count=Count("pk"))

    assert dict(counts) == dict.fromkeys(SLUGS, 20)


def test_each_past_meeting_has_a_paper_a_presenter_people_and_minutes(sown):
    held = Meeting.objects.filter(phase=Phase.HELD)

    assert not held.filter(papers=None).exists()
    assert not held.exclude(seats__kind__is_presenter=True).exists()
    assert not held.exclude(pk__in=Attendance.objects.values("meeting")).exists()
    assert not held.exclude(pk__in=Minutes.objects.exclude(html="").values("meeting")).exists()


def test_each_group_votes_now_and_knows_what_it_reads_next(sown):
    for slug in SLUGS:
        coming = Meeting.objects.filter(group__slug=slug).upcoming()[:2]
        assert [each.phase for each in coming] == [Phase.READY, Phase.VOTING]
        assert coming[0].papers.exists()
        assert coming[1].ballot_closes_at > NOW


def test_a_ballot_that_is_open_has_candidates_and_votes_and_not_miras(sown):
    for meeting in Meeting.objects.filter(phase=Phase.VOTING):
        assert meeting.ballot.candidates.count() >= 3
        assert meeting.ballot.slips.count() >= 5
    assert not Slip.objects.filter(ballot__closed_at=None, member__username="mira").exists()


def test_sowing_again_adds_nothing(sown):
    with transaction.atomic():
        assert planting.plant(NOW).startswith("0 groups with 0 meetings")
        transaction.set_rollback(True)


def test_counts_are_what_a_recount_gives(sown):
    for group in Group.objects.annotate(counted=Count("memberships")):
        assert group.member_count == group.counted
    for nomination in Nomination.objects.annotate(counted=Count("seconds")):
        assert nomination.second_count == nomination.counted
    upcoming = list(Meeting.objects.upcoming().filter(going_count__gt=0))
    seated = [each.rsvps.filter(answer="going", is_waiting=False).count() for each in upcoming]
    assert len(upcoming) >= len(SLUGS)
    assert [each.going_count for each in upcoming] == seated


def test_every_paper_that_a_group_names_ships_and_what_it_has_read_has_notes():
    shipped = {each.external_id for each in [*sample_papers(), *archived_papers()]}
    notes = written_notes()

    for group in written_groups():
        assert group.papers <= shipped
        assert set(group.past) <= notes.keys()
        assert len(set(group.past)) == 20
