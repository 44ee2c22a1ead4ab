"""Whatever the day on which the seed is sown, its groups are in the middle of their week."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from groups.attendance import answers
from groups.ballots import ballots
from groups.models import Meeting, Phase
from groups.seeding import planting
from papers.seeding import planting as papers_planting

pytestmark = pytest.mark.django_db

# A Thursday while the club meets, and a night at a clock change.
MOMENTS = ["2026-11-26T17:30", "2027-03-28T00:59"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_whatever_the_day_there_is_a_ballot_that_takes_votes(moment):
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        papers_planting.seed(now=now)
        planting.plant(now)
        for meeting in Meeting.objects.filter(phase=Phase.VOTING).select_related("ballot"):
            member = meeting.group.memberships.filter(role="member").first().member
            ballots.cast(ballot_id=meeting.pk, member=member, choices=[1])
            assert answers.answer(meeting=meeting, member=member, answer="maybe")
        assert Meeting.objects.filter(phase=Phase.VOTING).count() == 3


def test_papers_that_the_feed_has_not_brought_leave_the_group_out():
    assert planting.plant(datetime(2026, 11, 23, tzinfo=UTC)).startswith("0 groups")
