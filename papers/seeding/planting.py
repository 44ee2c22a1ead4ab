"""Sample data for an empty site, for `manage.py seed`."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from accounts.demo import create_demo_accounts
from papers import day_order, trending
from papers.importing import import_records
from papers.models import Paper
from papers.seeding.members import create_members
from papers.seeding.samples import archived_papers, sample_papers
from papers.seeding.votes import Community, announced_at, cast_votes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accounts.models import User
    from papers.clients.records import PaperRecord

_SEED = 230_415
# Papers on each of the last working days, the newest first; the sum is the sample.
PAPERS_A_DAY = (13, 17, 14, 19, 12, 16, 18, 11, 17, 15)
# The share of papers submitted by members; feeds brought the others.
SUBMITTED_BY_MEMBERS = 0.15
# How long ago members brought in the papers of the archive, in days.
ARCHIVED_AGO = (80, 340)
# Before this hour a day has hardly any votes, so the front page is better with the day before.
A_DAY_BEGINS_AT = time(10, tzinfo=UTC)
# When the external votes were read: the daily feed is read in the morning.
READ_AT = time(9, tzinfo=UTC)


class SeedError(Exception):
    """The site cannot be seeded. The message is fit to show."""


@dataclass(frozen=True)
class Seeded:
    """The numbers of rows that a seed added."""

    papers: int
    members: int
    votes: int


def check_development() -> None:
    """Refuse a production site: it must not get invented members."""
    if not settings.DEVELOPMENT:
        raise SeedError(
            "Seeding invents members and votes, so it works in development only "
            "(OCTAVO_ENV=development)."
        )


@transaction.atomic
def seed(*, now: datetime) -> Seeded:
    """Add the sample papers, the members and their votes; existing rows do not change."""
    check_development()
    accounts = create_demo_accounts()
    members, created_count = create_members(now=now)
    papers = _add_papers(accounts + members, now)
    community = Community(members=members, regulars=accounts)
    vote_count = cast_votes(papers=papers, community=community, now=now)
    trending.recompute_scores()
    day_order.refresh_weights()
    return Seeded(len(papers), created_count, vote_count)


def working_days(now: datetime) -> Iterator[date]:
    """Yield announcement days backwards, from the last one that has begun."""
    day = now.astimezone(UTC).date()
    if now < datetime.combine(day, A_DAY_BEGINS_AT):
        day -= timedelta(days=1)
    while True:
        if day.weekday() < 5:
            yield day
        day -= timedelta(days=1)


def _add_papers(members: Sequence[User], now: datetime) -> list[Paper]:
    """Import the missing papers, each on its day, and return them, the newest first."""
    chance = random.Random(_SEED)  # noqa: S311 - the same days every time
    known = set(Paper.objects.values_list("external_id", flat=True))
    records = [each for each in _on_their_days(now, chance) if each.external_id not in known]
    import_records(records=records)
    ids = [record.external_id for record in records]
    imported = {paper.external_id: paper for paper in Paper.objects.filter(external_id__in=ids)}
    added = [imported[external_id] for external_id in ids]
    archived = {record.external_id for record in archived_papers()}
    for paper in added:
        paper.created_at = announced_at(paper.announced_on)
        if paper.external_id in archived or chance.random() < SUBMITTED_BY_MEMBERS:
            there = [each for each in members if each.joined_at < paper.created_at]
            paper.submitted_by = chance.choice(there)
    Paper.objects.bulk_update(added, ["created_at", "submitted_by"])
    return added


def _on_their_days(now: datetime, chance: random.Random) -> Iterator[PaperRecord]:
    """Give every paper the day on which it appeared here."""
    rest = iter(sample_papers())
    for day, count in zip(working_days(now), PAPERS_A_DAY, strict=False):
        for record in islice(rest, count):
            yield _announced(record, day)
    for record in archived_papers():
        yield _announced(record, (now - timedelta(days=chance.uniform(*ARCHIVED_AGO))).date())


def _announced(record: PaperRecord, day: date) -> PaperRecord:
    """Move the paper, and its external votes and comments, to that day."""
    signals = record.signals
    if signals:
        signals = replace(signals, read_at=datetime.combine(day, READ_AT))
    return replace(record, announced_on=day, signals=signals)
