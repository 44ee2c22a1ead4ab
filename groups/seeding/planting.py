"""Seeding the bundled groups, for `manage.py seed`: each with past meetings and a ballot."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from accounts.demo import create_demo_accounts
from groups.cycle.models import Cycle
from groups.founding.founding import found_group
from groups.membership.models import Group, Membership, Role
from groups.rota import seats
from groups.schedule import rows
from groups.schedule.changes import work_out
from groups.schedule.models import Meeting, Phase, Schedule
from groups.scheduling import rules, wall_times
from groups.seeding import past, present
from groups.seeding.written import written_groups
from papers.models import Paper, Topic
from papers.seeding.members import create_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from groups.scheduling.rules import Rule
    from groups.seeding.written import SeedGroup

_WEEKS_TO_COME = 26
_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """The members of one group, and all papers."""

    group: Group
    owner: User
    # All members, organisers first.
    members: Sequence[User]
    by_name: dict[int | str, User]
    papers: dict[str, Paper]
    chance: random.Random


def plant(now: datetime) -> str:
    """Add the missing groups, and return how many meetings that was."""
    began = time.monotonic()
    with transaction.atomic():
        invented = create_members(now=now)[0]
        people: dict[int | str, User] = dict(enumerate(invented))
        people |= {user.username: user for user in create_demo_accounts()}
        named = {paper for written in written_groups() for paper in written.papers}
        found = Paper.objects.filter(external_id__in=named)
        papers = {paper.external_id: paper for paper in found}
        known = set(Group.objects.values_list("slug", flat=True))
        planted = [
            _plant(written, people, papers, now=now)
            for written in written_groups()
            # The feed may not have imported their papers.
            if written.slug not in known and written.papers <= papers.keys()
        ]
    seconds = time.monotonic() - began
    return f"{len(planted)} groups with {sum(planted)} meetings added in {seconds:.1f} s"


def _plant(
    written: SeedGroup, people: dict[int | str, User], papers: dict[str, Paper], *, now: datetime
) -> int:
    chance = random.Random(written.slug)  # noqa: S311 - what is invented has to be repeatable
    group = _found(written, people[written.owner], now)
    members = _join(group, written, people, chance)
    cast = Cast(group, people[written.owner], members, people, papers, chance)
    meetings = _meet(group, _rule(written, now))
    before = [each for each in meetings if each.starts_at <= now]
    past.furnish(written, cast, before)
    present.furnish(written, cast, meetings[len(before) :], now=now)
    return len(meetings)


def _found(written: SeedGroup, owner: User, now: datetime) -> Group:
    group = found_group(
        founder=owner,
        name=written.name,
        slug=written.slug,
        summary=written.summary,
        visibility=written.visibility,
        joining=written.joining,
        join_question=written.join_question,
        description=written.description.strip(),
        topics=Topic.objects.filter(code__in=written.topics),
    )
    group.rules = written.rules.strip()
    group.render_texts()
    group.join_url, group.place, group.capacity = written.join_url, written.place, written.capacity
    group.created_at = now - timedelta(days=620)
    group.save()
    closes = written.closes_hours
    Cycle.objects.filter(group=group).update(
        method=written.method,
        ballot_closes_hours=closes,
        ballot_opens_hours=closes + 72,
        nominations_open_hours=closes + 168,
        written_days=written.written_days,
    )
    if written.seats:
        drafts = seats.drafts_of(group, written.seats)
        seats.set_seat_kinds(group=group, by=owner, kinds=drafts)
    return Group.objects.select_related("cycle").get(pk=group.pk)


def _join(
    group: Group, written: SeedGroup, people: dict[int | str, User], chance: random.Random
) -> list[User]:
    running = [people[who] for who in (written.owner, *written.organisers)]
    named = [people[who] for who in written.people]
    named += [people[each.by] for each in written.nominations]
    invented = [people[number] for number in range(100)]
    known = {each.pk for each in (*running, *named)}
    strangers = [each for each in invented if each.pk not in known]
    joining = [*named, *chance.sample(strangers, written.members)]
    members = list({each.pk: each for each in (*running, *joining)}.values())
    Membership.objects.bulk_create(
        Membership(
            group=group,
            member=each,
            role=Role.ORGANISER if each in running else Role.MEMBER,
            joined_at=group.created_at + timedelta(days=chance.randrange(1, 400)),
            shares_progress=chance.random() < 0.7,
            takes_turns=chance.random() < 0.8,
        )
        for each in members
        if each != people[written.owner]
    )
    Membership.objects.filter(group=group, role=Role.OWNER).update(joined_at=group.created_at)
    Group.objects.filter(pk=group.pk).update(member_count=F("member_count") + len(members) - 1)
    return members


def _rule(written: SeedGroup, now: datetime) -> Rule:
    """Return a rule with as many past meetings as the group has papers."""
    today = now.astimezone(ZoneInfo(written.zone)).date()
    # The skipped meeting is a day of the rule too.
    wanted = len(written.past) + 1
    days = 7 if written.frequency == rules.WEEKLY else 31
    first = today - timedelta(days=days * written.interval * (wanted + 2))
    rule = rules.make_rule(
        frequency=written.frequency,
        weekday=written.weekday,
        times=written.times,
        zone=written.zone,
        starts_on=first,
        ends_on=today + timedelta(weeks=_WEEKS_TO_COME),
        interval=written.interval,
        nth=written.nth,
        duration_minutes=written.minutes,
    )
    gone = [
        each.day
        for each in rules.occurrences(rule)
        if wall_times.to_instant(each.day, each.time, rule.zone) <= now
    ]
    return rules.make_rule(**rule.__dict__ | {"starts_on": gone[-wanted]})


def _meet(group: Group, rule: Rule) -> list[Meeting]:
    schedule = Schedule.objects.create(group=group, **{**rule.__dict__, "times": list(rule.times)})
    added = work_out(rule, [], now=_BEFORE_ALL, schedules=[])
    ids = rows.make(group, schedule, added)
    meetings = Meeting.objects.filter(pk__in=ids).order_by("starts_at")
    # Past meetings need no ballot.
    meetings.filter(phase=Phase.READY).update(choice=Cycle.Choice.BALLOT)
    return list(meetings.select_related("thread", "group__cycle"))
