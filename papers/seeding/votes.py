"""Votes as in a real community: many papers get a few, a few get many."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from papers.models import Upvote
from papers.voting import weight_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from papers.models import Paper

_SEED = 4_021
# arXiv announces in the evening in New York, when the day begins in UTC.
ANNOUNCED_AT = time(1, tzinfo=UTC)
# Median of the heavy tail, and how heavy it is: most papers get 2 to 12 votes.
_MEDIAN, _SPREAD = 6.0, 0.7
# These get 40 votes or more; most have a thread too.
POPULAR = {
    "2606.30616", "2606.29537", "2606.27557", "2606.26299", "2606.24083", "2606.20381",
    "2606.16688", "2606.15708", "2606.12683", "2606.11353", "2606.07515", "2606.05420",
    "2606.02800",
}  # fmt: skip
_HALF_WITHIN = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class Community:
    """The voting members. `regulars` read every morning, and vote for one paper in five."""

    members: Sequence[User]
    regulars: Sequence[User]


def cast_votes(*, papers: Sequence[Paper], community: Community, now: datetime) -> int:
    """Insert the votes for new papers, without updating tallies, and return their number."""
    chance = random.Random(_SEED)  # noqa: S311 - the same votes every time
    votes: list[Upvote] = []
    for paper in papers:
        is_popular = paper.external_id in POPULAR
        for member in _voters(community, chance, is_popular=is_popular):
            cast_at = announced_at(paper.announced_on) + _later(chance)
            # Nobody votes before they joined or in the future, so today has fewer votes.
            if member.joined_at <= cast_at <= now:
                weight = weight_of(member=member, paper=paper, now=cast_at)
                votes.append(Upvote(paper=paper, member=member, weight=weight, cast_at=cast_at))
    Upvote.objects.bulk_create(votes, batch_size=2_000)
    return len(votes)


def _voters(community: Community, chance: random.Random, *, is_popular: bool) -> list[User]:
    count = round(chance.lognormvariate(math.log(_MEDIAN), _SPREAD))
    if is_popular:
        count = 40 + round(chance.expovariate(1 / 20))
    drawn = chance.sample(community.members, min(count, len(community.members)))
    return drawn + [member for member in community.regulars if chance.random() < 0.2]


def announced_at(day: date | None) -> datetime:
    assert day is not None, "a seeded paper has its day"
    return datetime.combine(day, ANNOUNCED_AT)


def _later(chance: random.Random) -> timedelta:
    # Two readers in a hundred find the paper days later.
    mean = _HALF_WITHIN / math.log(2) if chance.random() < 0.98 else timedelta(days=2)
    return mean * chance.expovariate(1)
