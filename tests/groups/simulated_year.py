"""A year of twelve groups around the world in seconds, and what must have come of it.

The clock is moved from one moment to the next at which something may be due, and each time
workers sweep, two at once and each twice. Organisers move, skip and cancel meetings meanwhile.
Then everything is compared with what follows from the plans alone, worked out here in another
way than the product does it: every change of phase at the first sweep at which it was due, in
order; every reminder once for each member, lead and beginning; every occurrence of the
published calendar at its wall time.
"""

from __future__ import annotations

import heapq
import random
import threading
from bisect import bisect_left
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import recurring_ical_events
import time_machine
from django.db import connection
from icalendar import Calendar

from common.refusals import Refused
from discussions.models import Notification
from groups import tasks
from groups.ballots import ballots, nominations
from groups.calendar import feeds
from groups.models import LogEntry, Meeting, Notice, Phase
from groups.notices import notices
from groups.schedule import meetings as planning
from groups.schedule import schedules
from groups.scheduling.rules import make_rule
from tests.builders import make_paper, make_user
from tests.groups.builders import make_group, make_membership
from tests.groups.year_plans import (
    CLUBS,
    DAY,
    HALF_HOUR,
    HOUR,
    Beginning,
    Club,
    Expected,
    Figures,
    days_of,
    phase_moments,
    reminder_moments,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from accounts.models import User
    from groups.models import Group

    # Has several workers sweep at the moment at which the clock stands.
    Sweepers = Callable[[], None]

# Their leads; None follows the group, which reminds a day and an hour before.
LEADS: dict[str, list[int] | None] = {"usual": None, "late": [HALF_HOUR], "none": [], "both": None}


class Year:
    """The groups, the clock, and the ledger of when sweeps were made."""

    def __init__(
        self, *, first: date, last: date, seed: int, clubs: tuple[Club, ...] = CLUBS
    ) -> None:
        self.first, self.last = first, last
        # A monthly one may have no day in a short year.
        self.clubs = [club for club in clubs if days_of(club, first, last)]
        self.random = random.Random(seed)
        self.swept_at: list[datetime] = []
        self.pending: list[datetime] = []
        self.expected: list[Expected] = []
        self.members: dict[int, dict[str, User]] = {}
        self.figures = Figures(groups=len(self.clubs))
        self.papers = [make_paper() for _ in range(40)]

    def run(self, sweep: Sweepers) -> Figures:
        with time_machine.travel(_noon(self.first) - timedelta(days=20), tick=False) as clock:
            self._found_groups()
            acts = sorted(self._plan_acts(), key=lambda act: act[0])
            while self.pending:
                at = self._next_moment()
                while acts and acts[0][0] <= at:
                    when, act = acts.pop(0)
                    clock.move_to(when)
                    act()
                clock.move_to(at)
                sweep()
                self.swept_at.append(at)
                self.figures.sweeps += 1
                self._take_part(at)
            self._compare()
        return self.figures

    # The plans --------------------------------------------------------------------------------

    def _found_groups(self) -> None:
        for number, club in enumerate(self.clubs):
            owner = make_user()
            group = make_group(f"club-of-{number}", owner=owner)
            people = {"owner": owner}
            for name, leads in LEADS.items():
                people[name] = make_membership(group, reminder_minutes=leads).member
            for name in ("absent", "guest", "coming"):
                role = "member" if name == "absent" else "guest"
                usual = {"absent": "no", "coming": "going"}.get(name, "")
                people[name] = make_membership(group, role=role, usual_answer=usual).member
            self.members[group.pk] = people
            schedules.set_schedule(
                group=group, by=owner, rule=self._rule(club), from_day=self.first
            )
            self._expect(club, group)

    def _rule(self, club: Club) -> Any:
        return make_rule(
            frequency="monthly" if club.nth else "weekly",
            weekday=club.weekday,
            times=tuple(time.fromisoformat(each) for each in club.times),
            zone=club.zone,
            starts_on=self.first,
            ends_on=self.last,
            interval=club.weeks,
            nth=club.nth,
        )

    def _expect(self, club: Club, group: Group) -> None:
        made_at = _now()
        for index, day in enumerate(days_of(club, self.first, self.last)):
            clock = club.times[index % len(club.times)]
            beginning = Beginning.on(day, clock, club.zone, made_at)
            self.expected.append(Expected(club, group, day, [beginning]))
            self._ask_for_sweeps(beginning)

    def _ask_for_sweeps(self, plan: Beginning) -> None:
        for moment in (*phase_moments(plan).values(), *reminder_moments(plan.at)):
            # A worker is some seconds late, and at times away for hours.
            late = self.random.uniform(0, 40)
            if self.random.random() < 0.01:
                late = self.random.uniform(1, 30) * 3600
            heapq.heappush(self.pending, moment + timedelta(seconds=int(late)))
            self.figures.moments += 1

    def _next_moment(self) -> datetime:
        at = heapq.heappop(self.pending)
        while self.pending and self.pending[0] == at:
            heapq.heappop(self.pending)
        if self.random.random() < 0.01:
            # Nobody sweeps for a while, and then once for all that was due.
            back = at + timedelta(hours=self.random.uniform(1, 20))
            while self.pending and self.pending[0] <= back:
                at = heapq.heappop(self.pending)
        return max(at, _now())

    # What people do ---------------------------------------------------------------------------

    def _plan_acts(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """Choose a few meetings of each group that are moved, skipped or cancelled."""
        for pk in {each.group.pk: None for each in self.expected}:
            own = [each for each in self.expected if each.group.pk == pk]
            # Most are left in peace, so that most go through every phase.
            kinds = self.random.sample(
                ["moved", "cancelled", "skipped", "moved"], min(4, max(1, len(own) // 3))
            )
            for kind, each in zip(kinds, self.random.sample(own, len(kinds)), strict=True):
                lead = timedelta(hours=self.random.choice([3, 20, 60, 400]))
                when = max(each.starts_at - lead - timedelta(seconds=77), _now())
                each.is_touched = True
                act = self._move if kind == "moved" else self._cancel_or_skip
                yield when, partial(act, each, kind)

    def _move(self, each: Expected, kind: str) -> None:
        meeting = self._row_of(each)
        day, clock = each.day + timedelta(days=1), time(12, self.random.randrange(60))
        try:
            planning.move_meeting(
                meeting=meeting, by=self.members[each.group.pk]["owner"], day=day, time=clock
            )
        except Refused:
            # It has begun by the time it was to be moved.
            return
        each.beginnings[-1].valid_until = _now()
        each.beginnings.append(Beginning.on(day, f"{clock:%H:%M}", each.club.zone, _now()))
        self._ask_for_sweeps(each.beginnings[-1])
        self.figures.moved += 1

    def _cancel_or_skip(self, each: Expected, kind: str) -> None:
        try:
            planning.cancel_or_skip(
                meeting=self._row_of(each),
                by=self.members[each.group.pk]["owner"],
                phase=Phase(kind),
                reason="A holiday.",
            )
        except Refused:
            return
        each.off = kind
        each.beginnings[-1].valid_until = _now()
        self.figures.off += 1

    def _row_of(self, each: Expected) -> Meeting:
        return Meeting.objects.select_related("group").get(group=each.group, occurs_on=each.day)

    def _take_part(self, at: datetime) -> None:
        """Nominate and vote where that is possible now."""
        fresh = Notice.objects.filter(at=at, kind__in=["nominations", "ballot"])
        for notice in fresh.select_related("group", "meeting__ballot"):
            people = self.members[notice.group_id]
            if notice.kind == Notice.Kind.NOMINATIONS:
                for paper in self.random.sample(self.papers, 2):
                    try:
                        nominations.nominate(
                            group=notice.group, paper=paper, member=people["usual"]
                        )
                    except Refused:
                        continue
            elif notice.meeting is not None and notice.meeting.phase == Phase.VOTING:
                choice = self.random.randint(1, notice.meeting.ballot.candidates.count())
                ballots.cast(
                    ballot_id=notice.meeting.pk,
                    member=people["both"],
                    choices=[choice],
                    will_come=True,
                )

    # The comparison ---------------------------------------------------------------------------

    def _compare(self) -> None:
        self.figures.meetings = Meeting.objects.count()
        self.figures.check(
            self.figures.meetings == len(self.expected), "another number of meetings than days"
        )
        for each in self.expected:
            self._compare_phases(each)
            self._compare_reminders(each)
        self._compare_notices()
        for group in {each.group for each in self.expected}:
            self._compare_calendar(group)

    def _compare_phases(self, each: Expected) -> None:
        meeting = self._row_of(each)
        log = list(LogEntry.objects.filter(meeting=meeting, number__isnull=False).order_by("pk"))
        self.figures.transitions += len(log)
        name = f"{each.club.zone} {each.day}"
        numbers = [entry.number for entry in log]
        self.figures.check(numbers == list(range(1, len(log) + 1)), f"{name}: numbers {numbers}")
        went = [(entry.detail["to"], entry.at) for entry in log]
        if each.off:
            self.figures.check(meeting.phase == each.off, f"{name}: {meeting.phase}")
            return
        starts_at = each.starts_at
        self.figures.check(meeting.starts_at == starts_at, f"{name}: starts {meeting.starts_at}")
        expected = self._phases_of(each)
        if each.is_touched:
            expected, went = expected[-2:], went[-2:]
        self.figures.check(went == expected, f"{name}: went {went}, and not {expected}")

    def _phases_of(self, each: Expected) -> list[tuple[str, datetime]]:
        """Return the phases of a meeting, each with the first sweep at which it was due."""
        moments = phase_moments(each.beginnings[-1])
        made_at = each.beginnings[0].valid_from
        phase = "planned"
        went: list[tuple[str, datetime]] = []
        if made_at >= moments["ready"]:
            phase = "ready"
        order = ["planned", "nominating", "voting", "ready", "live", "held"]
        while phase != "held":
            nxt = order[order.index(phase) + 1]
            at = self._first_sweep(max(moments[nxt], went[-1][1] if went else made_at))
            if phase in {"planned", "nominating"} and at >= moments["ready"]:
                nxt = "ready"
            went.append((nxt, at))
            phase = nxt
        return went

    def _first_sweep(self, moment: datetime) -> datetime:
        place = bisect_left(self.swept_at, moment)
        return self.swept_at[place] if place < len(self.swept_at) else datetime.max

    def _compare_reminders(self, each: Expected) -> None:
        meeting, people = self._row_of(each), self.members[each.group.pk]
        expected: Counter[tuple[str, int, datetime | None]] = Counter()
        for name in people:
            for beginning in each.beginnings:
                for lead in self._leads_told(name, beginning):
                    expected[name, lead, beginning.at] += 1
        names = {user.pk: name for name, user in people.items()}
        given = {
            notices.event_of(notice): (notice.number, notice.moment)
            for notice in meeting.notices.filter(kind=Notice.Kind.REMINDER)
        }
        told = Notification.objects.filter(event__in=given).values_list("recipient", "event")
        found = Counter((names[recipient], *given[event]) for recipient, event in told)
        self.figures.reminders += found.total()
        self.figures.check(
            found == expected,
            f"{each.club.zone} {each.day}: reminders {found - expected} too many, "
            f"{expected - found} missing",
        )

    def _leads_told(self, name: str, beginning: Beginning) -> Iterator[int]:
        """Return the leads that somebody was told of one beginning, as the sweeps fell."""
        if name in {"absent", "guest"}:
            return
        leads = LEADS.get(name)
        leads = [DAY, HOUR] if leads is None else leads
        for lead in leads:
            due_at = beginning.at - timedelta(minutes=lead)
            at = self._first_sweep(max(due_at, beginning.valid_from))
            is_late = at >= beginning.at
            is_off = beginning.valid_until is not None and at >= beginning.valid_until
            is_superseded = any(
                other < lead and beginning.at - timedelta(minutes=other) <= at for other in leads
            )
            if not (is_late or is_off or is_superseded):
                yield lead

    def _compare_notices(self) -> None:
        """Every notice reached as many as it says, and each held meeting has one recap."""
        told: Counter[str] = Counter(
            Notification.objects.filter(event__startswith="group:").values_list("event", flat=True)
        )
        for notice in Notice.objects.iterator():
            event = notices.event_of(notice)
            self.figures.check(told[event] == notice.told_count, f"{event}: {told[event]} told")
        recaps = Notice.objects.filter(kind=Notice.Kind.RECAP).values_list("meeting", flat=True)
        held = Meeting.objects.filter(phase=Phase.HELD).values_list("pk", flat=True)
        self.figures.check(sorted(recaps) == sorted(held), "recaps are not of the held meetings")

    def _compare_calendar(self, group: Group) -> None:
        """Read the published feed as a calendar program does, and compare it with the plans."""
        calendar = Calendar.from_ical(feeds.group_feed(group).write())
        found = defaultdict(list)
        span = (self.first - timedelta(days=3), self.last + timedelta(days=5))
        for event in recurring_ical_events.of(calendar).between(*span):
            state = "off" if event.get("STATUS") == "CANCELLED" else "on"
            found[state].append(event["DTSTART"].dt.astimezone(UTC))
        own = [each for each in self.expected if each.group.pk == group.pk]
        expected = {
            "on": [each.starts_at for each in own if not each.off],
            "off": [each.starts_at for each in own if each.off == "cancelled"],
        }
        for state, instants in expected.items():
            self.figures.occurrences += len(found[state])
            self.figures.check(
                sorted(found[state]) == sorted(instants),
                f"{own[0].club.zone}: the calendar has {state} at "
                f"{set(found[state]) ^ set(instants)} too many or too few",
            )


def _now() -> datetime:
    return datetime.now(UTC)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


# Workers ----------------------------------------------------------------------------------------


def deliver() -> None:
    """Run what beat sends, each message delivered twice."""
    for _ in range(2):
        tasks.advance_meetings()
        tasks.remind()


@contextmanager
def two_threads() -> Iterator[Sweepers]:
    """Have two workers at it at once, each with a connection of its own."""
    begin = threading.Barrier(2)

    def work() -> None:
        begin.wait()
        deliver()

    def leave() -> None:
        # Both must be there, so that it is not the same one twice.
        begin.wait()
        connection.close()

    with ThreadPoolExecutor(2) as pool:

        def both(act: Callable[[], None]) -> None:
            for done in [pool.submit(act) for _ in range(2)]:
                done.result()

        yield lambda: both(work)
        both(leave)
