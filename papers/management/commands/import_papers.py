"""Import papers at once, instead of waiting for the worker."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from papers import import_runs
from papers.clients.errors import ClientError
from papers.importing import import_records
from papers.models import ImportRun
from papers.saved_answers import SavedAnswerError, read_day, saved_days
from papers.sources import FEEDS
from papers.sources.huggingface import HUGGINGFACE_DAILY
from papers.sources.openreview import OPENREVIEW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.clients.records import Batch
    from papers.importing import ImportCounts
    from papers.sources.source import PaperFeed

# A service that says "later" is waited for here only if "later" is soon.
LONGEST_WAIT = timedelta(minutes=6)
MAX_DAYS = 10_000
_SHOWN_FAILURES = 20


class Command(BaseCommand):
    help = "Import the papers of a day, of a span of days, of a venue, or of saved answers."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        sources = [feed.key for feed in FEEDS.values() if not feed.follows_papers]
        parser.add_argument("--source", choices=sources, default=HUGGINGFACE_DAILY.key)
        parser.add_argument("--since", type=_day, metavar="YYYY-MM-DD")
        parser.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="today if left out")
        parser.add_argument("--today", action="store_true", help="only today's papers")
        parser.add_argument(
            "--from-folder", type=Path, metavar="DIR", help="answers saved as YYYY-MM-DD.json[.gz]"
        )
        parser.add_argument(
            "--venue", metavar="ID", help="a venue of OpenReview, as ICLR.cc/2024/Conference"
        )
        parser.add_argument(
            "--quiet-when-unreachable",
            action="store_true",
            help="say it in one sentence, and do not fail, when the source cannot be reached",
        )

    def handle(self, **options: Any) -> None:
        if options["from_folder"]:
            self._import_folder(options["from_folder"])
            return
        if options["venue"]:
            self._import_venue(options["venue"])
            return
        feed = FEEDS[options["source"]]
        if feed.missing_setting:
            raise CommandError(feed.missing_setting)
        if options["today"]:
            self._import_today(feed, is_quiet=options["quiet_when_unreachable"])
            return
        self._import_days(feed, _span(feed, options["since"], options["until"]))

    def _import_today(self, feed: PaperFeed, *, is_quiet: bool) -> None:
        run = _perform(feed, feed.current_day(timezone.now()), patience=timedelta())
        if run.error:
            message = f"Could not import today's papers. {run.error}"
            if not is_quiet:
                raise CommandError(message)
            self.stdout.write(f"{message} The worker tries again by itself.")
        elif count := run.created_count + run.updated_count + run.unchanged_count:
            self.stdout.write(f"Imported {count} of today's papers from {feed.service}.")
        else:
            self.stdout.write(f"{feed.service} has no papers of today yet.")

    def _import_days(self, feed: PaperFeed, days: list[date]) -> None:
        totals: Counter[str] = Counter(days=len(days))
        failures = []
        for day in self._with_bar(days):
            run = _perform(feed, day, patience=LONGEST_WAIT)
            totals.update(_counts(run))
            if run.error:
                failures.append(f"{day}: {run.error}")
        self._sum_up(totals, failures)

    def _import_folder(self, folder: Path) -> None:
        try:
            days = saved_days(folder)
        except SavedAnswerError as error:
            raise CommandError(str(error)) from error
        totals: Counter[str] = Counter(days=len(days))
        failures = []
        for day, path in self._with_bar(list(days.items())):
            try:
                batch = read_day(path, day)
            except (ClientError, SavedAnswerError) as error:
                failures.append(f"{day}: {error}")
                continue
            counts = import_records(records=batch.records, has_extras=HUGGINGFACE_DAILY.has_extras)
            totals.update(_totals(counts, batch))
        self._sum_up(totals, failures)

    def _import_venue(self, venue_id: str) -> None:
        totals: Counter[str] = Counter()
        try:
            for batch in OPENREVIEW.venue(venue_id):
                counts = import_records(records=batch.records)
                totals.update(_totals(counts, batch))
        except ClientError as error:
            raise CommandError(
                f"{error} {totals.total():,} papers were read before; run it again to go on."
            ) from error
        if not totals.total():
            raise CommandError(f"OpenReview has no papers of the venue {venue_id}.")
        self._sum_up(totals, [])

    def _with_bar(self, items: list[Any]) -> Iterable[Any]:
        # None: no bar where nobody watches.
        return tqdm(items, unit="day", file=sys.stderr, disable=None)

    def _sum_up(self, totals: Counter[str], failures: list[str]) -> None:
        for name in ("days", "created", "updated", "unchanged", "skipped"):
            if name == "days" and name not in totals:
                continue
            self.stdout.write(f"{name:<10}{totals[name]:>9,}")
        if not failures:
            return
        self.stdout.write(f"{'failed':<10}{len(failures):>9,}")
        shown = "\n".join(f"  {each}" for each in failures[:_SHOWN_FAILURES])
        more = len(failures) - _SHOWN_FAILURES
        raise CommandError(
            f"{len(failures)} of {totals['days']} days were not imported:\n{shown}"
            + (f"\n  and {more} more" if more > 0 else "")
        )


def _perform(feed: PaperFeed, day: date, *, patience: timedelta) -> ImportRun:
    """Perform the day's run from the start, waiting so long for a service that is busy."""
    run, _ = ImportRun.objects.get_or_create(source=feed.key, day=day)
    if not import_runs.run_again(run):
        run.error = "A worker is at it right now."
        return run
    while True:
        import_runs.perform(run.pk)
        run.refresh_from_db()
        if run.state != ImportRun.State.WAITING or not run.error:
            return run
        wait = import_runs.time_until_due(run)
        patience -= wait
        if patience < timedelta():
            return run
        time.sleep(wait.total_seconds())


def _totals(counts: ImportCounts, batch: Batch) -> dict[str, int]:
    return {
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "skipped": len(counts.skipped) + len(batch.skipped),
    }


def _counts(run: ImportRun) -> dict[str, int]:
    return {
        "created": run.created_count,
        "updated": run.updated_count,
        "unchanged": run.unchanged_count,
        "skipped": run.skipped_count,
    }


def _span(feed: PaperFeed, since: date | None, until: date | None) -> list[date]:
    if since is None:
        raise CommandError("Say from when on: --since 2026-11-01, or --today.")
    today = feed.current_day(timezone.now())
    until = until or today
    if until < since:
        raise CommandError(f"--until {until} is before --since {since}.")
    if since > today:
        raise CommandError(f"--since {since} is in the future.")
    number = (min(until, today) - since).days + 1
    if number > MAX_DAYS:
        raise CommandError(f"That is {number:,} days; the most at once is {MAX_DAYS:,}.")
    return [since + timedelta(days=passed) for passed in range(number)]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day; write it like 2026-11-20") from None
