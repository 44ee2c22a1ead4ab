"""Everything that a group does, done at once: nobody waits in a circle, and nothing breaks."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import time as wall_time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count, F, Q
from django.http import Http404
from django.utils import timezone

from common.refusals import Refused
from groups.attendance import answers
from groups.ballots import ballots, nominations, picking
from groups.cycle import phases, reminders, sweeping
from groups.meeting.questions import questions
from groups.membership import joining, members
from groups.models import (
    Ballot,
    Candidate,
    Group,
    LogEntry,
    Meeting,
    Nomination,
    Phase,
    Seat,
    SeatKind,
)
from groups.rota import seats, swaps
from groups.schedule import meetings, schedules
from groups.scheduling.rules import make_rule
from groups.series import series
from groups.settings import changing
from tests.builders import make_paper, make_user
from tests.groups.builders import make_group, make_membership

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS, SECONDS = 8, 4.0
REFUSALS = (Refused, Http404, Nomination.DoesNotExist)


class Week:
    """A group in the middle of its weeks, and what its people may do at any moment."""

    def __init__(self):
        self.owner, self.people = make_user(), [make_user() for _ in range(6)]
        self.group = make_group(owner=self.owner, joining="open", capacity=3)
        for each in self.people:
            make_membership(self.group, each, usual_answer="going")
        self.papers = [make_paper() for _ in range(8)]
        self.set_schedule(random.Random(0))
        for each, member in zip(self.papers, self.people, strict=False):
            nominations.nominate(group=self.group, paper=each, member=member, would_present=True)
        self.acts = [
            getattr(self, name) for name in vars(Week) if not name.startswith(("_", "run"))
        ]

    def _meeting(self, chance):
        coming = Meeting.objects.filter(group=self.group).select_related("group")
        return chance.choice(list(coming.order_by("starts_at")[:5]))

    def set_schedule(self, chance):
        today = timezone.localdate() + timedelta(days=3)
        rule = make_rule(
            frequency="weekly", weekday=chance.randrange(7), times=(wall_time(18),),
            zone="Europe/Berlin", starts_on=today, ends_on=today + timedelta(weeks=6),
        )  # fmt: skip
        schedules.set_schedule(group=self.group, by=self.owner, rule=rule, from_day=today)

    def move(self, chance):
        meeting = self._meeting(chance)
        day = meeting.day + timedelta(days=chance.randrange(-2, 3))
        meetings.move_meeting(meeting=meeting, by=self.owner, day=day, time=wall_time(19))

    def turn_off(self, chance):
        phase = chance.choice([Phase.CANCELLED, Phase.SKIPPED])
        meetings.cancel_or_skip(meeting=self._meeting(chance), by=self.owner, phase=phase)

    def turn_on(self, chance):
        meetings.restore(meeting=self._meeting(chance), by=self.owner)

    def change_capacity(self, chance):
        changing.change_group(group=self.group, by=self.owner, capacity=chance.randrange(1, 7))

    def change_cycle(self, chance):
        hours, choice = chance.randrange(24, 96), chance.choice(["ballot", "ballot", "organiser"])
        changing.change_cycle(
            group=self.group, by=self.owner, ballot_closes_hours=hours, choice=choice
        )

    def answer(self, chance):
        word = chance.choice(["going", "no", "maybe", ""])
        meeting = self._meeting(chance)
        answers.answer(meeting=meeting, member=chance.choice(self.people), answer=word)

    def answer_usually(self, chance):
        member, word = chance.choice(self.people), chance.choice(["going", "no", ""])
        changing.change_membership(group=self.group, member=member, usual_answer=word)

    def come_and_go(self, chance):
        member = chance.choice(self.people)
        members.leave(group=self.group, member=member)
        joining.join(group=self.group, member=member)

    def change_role(self, chance):
        member, role = chance.choice(self.people), chance.choice(["guest", "member"])
        members.change_role(group=self.group, by=self.owner, member=member, role=role)

    def nominate(self, chance):
        nominations.nominate(
            group=self.group, paper=chance.choice(self.papers), member=chance.choice(self.people),
            would_present=chance.random() < 0.5,
        )  # fmt: skip

    def second(self, chance):
        standing = list(Nomination.objects.filter(state="standing").values_list("pk", flat=True))
        pk = chance.choice([*standing, 0])
        nominations.second(nomination_id=pk, member=chance.choice(self.people))

    def withdraw(self, chance):
        # Not so many that none is left to vote on.
        standing = Nomination.objects.filter(state="standing").values_list("pk", flat=True)[5:]
        nominations.withdraw(nomination_id=chance.choice([*standing, 0]), by=self.owner)

    def vote(self, chance):
        standing = Candidate.objects.filter(ballot__closed_at=None, withdrawn_at=None)
        for each in list(standing[:3]):
            member = chance.choice(self.people)
            ballots.cast(
                ballot_id=each.ballot_id, member=member, choices=[each.number], will_come=True
            )

    def advance(self, chance):
        # Of those that members choose for, which picks and series make few.
        choosing = Meeting.objects.filter(phase__in=["planned", "nominating", "voting"])
        for meeting in choosing.order_by("starts_at")[:2]:
            to = chance.choice(phases.allowed(meeting) or [Phase.READY])
            phases.advance(meeting_id=meeting.pk, to=to, by=self.owner)

    def pick(self, chance):
        ready = list(Meeting.objects.filter(phase="ready"))
        if ready:
            picking.pick(
                meeting=chance.choice(ready), by=self.owner, paper=chance.choice(self.papers),
                reason="It is short.",
            )  # fmt: skip

    def take_seat(self, chance):
        kind, member = SeatKind.objects.get(group=self.group), chance.choice(self.people)
        seats.take_seat(meeting=self._meeting(chance), kind=kind, member=member)

    def leave_seat(self, chance):
        kind = SeatKind.objects.get(group=self.group)
        seats.leave_seat(meeting=self._meeting(chance), kind=kind, by=self.owner)

    def swap(self, chance):
        found = list(Seat.objects.select_related("meeting__group", "member"))
        if len(found) > 1:
            seat, other = chance.sample(found, 2)
            asked = swaps.ask(seat=seat, other_seat=other, by=self.owner)
            for member in (seat.member, other.member):
                swaps.answer(swap=asked, member=member, accepts=True)

    def plan_series(self, chance):
        parts = [series.PartPlan(f"Part {number}") for number in range(chance.randrange(1, 4))]
        one = series.create_series(
            group=self.group, by=self.owner, title="A book", parts=parts,
            from_day=timezone.localdate(),
        )  # fmt: skip
        series.end_series(series=one, by=self.owner)

    def ask(self, chance):
        asked = questions.ask(
            meeting=self._meeting(chance), member=self.owner, text="Why?", key=uuid.uuid4()
        )
        questions.vote(question=asked, member=chance.choice(self.people), wants=True)

    def sweep(self, chance):
        (reminders if chance.random() < 0.3 else sweeping).sweep()


def run(week, seed):
    chance, done = random.Random(seed), Counter()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        act = chance.choice(week.acts)
        try:
            act(chance)
            done[act.__name__] += 1
        except REFUSALS:
            pass
        except Exception as error:
            error.add_note(act.__name__)
            raise
        finally:
            connection.close()
    return done


def test_a_group_whose_people_do_everything_at_once(caplog):
    week = Week()
    with ThreadPoolExecutor(WORKERS) as pool:
        done = sum(pool.map(lambda seed: run(week, seed), range(WORKERS)), Counter())

    assert not [each for each in caplog.records if each.levelname == "ERROR"]
    assert len(done) > len(week.acts) / 2
    _check_counts(week.group)


def _check_counts(group):
    assert Group.objects.get().member_count == group.memberships.count()
    inside = Count("rsvps", filter=Q(rsvps__answer="going", rsvps__is_waiting=False))
    assert not Meeting.objects.annotate(inside=inside).exclude(inside=F("going_count")).exists()
    seconds = Nomination.objects.annotate(number=Count("seconds"))
    assert not seconds.exclude(number=F("second_count")).exists()
    changes = LogEntry.objects.filter(number__isnull=False).values("meeting")
    last = changes.annotate(number=Count("pk"))
    assert all(
        Meeting.objects.get(pk=each["meeting"]).phase_number == each["number"] for each in last
    )
    assert not Ballot.objects.filter(closed_at__isnull=False, outcome="").exists()
