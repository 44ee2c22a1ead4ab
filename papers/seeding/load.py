"""Generated papers, members and votes by the hundred thousand, for load tests."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Max

from accounts.models import User
from papers import trending
from papers.clients.records import PaperRecord
from papers.importing import import_records
from papers.models import Paper
from papers.seeding.planting import working_days
from papers.seeding.samples import sample_papers
from papers.seeding.texts import Wordsmith
from papers.seeding.votes import announced_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

_SEED = 77_003
# arXiv numbers a month's papers up to some 30,000; ours begin beyond.
_FIRST_NUMBER = 40_001
_IS_OURS = r"^\d{4}\.[4-9]\d{4}$"
_YEARS = 3
_MEMBERS, _MEMBERS_FROM = 50_000, 10_000
_PREFIX = "reader"
_PAPERS_A_BATCH = 5_000
# The heaviness of the tail of votes.
_SPREAD = 1.1
# A prime that divides no number of members used here.
_STEP = 7_919
_CATEGORIES = (
    ("cs.LG", 22), ("cs.CL", 18), ("cs.CV", 18), ("cs.AI", 12), ("stat.ML", 6), ("cs.RO", 6),
    ("cs.IR", 4), ("cs.CR", 4), ("cs.SE", 4), ("math.OC", 2), ("eess.AS", 2), ("q-bio.NC", 2),
)  # fmt: skip


def add_load(*, papers: int, votes_a_paper: int, now: datetime, say: Callable[[str], None]) -> None:
    """Generate papers up to this number, and votes for those added."""
    have = Paper.objects.filter(external_id__regex=_IS_OURS).count()
    if have >= papers:
        say(f"There are {have:,} generated papers already.")
        return
    members = _MEMBERS if papers >= _MEMBERS_FROM else papers // 5 + 200
    _add_members(members, now)
    say(f"{members:,} members")
    last = Paper.objects.aggregate(pk=Max("pk"))["pk"] or 0
    records = generated_records(count=papers - have, now=now)
    written = 0
    while batch := list(islice(records, _PAPERS_A_BATCH)):
        written += import_records(records=batch).created
        say(f"{have + written:,} papers")
    _add_votes(after=last, votes_a_paper=votes_a_paper, now=now, say=say)
    recount = trending.recompute_scores()
    if recount:
        say(f"{recount.drifted:,} scores computed in {recount.seconds:.1f} s")
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # Autovacuum would do it within minutes, but pages are measured right away.
            cursor.execute("VACUUM ANALYZE")
        say("tables vacuumed")


def generated_records(*, count: int, now: datetime, seed: int = _SEED) -> Iterator[PaperRecord]:
    """Generate papers, spread over the working days of three years, the oldest first."""
    chance = random.Random(seed)  # noqa: S311 - the same papers every time
    smith = Wordsmith(sample_papers(), seed=seed)
    codes, shares = zip(*_CATEGORIES, strict=True)
    numbers = _next_numbers()
    for day in _days(count, now, chance):
        month = f"{day:%y%m}"
        numbers[month] += 1
        categories = tuple(dict.fromkeys(chance.choices(codes, shares, k=chance.randint(1, 3))))
        yield PaperRecord(
            external_id=f"{month}.{numbers[month]:05}",
            title=smith.title(),
            abstract=smith.abstract(),
            authors=smith.authors(),
            version=1,
            published_at=announced_at(day) - timedelta(hours=chance.uniform(5, 48)),
            announced_on=day,
            primary_category=categories[0],
            categories=categories,
        )


def _days(count: int, now: datetime, chance: random.Random) -> list[date]:
    days = list(islice(working_days(now), 261 * _YEARS))
    # Some days have half as many papers as others.
    busy = [chance.uniform(0.7, 1.4) for _ in days]
    return sorted(chance.choices(days, busy, k=count))


def _next_numbers() -> defaultdict[str, int]:
    numbers: defaultdict[str, int] = defaultdict(lambda: _FIRST_NUMBER - 1)
    ours = Paper.objects.filter(external_id__regex=_IS_OURS).values_list("external_id", flat=True)
    for month, _, number in (external_id.partition(".") for external_id in ours):
        numbers[month] = max(numbers[month], int(number))
    return numbers


def _add_members(count: int, now: datetime) -> None:
    """Generate members up to this number, all joined before the first generated paper."""
    joined_at = now - timedelta(days=365 * (_YEARS + 1))
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_MEMBERS, [make_password(None), joined_at, count])


# Takes a tenth of the time of model instances.
_INSERT_MEMBERS = f"""
    INSERT INTO accounts_user (
        username, email, password, full_name, biography, links, orcid, time_zone, appearance,
        is_active, is_staff, is_moderator, is_superuser, joined_at
    )
    SELECT '{_PREFIX}' || number, '{_PREFIX}' || number || '@example.org', %s, '', '', '{{}}', '',
           'UTC', 'system', true, false, false, false, %s
    FROM generate_series(1, %s) AS number
    ON CONFLICT (username) DO NOTHING
"""  # noqa: S608 - constants only


def _add_votes(*, after: int, votes_a_paper: int, now: datetime, say: Callable[[str], None]) -> int:
    """Vote for the papers with a greater id: most get a few votes, a few get hundreds."""
    chance = random.Random(_SEED)  # noqa: S311 - the same votes every time
    papers = list(Paper.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True))
    generated = User.objects.filter(username__regex=f"^{_PREFIX}[0-9]+$")
    members = list(generated.order_by("pk").values_list("pk", flat=True))
    shares = [chance.lognormvariate(0, _SPREAD) for _ in papers]
    whole = votes_a_paper * len(papers) / sum(shares)
    counts = [min(round(share * whole), len(members)) for share in shares]
    starts = [chance.randrange(len(members)) for _ in papers]
    total = 0
    for first in range(0, len(papers), _PAPERS_A_BATCH):
        part = slice(first, first + _PAPERS_A_BATCH)
        with connection.cursor() as cursor:
            cursor.execute("SELECT setseed(%s)", [chance.random()])
            cursor.execute(
                _INSERT_VOTES,
                [
                    now,
                    now,
                    papers[part],
                    counts[part],
                    starts[part],
                    members,
                    _STEP,
                    len(members),
                ],
            )
            total += cursor.rowcount
        say(f"{total:,} votes")
    return total


# A paper's voters are a prime number of positions apart, so that none repeats. Most votes come
# in the first hours; today they lie between the morning and now.
_INSERT_VOTES = """
    INSERT INTO papers_upvote (paper_id, member_id, weight, cast_at, void_reason)
    SELECT paper.id, member.id, 1,
           CASE WHEN day.at + late.by <= %s THEN day.at + late.by
                ELSE day.at + late.share * (%s - day.at) END,
           ''
    FROM unnest(%s::bigint[], %s::integer[], %s::integer[]) AS news (id, votes, start)
    JOIN papers_paper paper ON paper.id = news.id
    CROSS JOIN LATERAL (
        SELECT (paper.announced_on + time '01:00') AT TIME ZONE 'UTC' AS at
    ) AS day
    CROSS JOIN LATERAL generate_series(0, news.votes - 1) AS vote (number)
    CROSS JOIN LATERAL (
        SELECT -ln(1 - random()) * interval '10 hours' * (1 + 0 * vote.number) AS by,
               random() * (1 + 0 * vote.number) AS share
    ) AS late
    JOIN unnest(%s::bigint[]) WITH ORDINALITY AS member (id, place)
      ON member.place = 1 + (news.start + vote.number::bigint * %s) %% %s
"""
