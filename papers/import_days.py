"""Which days are to be imported, and which are to be asked for again.

Postgres holds the answer, so this may be asked late, twice or by two workers at once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F, Max, Min
from django.db.models.functions import Now
from django.utils import timezone

from papers.models import ImportRun, Paper
from papers.sources import FEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from django.db.models import QuerySet

    from papers.sources.source import PaperFeed

# A dead run of a recent day is tried anew: most causes pass, such as a maintenance page.
REVIVE_AFTER = timedelta(hours=6)
READ_AGAIN_AFTER = timedelta(days=1)


def ask_for_missing_days(now: datetime | None = None) -> int:
    """Note every day that should be imported and is not asked for yet. Return how many."""
    now = now or timezone.now()
    oldest = now - timedelta(days=settings.IMPORT_CATCH_UP_DAYS)
    asked = 0
    for feed, since in _feeds(oldest):
        first, today = feed.current_day(since), feed.current_day(now)
        runs = ImportRun.objects.filter(source=feed.key)
        if last := _last_kept_up(runs):
            # However long the site was away, the days since are missed days.
            first = min(first, last + timedelta(days=1))
        days = {first + timedelta(days=number) for number in range((today - first).days + 1)}
        days -= set(runs.filter(day__gte=first).values_list("day", flat=True))
        ImportRun.objects.bulk_create(
            [
                ImportRun(source=feed.key, day=day, due_at=feed.day(day).first_asked_at)
                for day in sorted(days)
            ],
            ignore_conflicts=True,
        )
        asked += len(days)
        _revive(feed.key, since=first)
        _read_again(feed, now)
    return asked


def _last_kept_up(runs: QuerySet[ImportRun]) -> date | None:
    """Return the last day that was asked for in its time, and not fetched as history since."""
    in_time = timedelta(days=settings.IMPORT_CATCH_UP_DAYS + 1)
    kept_up = runs.filter(asked_at__lt=F("day") + in_time)
    last: date | None = kept_up.aggregate(day=Max("day"))["day"]
    return last


def _feeds(oldest: datetime) -> Iterator[tuple[PaperFeed, datetime]]:
    """Yield each feed that is switched on, and from when on its days are wanted."""
    for feed in FEEDS.values():
        if feed.missing_setting:
            continue
        if not feed.follows_papers:
            yield feed, oldest
            continue
        # What changed before we had any paper is in the papers as they came.
        papers = Paper.objects.filter(source=feed.of.key)
        if first_arrival := papers.aggregate(at=Min("created_at"))["at"]:
            yield feed, max(oldest, first_arrival)


def _revive(source: str, *, since: date) -> None:
    dead = ImportRun.objects.filter(source=source, day__gte=since, state=ImportRun.State.DEAD)
    dead.filter(finished_at__lt=Now() - REVIVE_AFTER).update(
        state=ImportRun.State.WAITING, due_at=Now(), attempts=0, away_count=0, empty_count=0
    )


def _read_again(feed: PaperFeed, now: datetime) -> None:
    """Ask again, once a day, for the recent days of a feed whose numbers still grow."""
    since = feed.current_day(now) - timedelta(days=feed.days_read_again)
    done = ImportRun.objects.filter(source=feed.key, day__gte=since, state=ImportRun.State.DONE)
    done.filter(finished_at__lt=Now() - READ_AGAIN_AFTER).update(
        state=ImportRun.State.WAITING, due_at=Now()
    )
