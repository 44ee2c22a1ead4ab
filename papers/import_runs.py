"""Imports of a day: who is at it, and how it went. `papers.import_days` says which days.

Postgres holds the questions, and every function here may be called late, twice or by two
workers at once. A run is claimed for a lease; a worker that outlives its lease finds
its claim gone, and its work is rolled back with the claim's check.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from common import due_work
from common.fetching import Validators
from papers.clients.errors import ClientError, MalformedAnswerError, UnavailableError
from papers.importing import ImportCounts, import_records
from papers.models import ImportRun, Paper

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from papers.clients.records import Batch, SkippedEntry
    from papers.sources.source import FeedDay

logger = logging.getLogger(__name__)

# Longer than a task may take, so that nobody takes over from somebody still at work.
LEASE = timedelta(seconds=150)
REFRESH_EVERY = timedelta(hours=1)
# A day that should have brought papers is believed to be empty after so many answers.
EMPTY_ANSWERS = 3
# About a day and a half of "not now" before somebody should look.
MAX_AWAY = 200
LONGEST_PAUSE = 20  # times IMPORT_RETRY_SECONDS
# In a row; the source's other days are then left in peace until the next sweep.
REFUSALS_A_SWEEP = 3
SKIPPED_KEPT = 100

_random = SystemRandom()


class LostClaimError(Exception):
    """Somebody else has taken the run over; what we did for it must not stay."""


@dataclass(frozen=True, slots=True)
class _Next:
    """What becomes of a run after an asking."""

    state: str
    pause: timedelta | None = None


def sweep() -> int:
    """Take up the runs that are due, the newest day first. Return how many were performed."""
    due = ImportRun.objects.due().order_by("-day", "source").values_list("pk", "source")
    refusals: Counter[str] = Counter()
    performed = 0
    for run_id, source in due_work.in_time(list(due)):
        if refusals[source] >= REFUSALS_A_SWEEP:
            continue
        run = perform(run_id)
        if run is not None:
            performed += 1
            refusals[source] = refusals[source] + 1 if run.away_count else 0
    return performed


def perform(run_id: int) -> ImportRun | None:
    """Import the run's day, if it is due and nobody is at it. Return how it stands then."""
    run = claim(run_id)
    if run is None:
        return None
    try:
        known = partial(Paper.objects.known, run.feed.of.key)
        batch = run.feed.fetch_day(run.day, known=known, validators=_validators(run))
        _finish(run, batch)
    except LostClaimError:
        logger.warning("%s was taken over while we were at it.", run)
    except ClientError as error:
        _fail(run, error)
    except Exception as error:
        # A fault of ours, too, must end in the row, where somebody sees it.
        logger.exception("Importing %s failed.", run)
        _fail(run, error)
    run.refresh_from_db()
    return run


@transaction.atomic
def claim(run_id: int) -> ImportRun | None:
    """Take the run for the length of a lease, unless it is not due or somebody's.

    A run whose worker was lost counts that as a failure: it may be what killed it.
    """
    # Skipped, not waited for: who holds the row is finishing it.
    due = ImportRun.objects.due().select_for_update(skip_locked=True)
    run = due.filter(pk=run_id).first()
    if run is None:
        return None
    if run.state == ImportRun.State.RUNNING:
        run.attempts += 1
        if run.attempts >= due_work.MAX_ATTEMPTS:
            _bury(run, f"Its worker was lost {run.attempts} times in a row.")
            return None
    ImportRun.objects.filter(pk=run.pk).update(
        state=ImportRun.State.RUNNING,
        attempts=run.attempts,
        claim_count=F("claim_count") + 1,
        lease_until=Now() + LEASE,
        started_at=Now(),
        finished_at=None,
    )
    run.refresh_from_db()
    return run


def run_again(run: ImportRun) -> bool:
    """Have a run performed once more from the start. False if somebody is at it."""
    running = ImportRun.objects.filter(
        pk=run.pk, state=ImportRun.State.RUNNING, lease_until__gte=Now()
    )
    idle = ImportRun.objects.filter(pk=run.pk).exclude(pk__in=running.values("pk"))
    return bool(
        idle.update(
            state=ImportRun.State.WAITING,
            due_at=Now(),
            lease_until=None,
            attempts=0,
            away_count=0,
            empty_count=0,
            created_count=0,
            updated_count=0,
            unchanged_count=0,
            skipped_count=0,
            skipped=[],
            error="",
            etag="",
            last_modified="",
        )
    )


def time_until_due(run: ImportRun) -> timedelta:
    """How long the run still waits, by the clock of the database."""
    now: datetime = ImportRun.objects.values_list(Now(), flat=True).get(pk=run.pk)
    return max(run.due_at - now, timedelta())


def _validators(run: ImportRun) -> Validators | None:
    if not run.etag and not run.last_modified:
        return None
    return Validators(etag=run.etag, last_modified=run.last_modified)


def _finish(run: ImportRun, batch: Batch) -> None:
    day = run.feed.day(run.day)
    if batch.not_modified:
        _close(run, _after_papers(day), error="")
    elif batch.records or batch.skipped:
        _import(run, batch, day)
    else:
        _take_as_empty(run, day)


def _import(run: ImportRun, batch: Batch, day: FeedDay) -> None:
    with transaction.atomic():
        _hold(run)
        counts = import_records(records=batch.records, has_extras=run.feed.has_extras)
        if not counts.paper_count:
            raise MalformedAnswerError(
                "None of the entries can be used. "
                f"The first {_reasons((*batch.skipped, *counts.skipped))[0]['reason']}."
            )
        _close(
            run,
            _after_papers(day),
            error="",
            etag=batch.etag[:200],
            last_modified=batch.last_modified[:100],
            **_counted(counts, batch.skipped),
        )


def _counted(counts: ImportCounts, skipped: Iterable[SkippedEntry]) -> dict[str, Any]:
    reasons = _reasons((*skipped, *counts.skipped))
    return {
        # A day that grows is imported many times.
        "created_count": F("created_count") + counts.created,
        "updated_count": F("updated_count") + counts.updated,
        "unchanged_count": counts.unchanged,
        "skipped_count": len(reasons),
        "skipped": reasons[:SKIPPED_KEPT],
    }


def _reasons(skipped: Iterable[SkippedEntry]) -> list[dict[str, str]]:
    return [
        {"entry": each.external_id or f"no. {each.position + 1}", "reason": each.reason[:300]}
        for each in skipped
    ]


def _after_papers(day: FeedDay) -> _Next:
    left = day.closes_at - timezone.now()
    if day.grows and left > timedelta():
        return _Next(ImportRun.State.WAITING, min(REFRESH_EVERY, left))
    return _Next(ImportRun.State.DONE)


def _take_as_empty(run: ImportRun, day: FeedDay) -> None:
    """Believe that the day is empty only when it may be, or once it is long over."""
    if run.created_count or run.updated_count or run.unchanged_count:
        raise MalformedAnswerError("The day had papers before, and now the answer is empty.")
    left = day.closes_at - timezone.now()
    if not day.should_bring_papers:
        then = _Next(ImportRun.State.EMPTY)
    elif left > timedelta():
        then = _Next(ImportRun.State.WAITING, min(REFRESH_EVERY, left))
    elif run.empty_count + 1 < EMPTY_ANSWERS:
        then = _Next(ImportRun.State.WAITING, _pause(run.empty_count + 1))
    else:
        then = _Next(ImportRun.State.EMPTY)
    # While the day lasts an empty answer is no evidence yet.
    empty_count = 0 if left > timedelta() else run.empty_count + 1
    _close(run, then, error="", empty_count=empty_count)


def _fail(run: ImportRun, error: Exception) -> None:
    reason = str(error) if isinstance(error, ClientError) else f"{type(error).__name__}: {error}"
    try:
        if isinstance(error, UnavailableError):
            _wait_for_service(run, reason, error.retry_after)
        elif isinstance(error, ClientError) and not error.is_retryable:
            _bury(run, reason)
        else:
            _count_failure(run, reason)
    except LostClaimError:
        logger.warning("%s was taken over before it failed.", run)


def _wait_for_service(run: ImportRun, reason: str, retry_after: float | None) -> None:
    """Come back later. Not the run's failure, or one bad night would bury all its days."""
    away_count = run.away_count + 1
    if away_count >= MAX_AWAY:
        _bury(run, reason)
        return
    pause = max(_pause(away_count), timedelta(seconds=retry_after or 0))
    then = _Next(ImportRun.State.WAITING, pause)
    _close(run, then, error=reason, away_count=away_count)


def _count_failure(run: ImportRun, reason: str) -> None:
    attempts = run.attempts + 1
    if attempts >= due_work.MAX_ATTEMPTS:
        _bury(run, reason, attempts=attempts)
        return
    then = _Next(ImportRun.State.WAITING, _pause(attempts))
    _close(run, then, error=reason, attempts=attempts)


def _bury(run: ImportRun, reason: str, **changes: Any) -> None:
    _close(run, _Next(ImportRun.State.DEAD), error=reason, **{"attempts": run.attempts} | changes)
    logger.error("%s is given up: %s", run, reason)


def _pause(number: int) -> timedelta:
    """Twice as long each time, and never the same for two that failed together."""
    factor = min(2.0 ** (number - 1), LONGEST_PAUSE) * _random.uniform(0.75, 1.25)
    return timedelta(seconds=settings.IMPORT_RETRY_SECONDS * factor)


def _hold(run: ImportRun) -> None:
    """Lock the run while we write for it, or raise `LostClaimError`."""
    ours = ImportRun.objects.filter(
        pk=run.pk, state=ImportRun.State.RUNNING, claim_count=run.claim_count
    )
    if not ours.select_for_update().values_list("pk").first():
        raise LostClaimError


def _close(run: ImportRun, then: _Next, *, error: str, **changes: Any) -> None:
    """End our claim. Failures in a row end with it, unless the changes say otherwise."""
    ours = ImportRun.objects.filter(
        pk=run.pk, state=ImportRun.State.RUNNING, claim_count=run.claim_count
    )
    fields: dict[str, Any] = {"attempts": 0, "away_count": 0, "empty_count": 0}
    if error:
        # What failed in one way has not recovered from the others.
        fields = {}
    updated = ours.update(
        state=then.state,
        due_at=Now() + then.pause if then.pause else Now(),
        lease_until=None,
        finished_at=Now(),
        error=error[:2_000].replace("\0", "\ufffd"),
        **fields | changes,
    )
    if not updated:
        raise LostClaimError
